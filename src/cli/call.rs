//! A call, run from the command line: Ctrl-C ends it, and where its files are is printed.

use std::sync::Arc;

use crate::app::{Call, CallPlan, EventSelector, Notifier, OpenSource, Stopper};
use crate::cli::terminal::Terminal;
use crate::cli::{console, signals};

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
    let language = plan.language;
    let terminal = Arc::new(terminal);
    let call = Call::new(plan, open, stopper, Arc::clone(&terminal) as Arc<dyn Notifier>);
    terminal.set_call(call.interrupter());
    signals::end_call_at_signals(call.interrupter())?;
    let Some(finished) = call.run()? else {
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
