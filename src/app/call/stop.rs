//! The end of a call: asked for by Ctrl-C or by the page.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context;

/// Ends a call in order, from any thread. Clones end the same call.
#[derive(Clone)]
pub(crate) struct Stopper {
    /// What the driver looks at.
    flag: Arc<AtomicBool>,
    stop: Arc<dyn Fn() + Send + Sync>,
}

impl Stopper {
    /// For a call that ends between two blocks.
    pub(crate) fn new() -> Self {
        let flag = Arc::new(AtomicBool::new(false));
        let set = Arc::clone(&flag);
        Self { flag, stop: Arc::new(move || set.store(true, Ordering::Relaxed)) }
    }

    /// For a source that ends by itself once it is told to, when it has handed on all that it has.
    #[cfg(feature = "capture")]
    pub(crate) fn for_source(stop: impl Fn() + Send + Sync + 'static) -> Self {
        Self { flag: Arc::new(AtomicBool::new(false)), stop: Arc::new(stop) }
    }

    pub(super) fn stop(&self) {
        (self.stop)();
    }

    pub(super) fn flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.flag)
    }
}

/// Whether Ctrl-C was pressed.
pub(super) struct Interrupts(Arc<AtomicBool>);

impl Interrupts {
    /// From now on Ctrl-C does this, and at once ends the process when it is pressed again.
    pub(super) fn catch(then: impl Fn() + Send + 'static) -> anyhow::Result<Self> {
        let pressed = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&pressed);
        ctrlc::set_handler(move || {
            if seen.swap(true, Ordering::Relaxed) {
                std::process::exit(130);
            }
            then();
        })
        .context("cannot catch Ctrl-C")?;
        Ok(Self(pressed))
    }

    /// The call is over and its files are written: Ctrl-C counts from the first again.
    pub(super) fn reset(&self) {
        self.0.store(false, Ordering::Relaxed);
    }

    pub(super) fn pressed(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
