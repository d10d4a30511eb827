//! Cuts one track's sound into what a recogniser takes: utterances, long ones at their deepest pause.

use std::collections::VecDeque;

use crate::asr::Utterance;
use crate::audio::{BLOCK_DURATION, Pcm, Track};
use crate::time::{SampleTime, Samples, Span};
use crate::turns::UTTERANCE_PAUSE;

/// Once an utterance is this long it is cut at its deepest pause …
const LONG: Samples = Samples::from_secs(12);

/// … and at the latest here: the recogniser's window is 30 s.
const MAX_LENGTH: Samples = Samples::from_secs(25);

/// A run's beginning becomes known this late at the most: an utterance is not over before.
const MAX_RUN_DELAY: Samples = Samples::from_ms(400);

/// Quiet kept on either side: detectors cut soft beginnings.
const MARGIN: Samples = Samples::from_ms(200);

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
        let open = self.open.get_or_insert_with(|| OpenUtterance { runs: vec![run], speaking: true });
        match open.runs.last_mut() {
            Some(last) if run.start <= last.end => last.end = last.end.max(run.end),
            _ => open.runs.push(run),
        }
        open.speaking = true;
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
        let start = runs.first().map_or(pause.start, |run| run.start);
        let heard = Span::new(start.saturating_sub(MARGIN).max(self.origin), (pause.start + MARGIN).min(self.now()));
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
    /// From its first to its last speech.
    fn span(&self) -> Span {
        let (first, last) = (self.runs.first(), self.runs.last());
        first.zip(last).map_or_else(Span::default, |(first, last)| Span::new(first.start, last.end))
    }

    /// Its end, once no run can join it any more.
    fn end_if_over(&self, run: Option<Span>, now: SampleTime) -> Option<SampleTime> {
        let end = self.span().end;
        let next = run.map_or(now.saturating_sub(MAX_RUN_DELAY), |run| run.start);
        let joins = next.max(end) - end < UTTERANCE_PAUSE;
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
