//! Which applications are in a call, by their streams: a pure function of what the sound server says, and when.

use std::time::Duration;

use crate::capture::{AppStream, SoundState, StreamUse};

/// What is taken for a call.
#[derive(Clone, Debug)]
pub(super) struct CallRules {
    /// Words, one of which the name of a call application holds.
    pub(super) applications: Vec<String>,
    /// For how long an application records and plays before it is in a call.
    pub(super) asks_after: Duration,
    /// For how long it records no more before its call is over.
    pub(super) ends_after: Duration,
}

/// What is to be done about an application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum CallStep {
    /// It is in a call: the user is to be asked.
    Ask { application: String },
    /// It left its call before the user has answered.
    Withdraw { application: String },
    /// It records no more, and the user has begun a call of ours beside it: that ends in this time.
    Closing { application: String, ends_in: Duration },
    /// It records again: nothing ends.
    Reopened { application: String },
    /// Its call is over, and so is ours.
    End { application: String },
}

/// Follows the calls of all applications. Times are counted from any one moment.
pub(super) struct CallWatch {
    rules: CallRules,
    calls: Vec<NoticedCall>,
    /// What is not yet done, in order.
    steps: Vec<CallStep>,
}

/// A call of another application.
struct NoticedCall {
    /// The word by which it is known.
    word: String,
    /// What the application is called.
    application: String,
    /// The streams by which it recorded so far.
    streams: Vec<u32>,
    stage: Stage,
    /// Since when it has recorded no more.
    closed_since: Option<Duration>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// It is looked at for a moment.
    New { since: Duration },
    /// The user is asked.
    Asked,
    /// A call of ours goes on beside it, begun through us.
    Begun,
    /// It is none of ours until it is over.
    Passed,
}

impl CallWatch {
    pub(super) fn new(rules: CallRules) -> Self {
        Self { rules, calls: Vec::new(), steps: Vec::new() }
    }

    /// Takes what the server has now.
    pub(super) fn observe(&mut self, sound: &SoundState, now: Duration) {
        let others: Vec<&AppStream> = sound.streams.iter().filter(|stream| !stream.is_own()).collect();
        for call in &mut self.calls {
            // A stream that is muted by being paused still belongs to the call.
            let records = of_use(&others, StreamUse::Record, &call.word);
            let goes_on = match call.stage {
                Stage::New { .. } => begins(&others, &call.word).is_some(),
                Stage::Asked | Stage::Begun | Stage::Passed => !records.is_empty(),
            };
            for index in records.iter().map(|stream| stream.index) {
                if !call.streams.contains(&index) {
                    call.streams.push(index);
                }
            }
            if goes_on {
                if call.closed_since.take().is_some() {
                    let application = call.application.clone();
                    match call.stage {
                        Stage::Begun => self.steps.push(CallStep::Reopened { application }),
                        // The offer was taken back before it was answered.
                        Stage::Asked => self.steps.push(CallStep::Ask { application }),
                        Stage::New { .. } | Stage::Passed => {}
                    }
                }
            } else if call.closed_since.is_none() {
                call.closed_since = Some(now);
                let application = call.application.clone();
                match call.stage {
                    Stage::Begun => {
                        self.steps.push(CallStep::Closing { application, ends_in: self.rules.ends_after });
                    }
                    Stage::Asked => self.steps.push(CallStep::Withdraw { application }),
                    Stage::New { .. } | Stage::Passed => {}
                }
            }
        }
        // What was there for a moment alone was none.
        self.calls.retain(|call| !(matches!(call.stage, Stage::New { .. }) && call.closed_since.is_some()));
        for word in &self.rules.applications {
            let Some((recording, playing)) = begins(&others, word) else { continue };
            let is_known = self.calls.iter().any(|call| call.word == *word || call.streams.contains(&recording.index));
            if !is_known {
                let named = playing.names.iter().find(|name| name.to_lowercase().contains(&word.to_lowercase()));
                self.calls.push(NoticedCall {
                    word: word.clone(),
                    application: named.unwrap_or(word).clone(),
                    streams: vec![recording.index],
                    stage: Stage::New { since: now },
                    closed_since: None,
                });
            }
        }
        self.advance(now);
    }

    /// Takes that it is so late.
    pub(super) fn advance(&mut self, now: Duration) {
        for call in &mut self.calls {
            if let Stage::New { since } = call.stage
                && now.saturating_sub(since) >= self.rules.asks_after
            {
                call.stage = Stage::Asked;
                self.steps.push(CallStep::Ask { application: call.application.clone() });
            }
        }
        let ends_after = self.rules.ends_after;
        let is_over =
            |call: &NoticedCall| call.closed_since.is_some_and(|closed| now.saturating_sub(closed) >= ends_after);
        for call in self.calls.iter().filter(|call| is_over(call) && call.stage == Stage::Begun) {
            self.steps.push(CallStep::End { application: call.application.clone() });
        }
        self.calls.retain(|call| !is_over(call));
    }

    /// What is to be done, in order.
    pub(super) fn take_steps(&mut self) -> Vec<CallStep> {
        std::mem::take(&mut self.steps)
    }

    /// When there is something to do though the server says nothing; `None` if there is nothing.
    pub(super) fn deadline(&self) -> Option<Duration> {
        let due = |call: &NoticedCall| match (call.stage, call.closed_since) {
            (_, Some(closed)) => Some(closed + self.rules.ends_after),
            (Stage::New { since }, None) => Some(since + self.rules.asks_after),
            _ => None,
        };
        self.calls.iter().filter_map(due).min()
    }

    /// A call of ours was begun beside the application's.
    pub(super) fn set_begun(&mut self, application: &str) {
        self.set_stage(application, Stage::Begun);
    }

    /// The application's call is left alone from now on.
    pub(super) fn pass(&mut self, application: &str) {
        self.set_stage(application, Stage::Passed);
    }

    /// The application's call is over, or none of ours was beside it: what it does next is another call.
    pub(super) fn forget(&mut self, application: &str) {
        self.calls.retain(|call| call.application != application);
    }

    /// The user has closed a notification about it: an offer is declined by that, and nothing else is.
    pub(super) fn dismiss(&mut self, application: &str) {
        if self.calls.iter().any(|call| call.application == application && call.stage == Stage::Asked) {
            self.pass(application);
        }
    }

    fn set_stage(&mut self, application: &str, stage: Stage) {
        for call in self.calls.iter_mut().filter(|call| call.application == application) {
            call.stage = stage;
        }
    }
}

fn of_use<'a>(streams: &[&'a AppStream], stream_use: StreamUse, word: &str) -> Vec<&'a AppStream> {
    streams.iter().copied().filter(|stream| stream.stream_use == stream_use && stream.is_called(word)).collect()
}

/// The streams by which an application records and plays at the same time.
fn begins<'a>(streams: &[&'a AppStream], word: &str) -> Option<(&'a AppStream, &'a AppStream)> {
    let runs = |stream_use| of_use(streams, stream_use, word).into_iter().find(|stream| !stream.is_corked);
    Some((runs(StreamUse::Record)?, runs(StreamUse::Play)?))
}

#[cfg(test)]
mod tests;
