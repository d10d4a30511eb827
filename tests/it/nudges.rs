//! The rules of the nudges over simulated calls, through the chain that runs live: how often, and at which moments.

use std::sync::LazyLock;

use keicho::asr::{Heard, NoText, Transcriber};
use keicho::audio::{BLOCK_DURATION, Block, PerTrack, SILENCE, Track};
use keicho::language::Language;
use keicho::nudges::{Nudge, NudgeKind, Policy};
use keicho::session::{Event, Session, SessionSetup};
use keicho::time::{SampleTime, Samples, Span};
use strum::VariantArray;

use crate::support::doubles::transcriber::{ScriptedTranscriber, heard};
use crate::support::talk::{Manner, Talk, Turn};

/// A call for each seed, of half an hour to an hour.
const SEEDS: std::ops::Range<u64> = 0..20;

fn minutes(seed: u64) -> u64 {
    30 + seed % 4 * 10
}

type Journal = Vec<(SampleTime, Event)>;

/// What somebody says in a turn.
fn said(turn: &Turn) -> Heard {
    // A sentence of eight morae takes a second of speech, which is a usual pace.
    let (ending, takes_ms) = match turn.asks {
        None => ("そう思います。", 750),
        Some(true) => ("来週までに終わりますか。", 1_375),
        Some(false) => ("それはどう思いますか。", 1_250),
    };
    let speech_ms = turn.runs.iter().map(|run| run.len()).sum::<Samples>().as_ms();
    let text = "ここはきれいです。".repeat((speech_ms.saturating_sub(takes_ms) as usize + 500) / 1_000) + ending;
    heard(turn.track, turn.runs.clone(), &text, Language::Ja)
}

/// Hands out what is said in each turn, this long after its end.
fn transcriber(talk: &Talk, delay_ms: u64) -> ScriptedTranscriber {
    ScriptedTranscriber::new(talk.turns.iter().map(said).collect(), Samples::from_ms(delay_ms))
}

fn hear(talk: &Talk, desk: Box<dyn Transcriber>) -> Journal {
    let mut journal = Journal::new();
    let mut session = Session::new(&SessionSetup::default(), desk);
    let mut start = SampleTime::ZERO;
    for speech in &talk.steps {
        let pcm = PerTrack { me: SILENCE, them: SILENCE };
        session.step(Block { start, pcm, lost: PerTrack::default(), speech: Some(*speech) }, &mut journal);
        start += BLOCK_DURATION;
    }
    session.finish(&mut journal);
    journal
}

/// A call of each seed, without text and with it, and its nudges.
fn calls(manner: &Manner) -> Vec<(Talk, Journal)> {
    let call = |seed| {
        let talk = Talk::new(manner, seed, minutes(seed));
        let desk: Box<dyn Transcriber> = match seed % 2 {
            0 => Box::new(NoText::default()),
            _ => Box::new(transcriber(&talk, 1_000 + 150 * seed)),
        };
        let journal = hear(&talk, desk);
        (talk, journal)
    };
    SEEDS.map(call).collect()
}

fn nudges(journal: &Journal) -> Vec<&Nudge> {
    let nudge = |(_, event): &'_ (SampleTime, Event)| matches!(event, Event::Nudge(_));
    let shown = journal.iter().filter(|one| nudge(one));
    shown.map(|(_, event)| if let Event::Nudge(nudge) = event { nudge } else { unreachable!() }).collect()
}

/// The nudges as a person counts them: what takes the place of one that is still seen, 8 s at most, is part of it.
fn counted(journal: &Journal) -> Vec<&Nudge> {
    let mut counted: Vec<&Nudge> = Vec::new();
    for nudge in nudges(journal) {
        let seen = counted.last().is_some_and(|last| nudge.at - last.at < Samples::from_secs(8));
        if nudge.kind() != NudgeKind::Monologue || !seen {
            counted.push(nudge);
        }
    }
    counted
}

fn most_within(times: &[SampleTime], length: Samples) -> usize {
    let within = |from: &SampleTime| times.iter().filter(|at| *at >= from && **at - *from < length).count();
    times.iter().map(within).max().unwrap_or(0)
}

/// Silences after my speech, from its end to whoever breaks it.
fn my_silences(talk: &Talk) -> Vec<Span> {
    let mut silences = Vec::new();
    let mut since: Option<(usize, bool)> = None;
    for (at, step) in talk.steps.iter().enumerate() {
        if step.me || step.them {
            if let Some((from, true)) = since {
                silences.push(Span::from_ms(from as u64 * 10, at as u64 * 10));
            }
            // Who stops last; where both stop at once, it is nobody's.
            since = Some((at + 1, step.me && !step.them));
        }
    }
    silences.retain(|silence| silence.len() >= Samples::from_ms(200));
    silences
}

/// The calls of the average manager.
static AVERAGE: LazyLock<Vec<(Talk, Journal)>> = LazyLock::new(|| calls(&Manner::average()));

#[test]
fn the_average_manager_is_left_in_peace_most_of_the_time() {
    let calls = &*AVERAGE;
    let share = calls.iter().map(|(talk, _)| talk.share()).sum::<f64>() / calls.len() as f64;
    assert!((share - 0.63).abs() < 0.03, "{share:.3} of the talk");
    let mut seen: Vec<NudgeKind> = Vec::new();
    for (seed, (_, journal)) in calls.iter().enumerate() {
        let counted = counted(journal);
        seen.extend(counted.iter().map(|nudge| nudge.kind()));
        let times = |which: &dyn Fn(NudgeKind) -> bool| -> Vec<SampleTime> {
            counted.iter().filter(|nudge| which(nudge.kind())).map(|nudge| nudge.at).collect()
        };
        let kinds: Vec<_> = counted.iter().map(|nudge| format!("{} {}", nudge.kind().name(), nudge.at)).collect();
        println!("seed {seed}: {} in {} min: {kinds:?}", kinds.len(), minutes(seed as u64));
        assert!(most_within(&times(&|_| true), Samples::from_secs(1_800)) <= 6, "{kinds:?}");
        let regular = times(&|kind| kind != NudgeKind::Audio);
        assert!(most_within(&regular, Samples::from_secs(90)) <= 1, "{kinds:?}");
        for kind in NudgeKind::VARIANTS.iter().copied() {
            // A monologue that goes on is told once more.
            let most = if kind == NudgeKind::Monologue { 2 } else { 1 };
            assert!(most_within(&times(&|one| one == kind), Samples::from_secs(300)) <= most, "{kinds:?}");
        }
    }
    for kind in [NudgeKind::Share, NudgeKind::Monologue, NudgeKind::CutIn] {
        assert!(seen.contains(&kind), "{kind:?} was never seen, so nothing is proved of it");
    }
}

#[test]
fn a_listener_is_never_nudged() {
    let calls = calls(&Manner::listener());
    let share = calls.iter().map(|(talk, _)| talk.share()).sum::<f64>() / calls.len() as f64;
    assert!((share - 0.25).abs() < 0.03, "{share:.3} of the talk");
    for (seed, (_, journal)) in calls.iter().enumerate() {
        assert_eq!(nudges(journal), Vec::<&Nudge>::new(), "seed {seed}");
    }
}

#[test]
fn a_silence_after_my_speech_is_never_nudged() {
    let mut questions = 0;
    for (talk, journal) in &*AVERAGE {
        for silence in my_silences(talk) {
            // A hole of under 200 ms is breathing: until then nobody can know of a silence.
            let inside = |at: SampleTime| at > silence.start + Samples::from_ms(200) && at <= silence.end;
            let mut shown = None;
            for (at, event) in journal.iter().filter(|(at, _)| inside(*at)) {
                match event {
                    Event::Nudge(nudge) => {
                        assert_eq!(nudge.kind(), NudgeKind::Monologue, "at {at}");
                        assert!(*at - silence.start < Samples::from_secs(1), "at {at}, long into a silence");
                        shown = Some(*at);
                    }
                    Event::NudgeWithdrawn(_) => shown = None,
                    _ => {}
                }
            }
            assert!(shown.is_none() || silence.len() < Samples::from_ms(1_010), "{shown:?} stays in {silence:?}");
        }
        questions += talk.turns.iter().filter(|turn| turn.asks.is_some()).count();
    }
    assert!(questions > 200, "{questions} questions");
}

#[test]
fn while_they_speak_nothing_appears_but_at_the_moment_of_handing_over() {
    let mut at_the_moment = 0;
    for (talk, journal) in &*AVERAGE {
        for nudge in nudges(journal) {
            let (me, them) = (talk.speaks(Track::Me, nudge.at), talk.speaks(Track::Them, nudge.at));
            match nudge.kind() {
                NudgeKind::CutIn => {}
                NudgeKind::Share | NudgeKind::Regrab | NudgeKind::ClosedRun | NudgeKind::Pace | NudgeKind::Fillers => {
                    at_the_moment += 1;
                    assert!(!me, "{nudge:?}: I have not stopped");
                    let theirs =
                        talk.turns.iter().rfind(|turn| turn.track == Track::Them && turn.runs[0].start < nudge.at);
                    let into = nudge.at - theirs.unwrap().runs[0].start;
                    assert!(into < Samples::from_ms(2_500), "{nudge:?}: {} ms into their turn", into.as_ms());
                }
                NudgeKind::Monologue | NudgeKind::Listening | NudgeKind::Audio => assert!(!me && !them, "{nudge:?}"),
            }
        }
    }
    assert!(at_the_moment >= 8, "{at_the_moment}");
}

/// A manager who neither nods nor asks openly, and takes questions back.
#[test]
fn each_habit_has_its_nudge() {
    let manner = Manner { nods: 0.0, closed: 1.0, regrabs: 0.5, ..Manner::average() };
    let manner = Manner { turn_s: PerTrack { me: 8.0, them: 40.0 }, questions: 0.8, ..manner };
    let talk = Talk::new(&manner, 1, 45);
    let journal = hear(&talk, Box::new(transcriber(&talk, 1_500)));
    let kinds: Vec<NudgeKind> = nudges(&journal).into_iter().map(Nudge::kind).collect();
    for kind in [NudgeKind::Listening, NudgeKind::Regrab, NudgeKind::ClosedRun] {
        assert!(kinds.contains(&kind), "{kinds:?}");
    }
    let without = hear(&talk, Box::new(NoText::default()));
    let kinds: Vec<NudgeKind> = nudges(&without).into_iter().map(Nudge::kind).collect();
    assert!(kinds.contains(&NudgeKind::Listening) && !kinds.contains(&NudgeKind::Regrab), "{kinds:?}");
}

/// A call in which each speaks in these stretches of seconds.
fn scripted(me: &[(f64, f64)], them: &[(f64, f64)]) -> Talk {
    let block = |seconds: f64| (seconds * 100.0).round() as usize;
    let end = me.iter().chain(them).map(|(_, to)| block(*to)).max().unwrap();
    let mut talk = Talk { steps: vec![PerTrack::default(); end], ..Talk::default() };
    for (track, stretches) in [(Track::Me, me), (Track::Them, them)] {
        for (from, to) in stretches {
            talk.steps[block(*from)..block(*to)].iter_mut().for_each(|step| step[track] = true);
        }
    }
    talk
}

#[test]
fn what_i_say_amid_their_speech_and_give_up_is_no_handing_over() {
    let me = [(1.0, 170.0), (200.0, 201.5), (240.5, 245.0)];
    let journal = hear(&scripted(&me, &[(170.2, 240.0), (245.2, 250.0)]), Box::new(NoText::default()));
    let seen: Vec<_> = nudges(&journal).iter().map(|nudge| (nudge.kind(), nudge.at.as_ms() / 1000)).collect();
    assert_eq!(seen, [(NudgeKind::Share, 246)]);
}

#[test]
fn signs_of_listening_in_a_row_are_no_monologue() {
    let turn = |at: f64| [(at + 4.1, at + 4.5), (at + 4.9, at + 5.2)];
    let begins = || (0..20).map(|place| 1.0 + 5.9 * f64::from(place));
    let me: Vec<_> = begins().flat_map(turn).collect();
    let them: Vec<_> = begins().map(|at| (at, at + 5.0)).collect();
    let journal = hear(&scripted(&me, &them), Box::new(NoText::default()));
    assert_eq!(nudges(&journal), Vec::<&Nudge>::new());
}

#[test]
fn a_good_wait_glows_as_long_as_the_settings_say() {
    let shown = |policy: Policy, secs: f64| {
        let talk = scripted(&[(1.0, 5.0)], &[(5.0 + secs, 5.0 + secs)]);
        let mut session =
            Session::new(&SessionSetup { policy, ..SessionSetup::default() }, Box::new(NoText::default()));
        let mut start = SampleTime::ZERO;
        for speech in &talk.steps {
            let pcm = PerTrack { me: SILENCE, them: SILENCE };
            let block = Block { start, pcm, lost: PerTrack::default(), speech: Some(*speech) };
            session.step(block, &mut Journal::new());
            start += BLOCK_DURATION;
        }
        session.snapshot().good_wait
    };
    let usual = Policy::default;
    let own = || Policy { good_wait_from: Samples::from_secs(3), good_wait_to: Samples::from_secs(20), ..usual() };
    assert_eq!([1.4, 1.6, 9.9, 10.1].map(|secs| shown(usual(), secs)), [false, true, true, false]);
    assert_eq!([2.9, 3.1, 19.9, 20.1].map(|secs| shown(own(), secs)), [false, true, true, false]);
}
