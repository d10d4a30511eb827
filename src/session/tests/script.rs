//! Calls without sound in which who speaks when, what they say, and who asks for what, is written down.

use super::*;
use crate::doubles::transcriber::{ScriptedTranscriber, heard};

/// A call as it is written down; times in seconds.
#[derive(Clone, Default)]
pub(super) struct Script {
    seconds: u64,
    speech: PerTrack<Vec<Span>>,
    lost: Vec<Span>,
    texts: Vec<(Track, Span, &'static str)>,
    commands: Vec<(SampleTime, Command)>,
    taken_back: Vec<(SampleTime, Vec<Span>)>,
    setup: SessionSetup,
}

/// What became of it.
pub(super) struct ScriptResult {
    pub(super) journal: Vec<(SampleTime, Event)>,
    /// How much of it was told before the call was over.
    pub(super) before_the_end: usize,
    pub(super) refused: Vec<CommandError>,
    /// How it stood after each block.
    pub(super) shown: Vec<Snapshot>,
}

fn span((from, to): (f64, f64)) -> Span {
    Span::from_ms((from * 1000.0) as u64, (to * 1000.0) as u64)
}

impl Script {
    /// A call of so many seconds in which nobody says anything.
    pub(super) fn silent_call(seconds: u64) -> Self {
        Self { seconds, ..Self::default() }
    }

    /// The same with this chosen before.
    pub(super) fn with(self, setup: SessionSetup) -> Self {
        Self { setup, ..self }
    }

    pub(super) fn me(self, runs: &[(f64, f64)]) -> Self {
        self.speaks(Track::Me, runs)
    }

    pub(super) fn them(self, runs: &[(f64, f64)]) -> Self {
        self.speaks(Track::Them, runs)
    }

    fn speaks(mut self, track: Track, runs: &[(f64, f64)]) -> Self {
        self.speech[track].extend(runs.iter().map(|run| span(*run)));
        self
    }

    /// Somebody says this.
    pub(super) fn says(mut self, track: Track, run: (f64, f64), text: &'static str) -> Self {
        self.texts.push((track, span(run), text));
        self.speaks(track, &[run])
    }

    /// Both tracks were lost for so long, instead of what was said in it.
    pub(super) fn lost(mut self, lost: Span) -> Self {
        self.texts.retain(|(_, run, _)| run.intersection(lost).is_empty());
        self.lost.push(lost);
        self
    }

    pub(super) fn at(mut self, second: f64, command: Command) -> Self {
        self.commands.push((SampleTime::from_ms((second * 1000.0) as u64), command));
        self
    }

    /// At a second it is known that these stretches of my speech were somebody else's.
    pub(super) fn takes_back(mut self, second: f64, others: Vec<Span>) -> Self {
        self.taken_back.push((SampleTime::from_ms((second * 1000.0) as u64), others));
        self
    }

    pub(super) fn without_commands(mut self) -> Self {
        self.commands.clear();
        self
    }

    pub(super) fn run(self) -> ScriptResult {
        let mut told = ScriptResult { journal: Vec::new(), before_the_end: 0, refused: Vec::new(), shown: Vec::new() };
        let mut session = Session::new(&self.setup, Box::new(spoken(&self.texts)));
        let mut commands = self.commands.into_iter().peekable();
        let mut taken_back = self.taken_back.into_iter().peekable();
        let mut now = SampleTime::ZERO;
        while now < SampleTime::from_ms(self.seconds * 1000) {
            while let Some((_, command)) = commands.next_if(|(at, _)| *at <= now) {
                told.refused.extend(session.execute(command, &mut told.journal).err());
            }
            while let Some((_, others)) = taken_back.next_if(|(at, _)| *at <= now) {
                session.take_back(&others, &mut told.journal);
            }
            let lost = self.lost.iter().any(|span| span.contains(now));
            let block = Block {
                start: now,
                pcm: PerTrack { me: SILENCE, them: SILENCE },
                lost: PerTrack { me: lost, them: lost },
                speech: Some(PerTrack::from_fn(|track| self.speech[track].iter().any(|run| run.contains(now)))),
            };
            session.step(block, &mut told.journal);
            told.shown.push(session.snapshot());
            now += BLOCK_DURATION;
        }
        told.before_the_end = told.journal.len();
        session.finish(&mut told.journal);
        told.shown.push(session.snapshot());
        told
    }
}

impl ScriptResult {
    /// How it stood at a second.
    pub(super) fn at(&self, second: f64) -> &Snapshot {
        let at = SampleTime::from_ms((second * 1000.0) as u64);
        self.shown.iter().find(|snapshot| snapshot.now >= at).unwrap()
    }

    pub(super) fn end(&self) -> &Snapshot {
        self.shown.last().unwrap()
    }

    /// The kinds of all events but these of the floor, as they were told.
    pub(super) fn asked_for(&self) -> Vec<(u64, Event)> {
        let floor = |event: &Event| matches!(event, Event::Turn(_) | Event::Heard(_) | Event::Ended { .. });
        self.journal.iter().filter(|(_, event)| !floor(event)).map(|(at, event)| (at.as_ms(), event.clone())).collect()
    }

    /// All that was told of what was said.
    pub(super) fn speech_events(&self) -> Vec<(SampleTime, Event)> {
        let of = |event: &Event| matches!(event, Event::Turn(_) | Event::Withdrawn(_) | Event::Heard(_));
        self.journal.iter().filter(|(_, event)| of(event)).cloned().collect()
    }
}

/// Hands each text out a second after it was said.
fn spoken(texts: &[(Track, Span, &str)]) -> ScriptedTranscriber {
    let heard = |(track, run, text): &(Track, Span, &str)| {
        let language = if text.is_ascii() { Language::En } else { Language::Ja };
        heard(*track, vec![*run], text, language)
    };
    ScriptedTranscriber::new(texts.iter().map(heard).collect(), Samples::from_secs(1))
}
