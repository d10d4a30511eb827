//! The transcriber of a transcript: its words are there already, and come when a recogniser's would.

use std::collections::VecDeque;

use crate::asr::inline::TEXT_DELAY;
use crate::asr::{Heard, Transcriber, TranscriberStatus, Transcription, Utterance};
use crate::language::{self, Language};
use crate::source::transcript::TrackCue;
use crate::time::{SampleTime, Samples};

/// Gives each line back as it was said, 1.0 s of the call after its end.
pub struct FromTranscript {
    /// What is still to come, in the order of their ends.
    lines: VecDeque<TrackCue>,
    /// What all are in, where the user says so.
    language: Option<Language>,
    status: TranscriberStatus,
    /// What the call has come to.
    now: SampleTime,
}

impl FromTranscript {
    /// The lines in which somebody speaks: a laugh that a transcript describes is no talk, and interrupts nobody.
    pub fn spoken_lines(mut lines: Vec<TrackCue>) -> Vec<TrackCue> {
        lines.retain(|line| !language::is_description(&line.text));
        lines
    }

    /// The transcriber of these lines; those without words are left out. Without a language, each line's letters tell
    /// its own.
    pub fn new(lines: &[TrackCue], language: Option<Language>) -> Self {
        let mut lines: Vec<TrackCue> = lines.iter().filter(|line| !line.text.is_empty()).cloned().collect();
        lines.sort_by_key(|line| line.span.end);
        let status = if lines.is_empty() { TranscriberStatus::Off } else { TranscriberStatus::Ready };
        Self { lines: lines.into(), language, status, now: SampleTime::ZERO }
    }

    /// The next line, if it ended at `until` or before.
    fn next(&mut self, until: SampleTime) -> Option<Heard> {
        self.lines.front().filter(|line| line.span.end <= until)?;
        let line = self.lines.pop_front()?;
        let language = self.language.unwrap_or_else(|| detect_language(&line.text));
        let reading = language::analyze(&line.text, language);
        let transcription = Transcription { text: line.text, language, reading, written: true, doubtful: false };
        Some(Heard { track: line.track, runs: vec![line.span], transcription: Ok(Some(transcription)) })
    }
}

impl Transcriber for FromTranscript {
    /// A transcript has no sound, and so no utterances.
    fn listens(&self) -> bool {
        false
    }

    fn submit(&mut self, _: Utterance) {}

    fn poll(&mut self, now: SampleTime) -> Option<Heard> {
        self.now = now;
        // No line ends where the call begins, so its first second gives none.
        self.next(now.saturating_sub(TEXT_DELAY))
    }

    /// What has been said and not come back; not what would have been said after a call that was stopped.
    fn close(&mut self) -> Vec<Heard> {
        std::iter::from_fn(|| self.next(self.now)).collect()
    }

    fn status(&self) -> TranscriberStatus {
        self.status.clone()
    }

    fn backlog(&self) -> Samples {
        Samples::ZERO
    }
}

/// The language of a text by its letters: kana are Japanese, kanji as well where there is no Latin letter.
fn detect_language(text: &str) -> Language {
    // The middle dot between them parts foreign names too; half-width kana have a block of their own.
    let kana =
        text.chars().any(|c| matches!(c, '\u{3041}'..='\u{30fa}' | '\u{30fc}'..='\u{30ff}' | '\u{ff66}'..='\u{ff9f}'));
    let han = text.chars().any(|c| matches!(c, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}' | '々'));
    let latin = text.chars().any(|c| c.is_ascii_alphabetic());
    if kana || han && !latin { Language::Ja } else { Language::En }
}

#[cfg(test)]
mod tests;
