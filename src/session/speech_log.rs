//! Who spoke in the last minutes, and what texts said of it: what the floor is judged again from.

use std::collections::VecDeque;

use crate::asr::are_mostly_in;
use crate::audio::{BLOCK_DURATION, PerTrack, Track};
use crate::time::{SampleTime, Span};
use crate::turns::{Conversation, Decision, SpeechActivity, TextHint, TurnEvent};

/// Steps of the floor, and the texts that came between them.
#[derive(Default)]
pub(super) struct SpeechLog {
    /// When the oldest step began.
    begins: SampleTime,
    /// Oldest first; each follows the one before.
    steps: VecDeque<PackedStep>,
    /// Oldest first.
    hints: VecDeque<LoggedHint>,
}

/// What a text said of an utterance.
struct LoggedHint {
    /// Up to where the floor had been judged when it came.
    judged: SampleTime,
    /// The speech of the utterance.
    runs: Vec<Span>,
    hint: TextHint,
}

/// Who speaks and whose sound is lost, a bit each: there are a hundred a second.
#[derive(Clone, Copy)]
struct PackedStep(u8);

impl PackedStep {
    fn pack(step: &SpeechActivity) -> Self {
        let bits = [step.speech.me, step.speech.them, step.lost.me, step.lost.them];
        Self(bits.into_iter().rev().fold(0, |packed, bit| packed << 1 | u8::from(bit)))
    }

    fn unpack(self, start: SampleTime) -> SpeechActivity {
        let bit = |place: u8| self.0 >> place & 1 == 1;
        SpeechActivity {
            start,
            speech: PerTrack { me: bit(0), them: bit(1) },
            lost: PerTrack { me: bit(2), them: bit(3) },
        }
    }
}

impl SpeechLog {
    /// The next step.
    pub(super) fn push(&mut self, step: &SpeechActivity) {
        if self.steps.is_empty() {
            self.begins = step.start;
        }
        self.steps.push_back(PackedStep::pack(step));
    }

    /// The text of an utterance of these runs came once the floor had been judged up to `judged`.
    pub(super) fn push_hint(&mut self, judged: SampleTime, runs: Vec<Span>, hint: TextHint) {
        self.hints.push_back(LoggedHint { judged, runs, hint });
    }

    /// Nobody goes back to before this moment any more.
    pub(super) fn forget_before(&mut self, from: SampleTime) {
        while self.begins < from && self.steps.pop_front().is_some() {
            self.begins += BLOCK_DURATION;
        }
        while self.hints.front().is_some_and(|hint| hint.judged <= from) {
            self.hints.pop_front();
        }
    }

    /// What came from this moment on did not.
    pub(super) fn truncate_to(&mut self, to: SampleTime) {
        let kept = (to - self.begins).count() / BLOCK_DURATION.count();
        self.steps.truncate(usize::try_from(kept).unwrap_or(usize::MAX));
        self.hints.retain(|hint| hint.judged <= to);
    }

    /// Nobody spoke on the track in these stretches, so no text says anything of what lies mostly in them. Gives the speech that
    /// was in them.
    pub(super) fn silence(&mut self, track: Track, spans: &[Span]) -> Vec<Span> {
        self.hints.retain(|logged| logged.hint.track != track || !are_mostly_in(&logged.runs, spans));
        let mut silenced: Vec<Span> = Vec::new();
        for (place, packed) in (0..).zip(&mut self.steps) {
            let mut step = packed.unpack(SampleTime::new(self.begins.count() + place * BLOCK_DURATION.count()));
            if !step.speech[track] || !spans.iter().any(|span| span.contains(step.start)) {
                continue;
            }
            step.speech[track] = false;
            *packed = PackedStep::pack(&step);
            let end = step.start + BLOCK_DURATION;
            match silenced.last_mut() {
                Some(last) if last.end == step.start => last.end = end,
                _ => silenced.push(Span::new(step.start, end)),
            }
        }
        silenced
    }

    /// Goes through all that came after a conversation had been judged up to `judged`, with that conversation: how it stands
    /// then, and what was decided on the way.
    pub(super) fn judge_again(
        &self,
        mut conversation: Conversation,
        judged: SampleTime,
    ) -> (Conversation, FloorChanges) {
        let mut hints = self.hints.iter().filter(|hint| hint.judged > judged).peekable();
        let mut changes = FloorChanges::default();
        let mut at = self.begins;
        for packed in &self.steps {
            let step = packed.unpack(at);
            at += BLOCK_DURATION;
            if step.start < judged {
                continue;
            }
            conversation.step(&step, &mut changes.decided);
            while let Some(LoggedHint { hint, .. }) = hints.next_if(|hint| hint.judged <= at) {
                let revision = conversation.revise(*hint);
                revision.withdrawn.into_iter().for_each(|one| changes.withdraw(one.event));
                changes.decided.extend(revision.added);
            }
        }
        (conversation, changes)
    }
}

/// What became of the floor from some moment on.
#[derive(Default)]
pub(super) struct FloorChanges {
    /// What was decided since and stands.
    pub(super) decided: Vec<Decision>,
    /// What had been decided before and no longer stands.
    pub(super) withdrawn: Vec<TurnEvent>,
}

impl FloorChanges {
    /// A verdict no longer stands.
    pub(super) fn withdraw(&mut self, event: TurnEvent) {
        match self.decided.iter().rposition(|one| one.event == event) {
            Some(place) => drop(self.decided.remove(place)),
            None => self.withdrawn.push(event),
        }
    }
}
