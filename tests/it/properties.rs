//! What must hold of every conversation, whoever speaks when.

use std::sync::atomic::AtomicBool;

use keicho::asr::{Heard, NoText, Transcriber};
use keicho::audio::{BLOCK_DURATION, Block, PerTrack, SILENCE, Track};
use keicho::language::Language;
use keicho::records::{CallRecord, Origin};
use keicho::report::summary::Summary;
use keicho::session::{Event, RecoveryPoint, Session, SessionSetup, Snapshot, Unpaced, drive, recover_ending};
use keicho::source::file::FileSource;
use keicho::source::{Source, SourceError};
use keicho::time::{SampleTime, Samples};
use keicho::wire;
use proptest::prelude::*;
use serde_json::Value;

use crate::support::doubles::record::replayed_call;
use crate::support::doubles::transcriber::{ScriptedTranscriber, heard};
use crate::support::doubles::wav::{Depth, wav};
use crate::support::sample;

/// Who speaks in each step.
type Steps = Vec<PerTrack<bool>>;

/// A conversation without sound.
struct Flags {
    steps: std::vec::IntoIter<PerTrack<bool>>,
    now: SampleTime,
}

impl Source for Flags {
    fn next(&mut self) -> Result<Option<Block>, SourceError> {
        let Some(speech) = self.steps.next() else { return Ok(None) };
        let pcm = PerTrack { me: SILENCE, them: SILENCE };
        let block = Block { start: self.now, pcm, lost: PerTrack::default(), speech: Some(speech) };
        self.now += BLOCK_DURATION;
        Ok(Some(block))
    }
}

type Journal = Vec<(SampleTime, Event)>;

fn hear(source: &mut dyn Source, desk: Box<dyn Transcriber>) -> (Journal, Snapshot) {
    let mut journal = Journal::new();
    let mut session = Session::new(&SessionSetup::default(), desk);
    drive(source, &mut session, &mut Unpaced, &AtomicBool::new(false), &mut journal).unwrap();
    (journal, session.snapshot())
}

fn hear_flags(steps: Steps, desk: Box<dyn Transcriber>) -> (Journal, Snapshot) {
    hear(&mut Flags { steps: steps.into_iter(), now: SampleTime::ZERO }, desk)
}

/// The verdicts of the floor that stand at the end, sorted, as the files write them.
fn verdicts(journal: &Journal) -> Vec<String> {
    let mut standing: Vec<String> = Vec::new();
    for (_, event) in journal {
        match event {
            Event::Turn(_) => {
                standing.push(format!("{} {}", wire::event_kind(event), wire::encode_event_fields(event)))
            }
            Event::Withdrawn(turn) => {
                let was = Event::Turn(turn.clone());
                let line = format!("{} {}", wire::event_kind(&was), wire::encode_event_fields(&was));
                let at = standing.iter().rposition(|one| *one == line).expect("only what was told is withdrawn");
                standing.remove(at);
            }
            _ => {}
        }
    }
    standing.sort();
    standing
}

fn summary(journal: &Journal) -> Value {
    let info = CallRecord { origin: Origin::Transcript, ..replayed_call() };
    serde_json::to_value(Summary::from_journal(&info, journal, Language::En)).unwrap()
}

/// One side's runs and the gaps before them, in steps.
fn side() -> impl Strategy<Value = Vec<(usize, usize)>> {
    let gap = prop_oneof![5_usize..60, 60_usize..150, 150_usize..900];
    let run = prop_oneof![4_usize..30, 20_usize..110, 80_usize..800];
    proptest::collection::vec((gap, run), 0..14)
}

fn steps(me: &[(usize, usize)], them: &[(usize, usize)]) -> Steps {
    let flags = |runs: &[(usize, usize)]| -> Vec<bool> {
        runs.iter().flat_map(|(gap, run)| [vec![false; *gap], vec![true; *run]].concat()).collect()
    };
    let (me, them) = (flags(me), flags(them));
    let at = |of: &[bool], i: usize| of.get(i).copied().unwrap_or(false);
    (0..me.len().max(them.len()) + 100).map(|i| PerTrack { me: at(&me, i), them: at(&them, i) }).collect()
}

/// The floor has one holder, and of two who begin in the same 10 ms it goes to one.
fn no_two_begin_at_once(me: &[(usize, usize)], them: &[(usize, usize)]) -> bool {
    let begins = |runs: &[(usize, usize)]| -> Vec<usize> {
        let mut at = 0;
        runs.iter().map(|(gap, run)| (at + gap, at += gap + run).0).collect()
    };
    let theirs = begins(them);
    begins(me).iter().all(|mine| !theirs.contains(mine))
}

const SAID: [&str; 5] =
    ["はい", "うんうん、なるほど", "いや、それは違うと思います", "最近どうですか？", "えーと、そうですね、まあ"];

/// A text for every run of the floor, one of [`SAID`] by the numbers in `which`.
fn texts(journal: &Journal, which: &[usize]) -> Vec<Heard> {
    let runs = journal.iter().filter_map(|(_, event)| match event {
        Event::Turn(keicho::turns::TurnEvent::Run { track, span }) => Some((*track, *span)),
        _ => None,
    });
    let texts = |(i, (track, span))| heard(track, vec![span], SAID[which.get(i).copied().unwrap_or(0)], Language::Ja);
    runs.enumerate().map(texts).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn who_is_called_me_changes_nothing_of_the_floor(me in side(), them in side()) {
        prop_assume!(no_two_begin_at_once(&me, &them));
        let (journal, _) = hear_flags(steps(&me, &them), Box::new(NoText::default()));
        let (swapped, _) = hear_flags(steps(&them, &me), Box::new(NoText::default()));
        let renamed = |line: &String| line.replace("\"me\"", "\"?\"").replace("\"them\"", "\"me\"").replace("\"?\"", "\"them\"");
        let mut renamed: Vec<String> = verdicts(&swapped).iter().map(renamed).collect();
        renamed.sort();
        prop_assert_eq!(verdicts(&journal), renamed);
    }

    #[test]
    fn a_call_that_begins_later_is_the_same_call(me in side(), them in side(), later in 1_usize..700) {
        let steps = steps(&me, &them);
        let shifted = [vec![PerTrack::default(); later], steps.clone()].concat();
        let (journal, _) = hear_flags(steps, Box::new(NoText::default()));
        let (shifted, _) = hear_flags(shifted, Box::new(NoText::default()));
        let told = |journal: &Journal, back: usize| -> Vec<(u64, &'static str, u64)> {
            let back = Samples::new(back as u64 * BLOCK_DURATION.count());
            let of = |(at, event): &(SampleTime, Event)| match event {
                Event::Turn(turn) => Some((at.saturating_sub(back).as_ms(), wire::event_kind(event), turn.start().saturating_sub(back).as_ms())),
                _ => None,
            };
            journal.iter().filter_map(of).collect()
        };
        prop_assert_eq!(told(&journal, 0), told(&shifted, later));
    }

    #[test]
    fn counts_are_the_events_that_stand_whatever_the_texts_say(
        me in side(),
        them in side(),
        which in proptest::collection::vec(0..SAID.len(), 30),
        late in 0_u64..14_000,
    ) {
        let (bare, _) = hear_flags(steps(&me, &them), Box::new(NoText::default()));
        let desk = ScriptedTranscriber::new(texts(&bare, &which), Samples::from_ms(late));
        let (journal, snapshot) = hear_flags(steps(&me, &them), Box::new(desk));
        let standing = verdicts(&journal);
        let count = |kind: &str, who: &str| {
            let by = format!("\"by\":\"{who}\"");
            standing.iter().filter(|line| line.starts_with(&format!("{kind} ")) && line.contains(&by)).count()
        };
        for (track, who) in [(Track::Me, "me"), (Track::Them, "them")] {
            prop_assert_eq!(snapshot.counts.interruptions()[track] as usize, count("interruption", who));
            prop_assert_eq!(snapshot.counts.backchannels[track] as usize, count("backchannel", who));
            prop_assert_eq!(snapshot.counts.terminal_overlaps[track] as usize, count("terminal_overlap", who));
        }
        let summary = summary(&journal);
        let of = |name: &str| summary[name].as_array().unwrap().len();
        let interruptions = snapshot.counts.interruptions();
        prop_assert_eq!(of("interruptions"), (interruptions.me + interruptions.them) as usize);
        prop_assert_eq!(of("silences"), snapshot.counts.silences as usize);
        prop_assert_eq!(of("long_overlaps"), snapshot.counts.long_overlaps as usize);
        // Of a side that talked for less than a second no share is stated.
        let is_heard = |who: &str| summary["talk"][who]["speech_ms"].as_u64().unwrap() >= 1_000;
        let share = &summary["talk"]["me"]["share"];
        prop_assert_eq!(share.as_f64().is_some(), is_heard("me") && is_heard("them"));
        prop_assert!(share.is_null() || snapshot.call_share.is_some());
    }

    #[test]
    fn speech_and_silence_are_the_elapsed_time(me in side(), them in side()) {
        let (journal, _) = hear_flags(steps(&me, &them), Box::new(NoText::default()));
        let summary = summary(&journal);
        let ms = |of: &Value| of.as_u64().unwrap();
        let spoken = ms(&summary["coverage"]["speech_ms"]) - ms(&summary["talk"]["overlap_ms"]);
        prop_assert_eq!(spoken + ms(&summary["talk"]["silence_ms"]), ms(&summary["call"]["duration_ms"]));
    }

    #[test]
    fn a_call_that_is_cut_off_comes_to_what_it_comes_to_where_it_is_stopped(
        me in side(),
        them in side(),
        which in proptest::collection::vec(0..SAID.len(), 30),
        late in 0_u64..14_000,
        cut in 0_usize..6_000,
    ) {
        let mut steps = steps(&me, &them);
        let (bare, _) = hear_flags(steps.clone(), Box::new(NoText::default()));
        steps.truncate(cut);
        let (end, late) = (SampleTime::ZERO + Samples::new(steps.len() as u64 * BLOCK_DURATION.count()), Samples::from_ms(late));
        let mut heard = texts(&bare, &which);
        heard.retain(|one| one.span().end + late <= end);
        let mut session = Session::new(&SessionSetup::default(), Box::new(ScriptedTranscriber::new(heard, late)));
        let (mut stopped, mut source) = (Journal::new(), Flags { steps: steps.into_iter(), now: SampleTime::ZERO });
        while let Some(block) = source.next().unwrap() {
            session.step(block, &mut stopped);
        }
        let mut cut_off = stopped.clone();
        cut_off.extend(recover_ending(&stopped, &RecoveryPoint::from_snapshot(&session.snapshot())));
        session.finish(&mut stopped);
        prop_assert_eq!(verdicts(&cut_off), verdicts(&stopped));
        prop_assert_eq!(summary(&cut_off), summary(&stopped));
    }

    #[test]
    fn text_moves_the_talk_by_no_more_than_the_utterances_that_it_names(
        me in side(),
        them in side(),
        which in proptest::collection::vec(0..SAID.len(), 30),
    ) {
        let (bare, _) = hear_flags(steps(&me, &them), Box::new(NoText::default()));
        let desk = ScriptedTranscriber::new(texts(&bare, &which), Samples::from_ms(1_000));
        let (journal, _) = hear_flags(steps(&me, &them), Box::new(desk));
        let runs = |journal: &Journal| verdicts(journal).into_iter().filter(|line| line.starts_with("speech ")).collect::<Vec<_>>();
        prop_assert_eq!(runs(&bare), runs(&journal));
        let (before, after) = (summary(&bare), summary(&journal));
        let backchannels = |of: &Value| -> u64 {
            of["backchannels"].as_array().unwrap().iter().map(|one| one["end_ms"].as_u64().unwrap() - one["start_ms"].as_u64().unwrap()).sum()
        };
        let talk = |of: &Value| of["talk"]["me"]["speech_ms"].as_u64().unwrap() + of["talk"]["them"]["speech_ms"].as_u64().unwrap();
        prop_assert!(talk(&before).abs_diff(talk(&after)) <= backchannels(&before) + backchannels(&after));
    }
}

#[test]
fn a_call_is_the_same_in_other_files_and_other_pieces() {
    let mut flac = sample::source();
    let mut pcm = PerTrack::<Vec<f64>>::default();
    while let Some(block) = flac.next().unwrap() {
        for track in Track::BOTH {
            pcm[track].extend(block.pcm[track].iter().map(|sample| f64::from(*sample) / 32_768.0));
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, channels: &[Vec<f64>]| {
        let path = folder.path().join(name);
        std::fs::write(&path, wav(16_000, Depth::I16, channels)).unwrap();
        path
    };
    let both = write("both.wav", &[pcm.me.clone(), pcm.them.clone()]);
    let (me, them) = (write("me.wav", &[pcm.me]), write("them.wav", &[pcm.them]));
    let told = |source: &mut dyn Source| hear(source, Box::new(NoText::default())).0;
    let mut flac = sample::source();
    let whole = told(&mut flac);
    assert!(whole.len() > 100);
    assert_eq!(whole, told(&mut FileSource::open(&both, None).unwrap()));
    assert_eq!(whole, told(&mut FileSource::open(&me, Some(&them)).unwrap()));
}
