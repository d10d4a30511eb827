//! A call, run from the command line: Ctrl-C ends it, and where its files are is printed.

use std::sync::Arc;

use anyhow::Context;

use crate::app::{Call, CallPlan, EventSelector, Interrupter, OpenSource, Stopper};
use crate::cli::terminal::Terminal;

/// What is printed and written of a call besides its summary.
#[derive(Default)]
pub(super) struct CallExtras {
    /// The events whose figures are printed, if any are asked for.
    pub(super) explain: Option<EventSelector>,
    /// Whether the shared mirror is written.
    pub(super) mirror: bool,
}

/// Runs a call, and prints where its summary is.
#[expect(clippy::print_stdout, clippy::print_stderr, reason = "the command line's own voice")]
pub(super) fn run(
    plan: CallPlan,
    open: OpenSource,
    stopper: Stopper,
    terminal: Terminal,
    extras: &CallExtras,
) -> anyhow::Result<()> {
    let language = plan.language;
    let call = Call::new(plan, open, stopper, Arc::new(terminal));
    interrupt_at_ctrl_c(call.interrupter())?;
    let Some(finished) = call.run()? else {
        eprintln!("keicho: no call was begun, and nothing was kept");
        return Ok(());
    };
    println!("summary: {}", finished.page().display());
    if extras.mirror {
        println!("mirror: {}", finished.call().write_mirror(language)?.display());
    }
    if let Some(which) = &extras.explain {
        print!("{}", finished.explain(which)?);
    }
    Ok(finished.close()?)
}

/// From now on Ctrl-C ends the call, and at once the process if it is pressed again before that has come about.
fn interrupt_at_ctrl_c(interrupter: Interrupter) -> anyhow::Result<()> {
    ctrlc::set_handler(move || {
        if !interrupter.interrupt() {
            std::process::exit(130);
        }
    })
    .context("cannot catch Ctrl-C")
}
