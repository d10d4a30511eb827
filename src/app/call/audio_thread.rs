//! The audio thread: the source, before the call and in it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError};

use crate::app::call::controller_event::ControllerEvent;
use crate::app::call::event_notifier::EventNotifier;
use crate::app::call::journal_target::JournalTarget;
use crate::app::call::latency_sink::LatencySink;
use crate::app::call::{CallPace, CallPlan, OpenSource};
use crate::app::explain::EvidenceLog;
use crate::app::{AppError, Notifier, TextPlan, UserNotice};
use crate::asr::{NoText, Transcriber};
use crate::frontend::FrontEnd;
use crate::prepare::{SoundCheck, SoundCheckUpdate, run_sound_check};
use crate::records::Origin;
use crate::server::Feed;
use crate::session::{
    CommandQueue, Pacer, RealTime, RecoveryPoint, Session, SessionPhase, SessionSetup, Sink, Snapshot, Tee, Unpaced,
    drive, recover_ending,
};
use crate::source::{RebasedSource, Source, SourceError};

/// What the audio thread does: it opens the source, listens to it until the call begins, and runs the call.
pub(super) struct AudioThread {
    begins_on_page: bool,
    /// Whether it is metered how late the call is shown.
    is_live: bool,
    text_in_background: bool,
    pace: CallPace,
    text: TextPlan,
    /// How a call of this plan begins.
    setup: SessionSetup,
    feed: Feed,
    notifier: Arc<dyn Notifier>,
}

/// A call that is to begin now.
pub(super) struct AudioStart {
    pub(super) setup: SessionSetup,
    /// How its words come about, if that was changed since the transcriber was opened.
    pub(super) text: Option<TextPlan>,
    pub(super) commands: CommandQueue,
    pub(super) journal_target: JournalTarget,
}

/// A call that has ended.
pub(super) struct AudioResult {
    /// Whether it came to its end. If a part of the program failed ([`AppError::CallFailed`]), the call ended there, as if
    /// it had been cut off.
    pub(super) result: Result<(), AppError>,
    pub(super) journal_target: JournalTarget,
    /// What decided its events.
    pub(super) evidence: EvidenceLog,
}

/// Tells the controller that the audio thread is through, however that came about.
pub(super) struct EndSignal(pub(super) SyncSender<ControllerEvent>);

impl Drop for EndSignal {
    fn drop(&mut self) {
        // Nobody listens any more if the controller has failed.
        let _ = self.0.send(ControllerEvent::AudioEnded);
    }
}

/// A source whose call is to begin, or never will.
struct PreparedSource {
    /// The source; its blocks are the call's own, from zero on, if one begins.
    source: Box<dyn Source>,
    /// What begins; `None` if nothing does.
    start: Option<AudioStart>,
    /// What has learned of the two sides by then, for the call to go on with.
    front_end: FrontEnd,
}

impl AudioThread {
    pub(super) fn new(plan: &CallPlan, feed: Feed, notifier: Arc<dyn Notifier>) -> Self {
        Self {
            begins_on_page: plan.begins_on_page,
            is_live: plan.origin == Origin::Live,
            // A live call, and one at the pace of life, never wait for their words.
            text_in_background: plan.origin == Origin::Live || plan.pace == CallPace::Real,
            pace: plan.pace,
            text: plan.text.clone(),
            setup: plan.setup.clone(),
            feed,
            notifier,
        }
    }

    /// Opens the source, and runs the call once it is to begin; `None` if it never does.
    pub(super) fn run(
        self,
        open: OpenSource,
        starts: &Receiver<AudioStart>,
        end_signal: &EndSignal,
    ) -> Result<Option<AudioResult>, SourceError> {
        let source = open()?;
        // The controller is gone only if it has failed, and says so itself.
        if end_signal.0.send(ControllerEvent::SourceOpened).is_err() {
            return Ok(None);
        }
        // The transcriber is opened before the call, so that its model is loaded by then.
        let transcriber = self.text.clone().transcriber(self.text_in_background);
        let PreparedSource { mut source, start, front_end } = match self.begins_on_page {
            false => {
                PreparedSource { source, start: starts.recv().ok(), front_end: FrontEnd::new(&self.setup.detector) }
            }
            true => self.listen_until_start(source, &*transcriber, starts)?,
        };
        let Some(AudioStart { setup, text, commands, mut journal_target }) = start else { return Ok(None) };
        let transcriber = match text {
            Some(text) => text.transcriber(self.text_in_background),
            None => transcriber,
        };
        let (heard, mut feed, mut notifier) = (self.feed.clone(), self.feed, EventNotifier::new(self.notifier));
        let mut evidence = EvidenceLog::default();
        let (mut kept, mut shown) = (Tee(journal_target.sink(), &mut evidence), Tee(&mut feed, &mut notifier));
        let mut both = Tee(&mut kept, &mut shown);
        let mut metered;
        let sink: &mut dyn Sink = match self.is_live {
            true => {
                metered = LatencySink::new(&mut both);
                &mut metered
            }
            false => &mut both,
        };
        let pace = self.pace;
        // What a panic leaves half done is the session, which goes with it; a sink takes each event whole.
        let driven = catch_unwind(AssertUnwindSafe(|| {
            let mut session = Session::with_front_end(&setup, transcriber, front_end);
            drive(&mut *source, &mut session, &mut *pacer(pace), &commands, sink)
        }));
        let result = match driven {
            Ok(result) => result.map_err(AppError::from),
            Err(_) => {
                tracing::error!("the call failed and ends here; what was heard until now is kept");
                end_cut_off(&heard, &setup, sink);
                Err(AppError::CallFailed)
            }
        };
        Ok(Some(AudioResult { result, journal_target, evidence }))
    }

    /// Listens to the source until the call begins.
    fn listen_until_start(
        &self,
        mut source: Box<dyn Source>,
        transcriber: &dyn Transcriber,
        starts: &Receiver<AudioStart>,
    ) -> Result<PreparedSource, SourceError> {
        let mut blank = Session::new(&self.setup, Box::new(NoText::default())).snapshot();
        let (mut notices, mut start) = (Vec::new(), None);
        let mut begins = || match starts.try_recv() {
            Ok(given) => {
                start = Some(given);
                true
            }
            // If the controller is gone nothing will begin.
            Err(error) => error == TryRecvError::Disconnected,
        };
        let mut tell = |update| match update {
            SoundCheckUpdate::Status(status) => {
                blank.transcriber.status = transcriber.status();
                self.feed.publish_preparation(&blank, &status);
            }
            SoundCheckUpdate::Notice(notice) => {
                self.notifier.notify(UserNotice::Source(notice.clone()));
                notices.push(notice);
            }
        };
        let mut sound_check = SoundCheck::new(&self.setup.detector);
        let from = run_sound_check(&mut *source, &mut sound_check, &mut begins, &mut tell)?;
        let front_end = sound_check.into_front_end();
        Ok(match from {
            Some(from) => {
                PreparedSource { source: Box::new(RebasedSource::new(source, from, notices)), start, front_end }
            }
            None => PreparedSource { source, start: None, front_end },
        })
    }
}

/// Ends a call that failed, as one is ended that was cut off: by what it has told and how it last stood.
fn end_cut_off(heard: &Feed, setup: &SessionSetup, sink: &mut dyn Sink) {
    let last = heard.last_snapshot().unwrap_or_else(|| Session::new(setup, Box::new(NoText::default())).snapshot());
    for (at, event) in recover_ending(&heard.events(), &RecoveryPoint::from_snapshot(&last)) {
        sink.emit(at, event);
    }
    sink.emit_snapshot(&Snapshot { phase: SessionPhase::Ended, ..last });
}

fn pacer(pace: CallPace) -> Box<dyn Pacer> {
    match pace {
        CallPace::Fast => Box::new(Unpaced),
        CallPace::Real => Box::new(RealTime::start()),
    }
}
