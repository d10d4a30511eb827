//! The end of a call, asked for from another thread or by its page.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::SyncSender;

use crate::app::call::controller_event::ControllerEvent;

/// Ends a call in order, from any thread. Clones end the same call.
#[derive(Clone)]
pub struct Stopper {
    /// What the driver looks at between two blocks.
    flag: Arc<AtomicBool>,
    stop: Arc<dyn Fn() + Send + Sync>,
}

impl Stopper {
    /// For a call that ends between two blocks.
    pub fn between_blocks() -> Self {
        let flag = Arc::new(AtomicBool::new(false));
        let set = Arc::clone(&flag);
        Self { flag, stop: Arc::new(move || set.store(true, Ordering::Relaxed)) }
    }

    /// For a source that ends by itself after `stop` is called, once it has handed on all that it has.
    pub fn for_source(stop: impl Fn() + Send + Sync + 'static) -> Self {
        Self { flag: Arc::new(AtomicBool::new(false)), stop: Arc::new(stop) }
    }

    pub(super) fn stop(&self) {
        (self.stop)();
    }

    pub(super) fn flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.flag)
    }
}

/// Ends what is going on, from any thread: the call, and once it is over and in its files the wait for an answer to how
/// it felt. Clones end the same call.
#[derive(Clone)]
pub struct Interrupter {
    is_pressed: Arc<AtomicBool>,
    /// Whether the call is over and waits to be saved.
    is_held: Arc<AtomicBool>,
    stopper: Stopper,
    controller: SyncSender<ControllerEvent>,
}

impl Interrupter {
    pub(super) fn new(stopper: Stopper, controller: SyncSender<ControllerEvent>) -> Self {
        let (is_pressed, is_held) = (Arc::default(), Arc::default());
        Self { is_pressed, is_held, stopper, controller }
    }

    /// Asks for the end. `false` if that was asked for already and it has not come about yet: the caller may be
    /// impatient.
    pub fn interrupt(&self) -> bool {
        if self.is_pressed.swap(true, Ordering::Relaxed) {
            return false;
        }
        self.stopper.stop();
        // What does not fit is not needed: whoever empties the queue looks at the flag as well.
        let _ = self.controller.try_send(ControllerEvent::Wake);
        true
    }

    /// Asks for the end because nobody is at the terminal any more. A call that waits to be saved goes on waiting: nobody
    /// has given it up.
    pub fn hang_up(&self) {
        if !self.is_held.load(Ordering::Relaxed) {
            self.interrupt();
        }
    }

    /// Saves a call that is over in this folder, if it cannot be saved where it should be. Otherwise nothing follows.
    pub fn save_elsewhere(&self, folder: PathBuf) {
        // What does not fit can be asked for again.
        let _ = self.controller.try_send(ControllerEvent::SaveElsewhere(folder));
    }

    /// The call is over and its files are written: what was asked for has come about.
    pub(super) fn reset(&self) {
        self.is_held.store(false, Ordering::Relaxed);
        self.is_pressed.store(false, Ordering::Relaxed);
    }

    /// The call is over, and is held in memory until it can be saved: to ask for the end again gives it up.
    pub(super) fn hold(&self) {
        self.is_held.store(true, Ordering::Relaxed);
        self.is_pressed.store(false, Ordering::Relaxed);
    }

    /// Whether the end is asked for.
    pub(super) fn is_pressed(&self) -> bool {
        self.is_pressed.load(Ordering::Relaxed)
    }
}
