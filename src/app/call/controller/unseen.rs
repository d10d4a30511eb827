//! A call that nobody looks at: the user is told outside the browser, and it ends after a while. Nobody is to be listened
//! to by a program that its user has forgotten.

use std::sync::mpsc::SyncSender;
use std::time::{Duration, Instant};

use super::{CallController, CallPhase};
use crate::app::UserNotice;
use crate::app::call::controller_event::ControllerEvent;
use crate::desktop::{self, Notification, ShownNotification};
use crate::i18n::Bilingual;

/// How long a call may go on unseen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnseenLimits {
    /// After so long the user is told. A page that is loaded again is back sooner.
    pub told_after: Duration,
    /// After so long it ends.
    pub ends_after: Duration,
}

impl Default for UnseenLimits {
    fn default() -> Self {
        Self { told_after: Duration::from_secs(20), ends_after: Duration::from_secs(10 * 60) }
    }
}

const STILL_RUNNING: Bilingual = Bilingual { ja: "Keichoは動いています。", en: "Keicho is still running." };
const OPEN_PAGE: Bilingual = Bilingual { ja: "ページを開く", en: "Open page" };
const FINISH: Bilingual = Bilingual { ja: "終了", en: "Finish" };

/// The names of what can be pressed on the notification.
const OPEN: &str = "open";
const END: &str = "finish";

/// Whether somebody looks at a page of the call.
pub(super) struct UnseenWatch {
    limits: Option<UnseenLimits>,
    view: PageView,
}

enum PageView {
    /// No page was there yet: whoever starts a call without one does not wait for it.
    NeverOpened,
    Open,
    Closed {
        since: Instant,
        is_told: bool,
        /// What the desktop shows meanwhile, if it can.
        shown: Option<ShownNotification>,
    },
}

/// What is to be done about it now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum UnseenStep {
    Nothing,
    Tell { ends_in: Duration },
    End,
}

impl UnseenWatch {
    pub(super) fn new(limits: Option<UnseenLimits>) -> Self {
        Self { limits, view: PageView::NeverOpened }
    }

    /// Looks at how many pages are open.
    fn look(&mut self, pages: usize, now: Instant) -> UnseenStep {
        let Some(limits) = self.limits else { return UnseenStep::Nothing };
        match &mut self.view {
            PageView::NeverOpened if pages == 0 => UnseenStep::Nothing,
            _ if pages > 0 => {
                self.view = PageView::Open;
                UnseenStep::Nothing
            }
            PageView::NeverOpened | PageView::Open => {
                self.view = PageView::Closed { since: now, is_told: false, shown: None };
                UnseenStep::Nothing
            }
            PageView::Closed { since, is_told, .. } => {
                let unseen = now.saturating_duration_since(*since);
                if unseen >= limits.ends_after {
                    return UnseenStep::End;
                }
                let tells = unseen >= limits.told_after && !std::mem::replace(is_told, unseen >= limits.told_after);
                if tells { UnseenStep::Tell { ends_in: limits.ends_after - unseen } } else { UnseenStep::Nothing }
            }
        }
    }

    fn set_shown(&mut self, notification: ShownNotification) {
        if let PageView::Closed { shown, .. } = &mut self.view {
            *shown = Some(notification);
        }
    }
}

impl CallController {
    /// Tells the user if no page is open, and ends the call if none is for long. `sender` takes what is pressed on the
    /// notification.
    #[expect(clippy::disallowed_methods, reason = "people are waited for")]
    pub(super) fn watch_unseen(&mut self, sender: &SyncSender<ControllerEvent>) {
        let Some(pages) = self.server.as_ref().map(|server| server.connected_pages()) else { return };
        match self.unseen.look(pages, Instant::now()) {
            UnseenStep::Nothing => {}
            UnseenStep::Tell { ends_in } => self.tell_unseen(ends_in, sender.clone()),
            UnseenStep::End => {
                self.notifier.notify(UserNotice::EndedUnseen);
                self.stopper.stop();
                // It ends once.
                self.unseen = UnseenWatch::new(None);
            }
        }
    }

    fn tell_unseen(&mut self, ends_in: Duration, sender: SyncSender<ControllerEvent>) {
        self.notifier.notify(UserNotice::Unseen { ends_in });
        let language = self.plan.language;
        let minutes = ends_in.as_secs().div_ceil(60);
        let body = match self.phase {
            CallPhase::Before => language.pick(
                format!("ページがどこにも開いていません。{minutes}分後に、このまま終了します。"),
                format!("No page of it is open. It ends by itself in {minutes} min."),
            ),
            CallPhase::During { .. } | CallPhase::Over => language.pick(
                format!("通話を聞いていますが、ページがどこにも開いていません。{minutes}分後に、まとめを作って終了します。"),
                format!("It hears the call, and no page of it is open. It ends by itself in {minutes} min, with the summary."),
            ),
        };
        let mut actions = vec![(END, FINISH.pick(language).to_owned())];
        if self.plan.overlay.as_ref().is_some_and(|overlay| overlay.opener.is_some()) {
            actions.insert(0, (OPEN, OPEN_PAGE.pick(language).to_owned()));
        }
        let notification =
            Notification { summary: STILL_RUNNING.pick(language).to_owned(), body, actions, is_urgent: true };
        let on_action = move |action: &str| {
            let event = match action {
                OPEN => ControllerEvent::OpenPage,
                END => ControllerEvent::End,
                _ => return,
            };
            // What does not fit can be pressed again.
            let _ = sender.try_send(event);
        };
        match desktop::notify(&notification, Box::new(on_action)) {
            Ok(shown) => self.unseen.set_shown(shown),
            Err(error) => tracing::info!(%error, "the desktop shows no notification"),
        }
    }

    /// Opens the page in a browser again.
    pub(super) fn reopen_page(&self) {
        let opener = self.plan.overlay.as_ref().and_then(|overlay| overlay.opener.as_ref());
        if let (Some(server), Some(opener)) = (&self.server, opener)
            && let Err(error) = server.open_browser(opener)
        {
            tracing::debug!(%error, "no browser opens");
            self.notifier.notify(UserNotice::BrowserNotOpened);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::disallowed_methods, reason = "an instant cannot be had otherwise; nothing waits")]
    fn a_call_that_nobody_looks_at_is_told_once_and_ends() {
        let begin = Instant::now();
        let mut watch = UnseenWatch::new(Some(UnseenLimits::default()));
        let mut look = |pages, secs| watch.look(pages, begin + Duration::from_secs(secs));
        assert_eq!(look(0, 4_000), UnseenStep::Nothing, "nobody has opened it yet");
        assert_eq!(look(1, 4_001), UnseenStep::Nothing);
        assert_eq!(look(0, 5_000), UnseenStep::Nothing, "it may be loaded again");
        assert_eq!(look(0, 5_019), UnseenStep::Nothing);
        assert_eq!(look(0, 5_021), UnseenStep::Tell { ends_in: Duration::from_secs(579) });
        assert_eq!(look(0, 5_022), UnseenStep::Nothing, "told once");
        assert_eq!(look(1, 5_500), UnseenStep::Nothing, "seen again");
        assert_eq!(look(0, 5_601), UnseenStep::Nothing, "and closed again");
        assert_eq!(look(0, 6_200), UnseenStep::Tell { ends_in: Duration::from_secs(1) });
        assert_eq!(look(0, 6_201), UnseenStep::End);
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "an instant cannot be had otherwise; nothing waits")]
    fn a_call_without_limits_goes_on() {
        let begin = Instant::now();
        let mut watch = UnseenWatch::new(None);
        watch.look(1, begin);
        watch.look(0, begin);
        assert_eq!(watch.look(0, begin + Duration::from_secs(100_000)), UnseenStep::Nothing);
    }
}
