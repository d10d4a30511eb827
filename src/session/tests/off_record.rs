use super::script::{Script, ScriptResult};
use super::*;
use crate::agenda::{Agenda, CheckIn, ItemState};
use crate::nudges::NudgeKind;

fn off_record(last: u64, next: u64) -> Command {
    Command::OffRecord { last: Samples::from_secs(last), next: Samples::from_secs(next) }
}

/// The one stretch that was told to be off the record.
fn stretch(told: &ScriptResult) -> Span {
    let spans: Vec<Span> = told
        .journal
        .iter()
        .filter_map(|(_, event)| match event {
            Event::OffRecord { span } => Some(*span),
            _ => None,
        })
        .collect();
    assert_eq!(spans.len(), 1, "{spans:?}");
    spans[0]
}

/// Two who talk in turn for three minutes, with words.
fn talk() -> Script {
    (0..18).fold(Script::silent_call(180), |script, i| {
        let at = f64::from(i) * 10.0;
        script
            .says(Track::Me, (at, at + 3.5), "最近どうですか？")
            .says(Track::Them, (at + 2.0, at + 2.6), "うん")
            .says(Track::Them, (at + 4.5, at + 7.0), "ええと、目標の話をしたいです")
            .me(&[(at + 6.0, at + 6.4)])
    })
}

#[test]
fn it_is_as_if_the_stretch_had_never_been_heard() {
    let script = talk().at(100.0, off_record(30, 20));
    let told = script.clone().run();
    let span = stretch(&told);
    assert!(span.start <= SampleTime::from_ms(70_000) && span.start >= SampleTime::from_ms(65_000), "{span:?}");
    assert_eq!(span.end, SampleTime::from_ms(120_000));
    let lost = script.without_commands().lost(span).run();
    assert_eq!(told.speech_events(), lost.speech_events());
    let figures =
        |of: &Snapshot| (of.talk, of.counts, of.tally, of.patience, of.shape, of.longest_turn, of.transcriber.coverage);
    assert_eq!(figures(told.end()), figures(lost.end()));
    assert_eq!((told.end().lost, told.end().not_heard), (PerTrack::default(), span.len()));
}

#[test]
fn while_it_lasts_nothing_is_heard_and_it_ends_by_itself_or_sooner() {
    let told = talk().at(50.0, off_record(0, 20)).run();
    assert_eq!(told.at(60.0).phase, SessionPhase::OffRecord);
    assert_eq!(told.at(60.0).off_record, Some(Span::new(stretch(&told).start, SampleTime::from_ms(70_000))));
    assert_eq!(told.at(70.0).phase, SessionPhase::OffRecord);
    assert_eq!(told.at(70.1).phase, SessionPhase::Live);
    let told = talk().at(50.0, off_record(0, 20)).at(55.0, Command::OnRecord).run();
    assert_eq!(stretch(&told).end, SampleTime::from_ms(55_000));
}

#[test]
fn asked_for_again_it_goes_on_and_back() {
    let told = talk().at(100.0, off_record(10, 20)).at(110.0, off_record(5, 30)).run();
    let span = stretch(&told);
    assert_eq!(span.end, SampleTime::from_ms(140_000));
    assert!(span.start <= SampleTime::from_ms(90_000));
    let told = talk().at(100.0, off_record(10, 20)).at(110.0, off_record(60, 30)).run();
    let further = stretch(&told);
    assert!(further.start <= SampleTime::from_ms(50_000) && further.start >= SampleTime::from_ms(45_000));
    assert_eq!(told.speech_events(), talk().lost(further).run().speech_events());
}

#[test]
fn another_time_may_reach_back_over_the_first() {
    let told = talk().at(100.0, off_record(10, 5)).at(130.0, off_record(60, 5)).run();
    let span = stretch(&told);
    assert!(span.start <= SampleTime::from_ms(70_000) && span.end == SampleTime::from_ms(135_000), "{span:?}");
    assert_eq!(told.speech_events(), talk().lost(span).run().speech_events());
}

#[test]
fn at_the_begin_of_a_call_all_of_it_is_erased() {
    let told = talk().at(40.0, off_record(120, 0)).run();
    assert_eq!(stretch(&told), Span::from_ms(0, 40_000));
}

#[test]
fn a_call_that_ends_off_the_record_says_so() {
    let told = talk().at(170.0, off_record(5, 600)).run();
    assert_eq!(stretch(&told).end, SampleTime::from_ms(180_000));
    assert!(matches!(told.journal.last(), Some((_, Event::Ended { .. }))));
}

#[test]
fn words_that_were_written_down_meanwhile_go_and_ticks_and_what_is_wanted_of_the_program_stay() {
    let setup = SessionSetup { agenda: Agenda::new(["来期の目標", "休暇"]).unwrap(), ..SessionSetup::default() };
    let told = talk()
        .with(setup)
        .at(20.0, Command::AddItem("before".to_owned()))
        .at(80.0, Command::AddItem("after".to_owned()))
        .at(81.0, Command::CheckIn(CheckIn::new(2, "眠い").unwrap()))
        .at(82.0, Command::MuteKind(NudgeKind::Share))
        .at(83.0, Command::Mute)
        .at(84.0, Command::SetItem { id: 1, state: ItemState::Done })
        .at(85.0, Command::SetItem { id: 4, state: ItemState::Done })
        .at(100.0, off_record(60, 10))
        .at(105.0, Command::AddItem("meanwhile".to_owned()))
        .at(106.0, Command::Snooze(Samples::from_secs(60)))
        .run();
    assert_eq!(told.refused, [CommandError::OffRecord]);
    let end = told.end();
    let agenda: Vec<_> = end.agenda.iter().map(|item| (&*item.text, item.state)).collect();
    let (open, done) = (ItemState::Open, ItemState::Done);
    assert_eq!(agenda, [("来期の目標", done), ("休暇", open), ("before", open)]);
    assert_eq!(end.check_in, None);
    assert_eq!(end.nudge_preferences.muted_kinds, [NudgeKind::Share]);
    assert!(told.at(120.0).nudge_preferences.snoozed_until.is_some() && end.muted);
    let after: Vec<_> = told.asked_for().into_iter().filter(|(at, _)| *at > 35_000).collect();
    let ticked = Event::Agenda { id: 1, text: "来期の目標".to_owned(), state: done };
    let off = Event::OffRecord { span: stretch(&told) };
    assert_eq!(after, [(100_000, ticked), (110_000, off), (110_000, Event::Muted)]);
}

#[test]
fn a_tick_is_kept_however_often_it_is_asked_for() {
    let setup = SessionSetup { agenda: Agenda::new(["来期の目標"]).unwrap(), ..SessionSetup::default() };
    let tick = Command::SetItem { id: 1, state: ItemState::Done };
    let told = talk().with(setup).at(80.0, tick).at(100.0, off_record(30, 20)).at(110.0, off_record(60, 5)).run();
    assert_eq!(told.end().agenda[0].state, ItemState::Done);
    let ticks = told.asked_for().into_iter().filter(|(at, event)| *at > 0 && matches!(event, Event::Agenda { .. }));
    assert_eq!(ticks.map(|(at, _)| at).collect::<Vec<_>>(), [110_000], "and told once");
}

#[test]
fn a_pause_goes_on_after_it() {
    let told = talk().at(50.0, Command::Pause).at(60.0, off_record(30, 10)).at(90.0, Command::Resume).run();
    assert_eq!((told.at(65.0).phase, told.at(75.0).phase), (SessionPhase::OffRecord, SessionPhase::Paused));
    let span = stretch(&told);
    let asked = [(70_000, Event::OffRecord { span }), (70_000, Event::Paused), (90_000, Event::Resumed)];
    assert_eq!(told.asked_for(), asked);
}

#[test]
fn an_offer_of_erased_words_is_gone() {
    let setup = SessionSetup { agenda: Agenda::new(["育成計画"]).unwrap(), ..SessionSetup::default() };
    let script = Script::silent_call(120).with(setup).says(Track::Them, (20.0, 22.0), "育成計画の話");
    let script = script.says(Track::Me, (100.0, 102.0), "そういえば");
    assert!(script.clone().run().end().agenda[0].offered);
    assert!(!script.at(30.0, off_record(15, 5)).run().end().agenda[0].offered);
}

/// What a call with sound comes to where it goes off the record, and where that stretch was lost from the start.
#[test]
fn with_sound_it_is_as_if_lost_but_for_the_edge() {
    let blocks = || {
        let mut source = sample();
        std::iter::from_fn(move || source.next().unwrap())
    };
    let mut events: Vec<(SampleTime, Event)> = Vec::new();
    let desk = Slow::default();
    let mut session = Session::new(&SessionSetup::default(), Box::new(desk.clone()));
    for block in blocks() {
        if block.start == SampleTime::from_ms(60_000) {
            session.execute(off_record(20, 10), &mut events).unwrap();
        }
        session.step(block, &mut events);
    }
    session.finish(&mut events);
    let (end, off) = events
        .iter()
        .find_map(|(at, event)| match event {
            Event::OffRecord { span } => Some((*at, *span)),
            _ => None,
        })
        .unwrap();
    assert_eq!(end, SampleTime::from_ms(70_000));
    assert!(off.start <= SampleTime::from_ms(40_000) && off.start >= SampleTime::from_ms(34_500), "{off:?}");
    let mut lost: Vec<(SampleTime, Event)> = Vec::new();
    let mut session = Session::new(&SessionSetup::default(), Box::new(NoText::default()));
    for mut block in blocks() {
        if off.contains(block.start) {
            (block.pcm, block.lost) = (PerTrack { me: SILENCE, them: SILENCE }, PerTrack { me: true, them: true });
        }
        session.step(block, &mut lost);
    }
    session.finish(&mut lost);
    let runs = |events: &[(SampleTime, Event)]| -> Vec<(Track, Span)> {
        events
            .iter()
            .filter_map(|(_, event)| match event {
                Event::Turn(TurnEvent::Run { track, span }) => Some((*track, *span)),
                _ => None,
            })
            .collect()
    };
    let (erased, lost) = (runs(&events), runs(&lost));
    assert!(erased.iter().all(|(_, run)| run.intersection(off).is_empty()));
    assert!(erased.iter().any(|(_, run)| run.start > off.end), "it is heard again");
    // The detectors have heard what is erased, and their levels with it: a run's edge may lie elsewhere.
    let sum = |runs: &[(Track, Span)]| runs.iter().map(|(_, run)| run.len().as_ms()).sum::<u64>();
    assert!(sum(&erased).abs_diff(sum(&lost)) <= 500, "{} and {} ms of speech", sum(&erased), sum(&lost));
}

/// Amid a run, a block after a checkpoint: what was said of it is at the desk's door, and in the detectors.
#[test]
fn no_sound_of_it_comes_to_the_desk_any_more() {
    let mut events: Vec<(SampleTime, Event)> = Vec::new();
    let desk = Slow::default();
    let mut session = Session::new(&SessionSetup::default(), Box::new(desk.clone()));
    let (mut source, mut before) = (sample(), 0);
    while let Some(block) = source.next().unwrap() {
        if block.start == SampleTime::from_ms(45_010) {
            before = desk.utterances.borrow().len();
            session.execute(off_record(0, 0), &mut events).unwrap();
        }
        session.step(block, &mut events);
    }
    session.finish(&mut events);
    let off = events.iter().find_map(|(_, event)| match event {
        Event::OffRecord { span } => Some(*span),
        _ => None,
    });
    let off = off.unwrap();
    assert!(off.len() < Samples::from_ms(500) && off.end == SampleTime::from_ms(45_010), "{off:?}");
    let utterances = desk.utterances.borrow();
    let soon = |one: &Utterance| one.span.start < SampleTime::from_ms(45_500);
    assert!(utterances[before..].iter().any(soon), "speech goes on, and is heard");
    for one in &utterances[before..] {
        assert!(!one.pcm.is_empty(), "{:?} of {:?}", one.span, one.runs);
        assert!(one.runs.iter().all(|run| run.intersection(off).is_empty() && run.start >= off.end), "{:?}", one.runs);
        let first = (one.span.start - SampleTime::ZERO).count();
        let erased = (off.start - SampleTime::ZERO).count()..(off.end - SampleTime::ZERO).count();
        let silent = one.pcm.iter().zip(first..).filter(|(_, at)| erased.contains(at)).all(|(sample, _)| *sample == 0);
        assert!(silent, "sound of it in {:?}", one.span);
    }
}

#[test]
fn an_answer_that_comes_late_is_not_taken() {
    let mut events: Vec<(SampleTime, Event)> = Vec::new();
    // Answers ten seconds late.
    let desk = Slow::default();
    let mut session = Session::new(&SessionSetup::default(), Box::new(desk.clone()));
    let mut source = sample();
    while let Some(block) = source.next().unwrap() {
        if block.start == SampleTime::from_ms(60_000) {
            session.execute(off_record(20, 0), &mut events).unwrap();
        }
        session.step(block, &mut events);
    }
    let off = Span::from_ms(40_000, 60_000);
    let handed_over = desk.utterances.borrow().iter().filter(|one| !one.span.intersection(off).is_empty()).count();
    assert!(handed_over > 0, "some were at the desk");
    let heard: Vec<&Heard> = events
        .iter()
        .filter_map(|(_, event)| match event {
            Event::Heard(heard) => Some(heard),
            _ => None,
        })
        .collect();
    assert!(heard.iter().all(|one| one.span().intersection(off).is_empty()));
    assert!(heard.iter().any(|one| one.span().end < off.start) && heard.iter().any(|one| one.span().start > off.end));
}

fn off_record_after(undo: u64, last: u64, next: u64) -> Command {
    Command::OffRecordAfter {
        undo: Samples::from_secs(undo),
        last: Samples::from_secs(last),
        next: Samples::from_secs(next),
    }
}

#[test]
fn until_it_is_final_nothing_is_erased_and_it_can_be_taken_back() {
    let told = talk().at(100.0, off_record_after(5, 30, 20)).at(104.5, Command::OnRecord).run();
    assert_eq!(told.at(102.0).off_record_undo, Some(Samples::from_secs(3)));
    assert_eq!((told.at(102.0).phase, told.at(110.0).off_record_undo), (SessionPhase::Live, None));
    assert_eq!(told.journal, talk().run().journal, "as if it had not been asked for");
}

#[test]
fn once_it_is_final_the_stretch_reaches_back_from_when_it_was_asked_for() {
    let told = talk().at(100.0, off_record_after(5, 120, 20)).at(102.0, off_record_after(5, 120, 20)).run();
    assert_eq!((told.at(104.9).phase, told.at(105.1).phase), (SessionPhase::Live, SessionPhase::OffRecord));
    let span = stretch(&told);
    assert_eq!((span.start, span.end), (SampleTime::ZERO, SampleTime::from_ms(125_000)));
    let told = talk().at(170.0, off_record_after(5, 120, 1)).run();
    let span = stretch(&told);
    assert!(span.start <= SampleTime::from_ms(50_000) && span.start >= SampleTime::from_ms(45_000), "{span:?}");
}

#[test]
fn a_call_that_ends_before_it_is_final_has_it_off_the_record() {
    let told = talk().at(178.0, off_record_after(5, 30, 20)).run();
    let span = stretch(&told);
    assert!(span.start <= SampleTime::from_ms(148_000) && span.end == SampleTime::from_ms(180_000), "{span:?}");
}

#[test]
fn taking_back_has_its_limits_and_off_the_record_nothing_waits() {
    let told = talk().at(50.0, off_record_after(11, 30, 20)).run();
    assert_eq!(told.refused, [CommandError::TooLong]);
    let told = talk().at(50.0, off_record(0, 30)).at(60.0, off_record_after(5, 0, 40)).run();
    assert_eq!((stretch(&told).end, told.at(61.0).off_record_undo), (SampleTime::from_ms(100_000), None));
}
