use super::script::Script;
use super::*;
use crate::nudges::{NudgeKind, StopReason};

fn secs(secs: u64) -> Samples {
    Samples::from_secs(secs)
}

/// I talk for two minutes with short breaths, in pieces that the other side answers now and then.
fn talk() -> Script {
    let pieces: Vec<(f64, f64)> = (0..20).map(|i| (f64::from(i) * 6.0, f64::from(i) * 6.0 + 5.0)).collect();
    Script::silent_call(130).me(&pieces).them(&[(121.5, 124.0)])
}

#[test]
fn a_pause_is_no_data_and_no_loss() {
    let told = talk().at(30.0, Command::Pause).at(60.0, Command::Resume).run();
    assert_eq!(told.asked_for(), [(30_000, Event::Paused), (60_000, Event::Resumed)]);
    let lost = talk().lost(Span::from_ms(30_000, 60_000)).run();
    assert_eq!(told.speech_events(), lost.speech_events());
    assert_eq!(told.at(45.0).phase, SessionPhase::Paused);
    assert_eq!(told.at(45.0).silence, Samples::ZERO, "nobody knows of any");
    assert_eq!(told.at(61.0).phase, SessionPhase::Live);
    assert_eq!((told.end().lost, told.end().not_heard), (PerTrack::default(), secs(30)));
    assert_eq!(lost.end().lost.me, secs(30));
}

#[test]
fn what_is_lost_after_my_words_is_no_silence_and_no_wait() {
    let told = |script: Script| {
        let told = script.run();
        let shown = told.at(33.0);
        (shown.silence > Samples::ZERO, shown.good_wait)
    };
    let asked = || Script::silent_call(60).them(&[(5.0, 9.0)]).says(Track::Me, (20.0, 30.0), "最近どうですか？");
    assert_eq!(told(asked()), (true, true));
    assert_eq!(told(asked().lost(Span::from_ms(25_000, 25_500))), (true, true), "it was lost before");
    assert_eq!(told(asked().lost(Span::from_ms(31_000, 40_000))), (false, false));
    assert_eq!(told(asked().lost(Span::from_ms(31_000, 31_500))), (false, false), "they may have said a word in it");
}

#[test]
fn what_is_so_already_changes_nothing() {
    let told = talk()
        .at(1.0, Command::Resume)
        .at(2.0, Command::Unmute)
        .at(3.0, Command::OnRecord)
        .at(4.0, Command::Dismiss)
        .at(5.0, Command::Pause)
        .at(6.0, Command::Pause)
        .run();
    assert_eq!(told.refused, []);
    assert_eq!(told.asked_for(), [(5_000, Event::Paused)]);
}

#[test]
fn a_muted_microphone_is_silent_and_the_other_side_is_heard() {
    let both = || Script::silent_call(40).me(&[(2.0, 8.0), (15.0, 20.0)]).them(&[(21.0, 30.0)]);
    let told = both().at(12.0, Command::Mute).at(25.0, Command::Unmute).run();
    assert_eq!(told.asked_for(), [(12_000, Event::Muted), (25_000, Event::Unmuted)]);
    let silent = Script::silent_call(40).me(&[(2.0, 8.0)]).them(&[(21.0, 30.0)]).run();
    assert_eq!(told.speech_events(), silent.speech_events());
    assert!(told.at(16.0).muted && !told.at(16.0).speaking.me);
    assert_eq!(told.end().lost, PerTrack::default());
}

#[test]
fn what_i_muted_myself_the_sound_server_does_not_take_back() {
    let told = Script::silent_call(8)
        .at(1.0, Command::FollowMute(true))
        .at(2.0, Command::FollowMute(false))
        .at(3.0, Command::Mute)
        .at(4.0, Command::FollowMute(true))
        .at(5.0, Command::FollowMute(false))
        .at(6.0, Command::Unmute)
        .run();
    let (muted, unmuted) = (Event::Muted, Event::Unmuted);
    let both = [(1_000, muted.clone()), (2_000, unmuted.clone()), (3_000, muted), (6_000, unmuted)];
    assert_eq!(told.asked_for(), both);
    let who = |second: f64| told.at(second).muted_by;
    assert_eq!((who(1.5), who(2.5)), (Some(MuteReason::SoundServer), None));
    assert_eq!(
        (who(3.5), who(4.5), who(5.5)),
        (Some(MuteReason::Hand), Some(MuteReason::Hand), Some(MuteReason::Hand))
    );
    assert_eq!(who(6.5), None);
}

#[test]
fn i_know_better_than_the_sound_server_until_that_changes_its_mind() {
    let told = Script::silent_call(8)
        .at(1.0, Command::FollowMute(true))
        .at(2.0, Command::Unmute)
        .at(3.0, Command::FollowMute(false))
        .at(4.0, Command::FollowMute(true))
        .run();
    assert_eq!(told.asked_for(), [(1_000, Event::Muted), (2_000, Event::Unmuted), (4_000, Event::Muted)]);
}

#[test]
fn nothing_of_a_muted_microphone_comes_to_the_desk() {
    let desk = Slow::default();
    let mut session = Session::new(&SessionSetup::default(), Box::new(desk.clone()));
    let mut source = sample();
    let mut events = Vec::new();
    session.execute(Command::Mute, &mut events).unwrap();
    while let Some(block) = source.next().unwrap() {
        session.step(block, &mut events);
    }
    session.finish(&mut events);
    let utterances = desk.utterances.borrow();
    assert!(utterances.iter().all(|one| one.track == Track::Them) && utterances.len() > 10);
    let mine = |event: &Event| matches!(event, Event::Turn(TurnEvent::Run { track: Track::Me, .. }));
    assert!(!events.iter().any(|(_, event)| mine(event)));
    let dead = |event: &Event| matches!(event, Event::Health(_));
    assert!(!events.iter().any(|(_, event)| dead(event)), "a muted microphone is not a dead one");
}

#[test]
fn nothing_of_a_pause_comes_to_the_desk_and_what_it_breaks_off_does() {
    let desk = Slow::default();
    let mut session = Session::new(&SessionSetup::default(), Box::new(desk.clone()));
    let mut source = sample();
    let mut events = Vec::new();
    let long =
        run(&mut sample(), &SessionSetup::default(), Box::new(NoText::default())).into_iter().find_map(
            |told| match told {
                (_, Event::Turn(TurnEvent::Run { track: Track::Me, span })) if span.len() > secs(2) => Some(span),
                _ => None,
            },
        );
    let begins = long.unwrap().start + secs(1);
    let pause = Span::new(begins, begins + secs(30));
    while let Some(block) = source.next().unwrap() {
        let command = match block.start {
            at if at == pause.start => Some(Command::Pause),
            at if at == pause.end => Some(Command::Resume),
            _ => None,
        };
        command.into_iter().for_each(|command| session.execute(command, &mut events).unwrap());
        session.step(block, &mut events);
    }
    session.finish(&mut events);
    let utterances = desk.utterances.borrow();
    assert!(utterances.len() > 20, "{}", utterances.len());
    for one in utterances.iter() {
        assert!(one.runs.iter().all(|run| run.intersection(pause).is_empty()), "{:?}", one.runs);
        let first = (one.span.start - SampleTime::ZERO).count();
        let paused = (pause.start - SampleTime::ZERO).count()..(pause.end - SampleTime::ZERO).count();
        let silent = one.pcm.iter().zip(first..).filter(|(_, at)| paused.contains(at)).all(|(sample, _)| *sample == 0);
        assert!(silent, "sound of the pause in {:?}", one.span);
    }
    let broken_off = utterances.iter().find(|one| one.span.contains(pause.start)).unwrap();
    assert_eq!(broken_off.runs.last().unwrap().end, pause.start);
}

#[test]
fn nudges_that_need_what_is_not_heard_stop() {
    let shares = |script: Script| {
        let told = script.with(SessionSetup { policy: Policy::demo(), ..SessionSetup::default() }).run();
        let nudges = told.journal.iter().filter(|(_, event)| matches!(event, Event::Nudge(_))).count();
        (nudges, told)
    };
    let (nudges, _) = shares(talk());
    assert!(nudges > 0);
    let (nudges, told) = shares(talk().at(1.0, Command::Mute));
    assert_eq!((nudges, told.at(50.0).stopped), (0, Some(StopReason::Muted)));
    let (nudges, told) = shares(talk().at(1.0, Command::Pause));
    assert_eq!((nudges, told.at(50.0).stopped), (0, Some(StopReason::Paused)));
    let (nudges, told) = shares(talk().at(1.0, Command::Snooze(secs(600))));
    assert_eq!((nudges, told.at(50.0).nudge_preferences.snoozed_until), (0, Some(SampleTime::from_ms(601_000))));
    assert_eq!(told.asked_for()[0], (1_000, Event::Snoozed { until: SampleTime::from_ms(601_000) }));
    let (nudges, told) =
        shares(talk().at(1.0, Command::MuteKind(NudgeKind::Monologue)).at(2.0, Command::MuteKind(NudgeKind::Share)));
    assert_eq!((nudges, told.end().nudge_preferences.muted_kinds.len()), (0, 2));
}

#[test]
fn the_last_minutes_that_are_shown_are_those_of_the_settings() {
    let recent = |policy| {
        let script = Script::silent_call(90).me(&[(0.0, 55.0)]).them(&[(56.0, 86.0)]);
        let told = script.with(SessionSetup { policy, ..SessionSetup::default() }).run();
        (told.at(85.0).recent, (told.at(85.0).recent_share.unwrap() * 100.0).round())
    };
    assert_eq!(recent(Policy::default()), (secs(300), 65.0));
    assert_eq!(recent(Policy { share_recent: secs(20), ..Policy::default() }), (secs(20), 0.0));
}

#[test]
fn a_nudge_that_is_dismissed_is_gone() {
    let script = talk().with(SessionSetup { policy: Policy::demo(), ..SessionSetup::default() });
    let told = script.clone().run();
    let (at, nudge) = told.asked_for().remove(0);
    let Event::Nudge(nudge) = nudge else { panic!("{nudge:?}") };
    let after = (at as f64 + 500.0) / 1000.0;
    assert_eq!(told.at(after).nudge, Some(nudge.clone()));
    let told = script.at(after - 0.2, Command::Dismiss).run();
    assert_eq!(told.at(after).nudge, None);
    assert!(told.asked_for().contains(&(at + 300, Event::NudgeDismissed(nudge.kind()))), "{:?}", told.asked_for());
}

#[test]
fn what_does_not_fit_is_refused_in_a_sentence_of_both_languages() {
    let told = Script::silent_call(10)
        .at(1.0, Command::OffRecord { last: secs(121), next: secs(1) })
        .at(1.0, Command::OffRecord { last: secs(1), next: MAX_OFF_RECORD_NEXT + secs(1) })
        .at(1.0, Command::Snooze(MAX_SNOOZE + secs(1)))
        .at(1.0, Command::LookTogether(LookAnswer::Later))
        .at(1.0, Command::AddItem(" ".to_owned()))
        .run();
    let (too_long, empty) = (CommandError::TooLong, CommandError::Agenda(crate::agenda::AgendaError::Text));
    assert_eq!(told.refused, [too_long, too_long, too_long, CommandError::NothingOffered, empty]);
    assert_eq!(told.asked_for(), []);
    for why in told.refused.into_iter().chain([CommandError::CallEnded, CommandError::OffRecord]) {
        assert_eq!(why.to_string(), why.words().en);
        assert!(why.words().ja.ends_with('。') && why.words().en.ends_with('.'));
    }
}

#[test]
fn a_call_that_has_ended_obeys_nobody() {
    let mut session = Session::new(&SessionSetup::default(), Box::new(NoText::default()));
    let mut events = Vec::new();
    session.finish(&mut events);
    assert_eq!(session.execute(Command::Pause, &mut events), Err(CommandError::CallEnded));
}

#[test]
fn orders_come_from_another_thread_and_are_answered() {
    let (give, controls) = command_queue(Default::default());
    let (told, answers) = std::sync::mpsc::channel();
    let order = |command| {
        let told = told.clone();
        CommandRequest::new(command, move |answer| told.send(answer).unwrap())
    };
    for command in [Command::Pause, Command::DeclineItem(7), Command::Resume] {
        give.try_send(order(command)).map_err(|_| "full").unwrap();
    }
    let mut events = Vec::new();
    let mut session = Session::new(&SessionSetup::default(), Box::new(NoText::default()));
    let until = SampleTime::from_ms(1_000);
    drive(&mut First { source: sample(), until }, &mut session, &mut Unpaced, &controls, &mut events).unwrap();
    assert_eq!(events[..2], [(SampleTime::ZERO, Event::Paused), (SampleTime::ZERO, Event::Resumed)]);
    let no_item = CommandError::Agenda(crate::agenda::AgendaError::NoSuchItem);
    assert_eq!(answers.try_iter().collect::<Vec<_>>(), [Ok(()), Err(no_item), Ok(())]);
}
