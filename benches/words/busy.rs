//! Two busy processes, as a call application and a build are; and this process's memory.

use std::process::{Child, Command};

/// Processes that do nothing but run. They end with the value.
pub(crate) struct Busy(Vec<Child>);

impl Busy {
    pub(crate) fn two() -> Self {
        let start = |_| Command::new("sh").args(["-c", "while :; do :; done"]).spawn().unwrap();
        Self((0..2).map(start).collect())
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        for child in &mut self.0 {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// The most that this process ever held, and what it holds, where the system tells.
pub(crate) fn peak_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let lines = status.lines().filter(|line| line.starts_with("VmHWM") || line.starts_with("VmRSS"));
    lines.map(|line| line.replace('\t', " ")).collect::<Vec<_>>().join(", ")
}
