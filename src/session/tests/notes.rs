//! What is written down in a call, and what the call is for.

use super::script::Script;
use super::*;
use crate::agenda::{Action, AgendaError, ItemState, MAX_NOTES, Note, Notes, OpenAction};
use crate::session::Aim;

const OPEN: ItemState = ItemState::Open;
const DONE: ItemState = ItemState::Done;

fn left_open(text: &str, owner: Track) -> OpenAction {
    OpenAction { text: text.to_owned(), owner }
}

fn with_open(open: impl IntoIterator<Item = OpenAction>) -> SessionSetup {
    SessionSetup { notes: Notes::new(open), ..SessionSetup::default() }
}

fn add(text: &str, owner: Option<Track>) -> Command {
    Command::AddNote { text: text.to_owned(), owner }
}

/// Who is to do what and how it stands, in the order of the list.
fn list(of: &Snapshot) -> Vec<(&str, Option<Track>, Option<ItemState>)> {
    let row = |note: &Note| (note.action.map(|action| action.owner), note.action.map(|action| action.state));
    of.notes.iter().map(|note| (note.text.as_str(), row(note).0, row(note).1)).collect()
}

#[test]
fn what_is_written_down_is_told_with_its_moment_and_what_was_left_open_is_there_from_the_first() {
    let told = Script::silent_call(60)
        .with(with_open([left_open("研修の申し込み", Track::Them)]))
        .at(10.0, add(" 来月から育休 ", None))
        .at(20.0, add("評価の資料を送る", Some(Track::Me)))
        .at(30.0, Command::SetAction { id: 1, state: DONE })
        .at(31.0, Command::SetAction { id: 1, state: DONE })
        .at(32.0, Command::SetAction { id: 2, state: DONE })
        .at(33.0, add("  ", None))
        .run();
    let action = |owner, state| Some(Action { owner, state });
    let note = |id, at, text: &str, action, carried| {
        Event::Note(Note { id, at: SampleTime::from_ms(at), text: text.to_owned(), action, carried })
    };
    assert_eq!(
        told.asked_for(),
        [
            (0, note(1, 0, "研修の申し込み", action(Track::Them, OPEN), true)),
            (10_000, note(2, 10_000, "来月から育休", None, false)),
            (20_000, note(3, 20_000, "評価の資料を送る", action(Track::Me, OPEN), false)),
            (30_000, note(1, 0, "研修の申し込み", action(Track::Them, DONE), true)),
        ]
    );
    let refused = [AgendaError::NoSuchAction, AgendaError::NoteText].map(CommandError::Agenda);
    assert_eq!(told.refused, refused, "a note is nothing to tick");
    assert_eq!(list(told.end()).len(), 3);
}

#[test]
fn a_page_of_notes_fits_beside_what_was_left_open() {
    let open = (0..30).map(|number| left_open(&format!("{number}"), Track::Me));
    let mut script = Script::silent_call(10).with(with_open(open));
    for _ in 0..=MAX_NOTES {
        script = script.at(1.0, add("x", None));
    }
    let told = script.run();
    assert_eq!(told.refused, [CommandError::Agenda(AgendaError::NotesFull)]);
    assert_eq!(told.end().notes.len(), 20 + MAX_NOTES, "of what was left open, the oldest 20");
}

#[test]
fn off_the_record_takes_what_was_written_in_it_and_leaves_ticks() {
    let told = Script::silent_call(200)
        .with(with_open([left_open("研修の申し込み", Track::Them)]))
        .at(20.0, add("before", Some(Track::Me)))
        .at(80.0, add("during", None))
        .at(84.0, Command::SetAction { id: 1, state: DONE })
        .at(100.0, Command::OffRecord { last: Samples::from_secs(60), next: Samples::from_secs(10) })
        .at(105.0, add("meanwhile", None))
        .at(120.0, add("after", None))
        .run();
    assert_eq!(told.refused, [CommandError::OffRecord]);
    let (me, them) = (Some(Track::Me), Some(Track::Them));
    let left = [("研修の申し込み", them, Some(DONE)), ("before", me, Some(OPEN)), ("after", None, None)];
    assert_eq!(list(told.end()), left);
    let says = |word: &str| told.journal.iter().any(|(_, event)| format!("{event:?}").contains(word));
    assert!(says("before") && !says("during") && !says("meanwhile"));
    let ticked = |(_, event): &&(SampleTime, Event)| matches!(event, Event::Note(note) if note.id == 1);
    assert_eq!(told.journal.iter().filter(ticked).count(), 2, "open at first, then ticked");
}

fn aim(mode: Mode, target: f64) -> Aim {
    Aim { mode, target }
}

fn set_aim(mode: Mode, own_target: Option<f64>) -> Command {
    Command::SetAim { mode, own_target }
}

#[test]
fn another_purpose_is_told_when_it_is_chosen() {
    let told = Script::silent_call(60)
        .at(10.0, set_aim(Mode::Listening, None))
        .at(20.0, set_aim(Mode::Feedback, None))
        .at(30.0, set_aim(Mode::Feedback, Some(0.25)))
        .run();
    let listening = aim(Mode::Listening, Mode::Listening.target());
    let feedback = aim(Mode::Feedback, Mode::Feedback.target());
    let own = aim(Mode::Feedback, 0.25);
    let change = |from, to| Event::Aim { from, to };
    assert_eq!(told.asked_for(), [(20_000, change(listening, feedback)), (30_000, change(feedback, own))]);
}

#[test]
fn a_purpose_that_was_chosen_off_the_record_is_told_once_it_is_over() {
    let off = |at| (at, Command::OffRecord { last: Samples::from_secs(60), next: Samples::from_secs(20) });
    let (at, command) = off(100.0);
    let told = Script::silent_call(200)
        .at(90.0, set_aim(Mode::Coaching, None))
        .at(at, command)
        .at(110.0, set_aim(Mode::Teaching, None))
        .run();
    let listening = aim(Mode::Listening, Mode::Listening.target());
    let teaching = aim(Mode::Teaching, Mode::Teaching.target());
    let changes: Vec<_> =
        told.asked_for().into_iter().filter(|(_, event)| matches!(event, Event::Aim { .. })).collect();
    assert_eq!(changes, [(120_000, Event::Aim { from: listening, to: teaching })]);
}

/// A call of one block, which is stopped once it is over; the purpose changes in between.
struct LastBlock {
    stopped: Cell<bool>,
    looked: Cell<bool>,
    asked: RefCell<Option<CommandRequest>>,
}

impl Source for &LastBlock {
    fn next(&mut self) -> Result<Option<Block>, SourceError> {
        self.stopped.set(true);
        let (pcm, lost) = (PerTrack { me: SILENCE, them: SILENCE }, PerTrack::default());
        Ok(Some(Block { start: SampleTime::ZERO, pcm, lost, speech: None }))
    }
}

impl Controls for LastBlock {
    fn stopped(&self) -> bool {
        self.stopped.get()
    }

    fn next_request(&self) -> Option<CommandRequest> {
        // The first look is before the block, the next after the end.
        if self.looked.replace(true) { self.asked.take() } else { None }
    }
}

#[test]
fn what_is_asked_in_the_last_block_is_told_before_the_call_ends() {
    let request = CommandRequest::new(set_aim(Mode::Teaching, None), |answer| answer.unwrap());
    let call = LastBlock { stopped: Cell::new(false), looked: Cell::new(false), asked: RefCell::new(Some(request)) };
    let mut session = Session::new(&SessionSetup::default(), Box::new(NoText::default()));
    let mut journal = Vec::new();
    drive(&mut &call, &mut session, &mut Unpaced, &call, &mut journal).unwrap();
    let kinds: Vec<&Event> = journal.iter().map(|(_, event)| event).collect();
    assert!(matches!(kinds[..], [Event::Aim { .. }, Event::Ended { .. }]), "{kinds:?}");
}
