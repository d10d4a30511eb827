//! A call, run from the command line: Ctrl-C ends it, and where its files are is printed.

use std::sync::Arc;

use crate::app::{AppError, Call, CallPlan, EventSelector, Notifier, OpenSource, Stopper};
#[cfg(unix)]
use crate::cli::retire;
use crate::cli::terminal::Terminal;
use crate::cli::{console, signals};
use crate::records::Origin;
use crate::server::{RunningPage, ServerError};

/// What is printed and written of a call besides its summary.
#[derive(Default)]
pub(super) struct CallExtras {
    /// The events whose figures are printed, if any are asked for.
    pub(super) explain: Option<EventSelector>,
    /// Whether the shared mirror is written.
    pub(super) mirror: bool,
}

/// Runs a call, and prints where its summary is.
pub(super) fn run(
    plan: CallPlan,
    open: OpenSource,
    stopper: Stopper,
    terminal: Terminal,
    extras: &CallExtras,
) -> anyhow::Result<()> {
    let (language, is_live) = (plan.language, plan.origin == Origin::Live);
    let opens_browser = plan.overlay.as_ref().is_some_and(|overlay| overlay.opener.is_some());
    #[cfg(unix)]
    if let Some(overlay) = plan.overlay.as_ref().filter(|_| is_live) {
        retire::retire_finished_call(overlay.server.port);
    }
    let terminal = Arc::new(terminal);
    let call = Call::new(plan, open, stopper, Arc::clone(&terminal) as Arc<dyn Notifier>);
    terminal.set_call(call.interrupter());
    signals::end_call_at_signals(call.interrupter())?;
    let run = match call.run() {
        // What was to be started runs already.
        Err(AppError::Server(ServerError::AlreadyRunning(page))) if is_live => {
            return show_running_page(&page, opens_browser);
        }
        run => run?,
    };
    let Some(finished) = run else {
        console::report("keicho: no call was begun, and nothing was kept");
        return Ok(());
    };
    console::announce(format_args!("summary: {}", finished.page().display()));
    if extras.mirror {
        console::announce(format_args!("mirror: {}", finished.call().write_mirror(language)?.display()));
    }
    if let Some(which) = &extras.explain {
        console::print(&finished.explain(which)?)?;
    }
    Ok(finished.close()?)
}

/// A second start leads to the page of the first.
fn show_running_page(page: &RunningPage, opens_browser: bool) -> anyhow::Result<()> {
    console::report("keicho: it runs already; this is its page");
    console::announce(format_args!("overlay: {}", page.url()));
    if opens_browser && page.open_browser().is_err() {
        console::report("keicho: no browser could be opened; open the address above in one yourself");
    }
    Ok(())
}
