//! Cuts one track's sound into what a recogniser takes: utterances, long ones at their deepest pause.

use std::collections::VecDeque;

use crate::asr::Utterance;
use crate::audio::{BLOCK_DURATION, Pcm, Track};
use crate::time::{SampleTime, Samples, Span};
use crate::turns::UTTERANCE_PAUSE;

/// An utterance of this length is over after a shorter pause than others: what is cut later comes late …
const SHORT_ENOUGH: Samples = Samples::from_secs(6);

/// … this one.
const LATER_PAUSE: Samples = Samples::from_ms(450);

/// Once an utterance is this long it is cut at its deepest pause …
const LONG: Samples = Samples::from_secs(12);

/// … and at the latest here: the recogniser's window is 30 s.
const MAX_LENGTH: Samples = Samples::from_secs(25);

/// A run's beginning becomes known this late at the most: an utterance is not over before.
const MAX_RUN_DELAY: Samples = Samples::from_ms(400);

/// Quiet kept on either side: detectors cut soft beginnings.
const MARGIN: Samples = Samples::from_ms(200);

/// After so much quiet an utterance is more likely to be over than not. Longer than the margin: it has all its sound by then.
const LIKELY_PAUSE: Samples = Samples::from_ms(500);

/// Sound that is kept while nobody speaks, because a run's beginning becomes known late.
const PREROLL: Samples = Samples::from_secs(2);

/// The sound of one track, waiting to become utterances.
pub struct Chunker {
    track: Track,
    pcm: VecDeque<i16>,
    /// When the first kept sample was.
    origin: SampleTime,
    open: Option<OpenUtterance>,
}

/// An utterance that is going on.
struct OpenUtterance {
    /// Its runs, in order; never empty.
    runs: Vec<Span>,
    /// Whether the last of them is going on.
    speaking: bool,
    /// Whether it was given as it would be if nothing joined it any more.
    given_early: bool,
}

impl Chunker {
    /// A track that has not been heard yet.
    pub fn new(track: Track) -> Self {
        Self { track, pcm: VecDeque::new(), origin: SampleTime::ZERO, open: None }
    }

    /// Takes the next 10 ms; `run` is the speech run that is going on, up to its newest speech. Gives an utterance
    /// once one is whole.
    pub fn push(&mut self, pcm: &Pcm, run: Option<Span>) -> Option<Utterance> {
        self.pcm.extend(pcm);
        let now = self.now();
        let over = self
            .open
            .as_ref()
            .and_then(|open| open.end_if_over(run, now))
            .map(|end| self.take_until(Span::new(end, end)));
        if let Some(run) = run {
            self.grow(run);
        } else if let Some(open) = &mut self.open {
            open.speaking = false;
        }
        let utterance = over.or_else(|| {
            let long = self.open.as_ref().and_then(OpenUtterance::cut_pause);
            long.map(|pause| self.take_until(pause))
        });
        self.trim(now);
        utterance
    }

    /// The utterance that is going on, as it is if nobody goes on to speak: once in each pause that is long enough for that
    /// to be likely.
    pub fn take_early(&mut self) -> Option<Utterance> {
        let now = self.now();
        let open = self.open.as_mut().filter(|open| !open.speaking && !open.given_early)?;
        let end = open.span().end;
        if now.max(end) - end < LIKELY_PAUSE {
            return None;
        }
        open.given_early = true;
        let runs = open.runs.clone();
        Some(self.utterance_of(runs, end))
    }

    /// The call is over: what is left.
    pub fn finish(&mut self) -> Option<Utterance> {
        let end = self.open.as_ref()?.span().end;
        Some(self.take_until(Span::new(end, end)))
    }

    /// Forgets all sound and the utterance that is going on, which never becomes whole.
    pub fn drop_sound(&mut self) {
        (self.origin, self.open) = (self.now(), None);
        self.pcm.clear();
    }

    fn now(&self) -> SampleTime {
        self.origin + Samples::new(self.pcm.len() as u64)
    }

    fn grow(&mut self, run: Span) {
        let open = self.open.get_or_insert_with(|| OpenUtterance::new(run));
        match open.runs.last_mut() {
            Some(last) if run.start <= last.end => last.end = last.end.max(run.end),
            _ => open.runs.push(run),
        }
        open.speaking = true;
        open.given_early = false;
    }

    /// Takes all that lies before the pause; what lies after it goes on.
    fn take_until(&mut self, pause: Span) -> Utterance {
        let mut runs = Vec::new();
        if let Some(mut open) = self.open.take() {
            let later = open.runs.iter().copied().filter(|run| run.start >= pause.end).collect();
            runs = std::mem::replace(&mut open.runs, later);
            runs.retain(|run| run.start < pause.end);
            if open.runs.is_empty() && open.speaking {
                open.runs.push(pause);
            }
            if !open.runs.is_empty() {
                self.open = Some(open);
            }
        }
        self.utterance_of(runs, pause.start)
    }

    /// These runs, up to this end, with their sound.
    fn utterance_of(&self, runs: Vec<Span>, end: SampleTime) -> Utterance {
        let start = runs.first().map_or(end, |run| run.start);
        let heard = Span::new(start.saturating_sub(MARGIN).max(self.origin), (end + MARGIN).min(self.now()));
        let from = (heard.start - self.origin).count() as usize;
        let pcm = self.pcm.iter().skip(from).take(heard.len().count() as usize).copied().collect();
        Utterance { track: self.track, span: heard, runs, pcm }
    }

    fn trim(&mut self, now: SampleTime) {
        let keep = self
            .open
            .as_ref()
            .map_or(now.saturating_sub(PREROLL), |open| open.span().start.saturating_sub(MARGIN + BLOCK_DURATION));
        let gone = (keep - self.origin).count();
        self.pcm.drain(..gone as usize);
        self.origin += Samples::new(gone);
    }
}

impl OpenUtterance {
    fn new(run: Span) -> Self {
        Self { runs: vec![run], speaking: true, given_early: false }
    }

    /// From its first to its last speech.
    fn span(&self) -> Span {
        let (first, last) = (self.runs.first(), self.runs.last());
        first.zip(last).map_or_else(Span::default, |(first, last)| Span::new(first.start, last.end))
    }

    /// Its end, once no run can join it any more.
    fn end_if_over(&self, run: Option<Span>, now: SampleTime) -> Option<SampleTime> {
        let end = self.span().end;
        let next = run.map_or(now.saturating_sub(MAX_RUN_DELAY), |run| run.start);
        let pause = if self.span().len() < SHORT_ENOUGH { UTTERANCE_PAUSE } else { LATER_PAUSE };
        let joins = next.max(end) - end < pause;
        (!self.speaking && !joins).then_some(end)
    }

    /// The pause at which a long one is to be cut now.
    fn cut_pause(&self) -> Option<Span> {
        let span = self.span();
        if span.len() >= MAX_LENGTH {
            return Some(Span::new(span.end, span.end));
        }
        let pauses = self.runs.windows(2).map(|pair| Span::new(pair[0].end, pair[1].start));
        pauses.max_by_key(|pause| pause.len()).filter(|_| span.len() >= LONG)
    }
}
