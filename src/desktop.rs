//! Messages to the user outside the browser: the desktop's notifications, over the user's own session bus (D-Bus).
//!
//! It speaks to a socket of this computer (`AF_UNIX`) and to nothing else: the libraries for D-Bus can open connections
//! to a network as well, which this program has no way to do. It needs two calls and one signal of the bus; the room
//! owns these, and leaves to the application what is said and when. On systems other than Linux there is none.

#[cfg(target_os = "linux")]
mod address;
#[cfg(target_os = "linux")]
mod bus;
#[cfg(target_os = "linux")]
mod message;

use std::io;

/// What is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// A few words.
    pub summary: String,
    /// A sentence or two.
    pub body: String,
    /// What can be pressed: the name by which it is told, and what is read on it.
    pub actions: Vec<(&'static str, String)>,
}

/// A notification that is shown, until it is dropped.
pub struct ShownNotification {
    #[cfg(target_os = "linux")]
    _shown: bus::OpenNotification,
}

/// Shows a notification. `on_action` is called with the name of what was pressed, on a thread of its own.
///
/// # Errors
/// When there is no session bus, or nothing shows notifications.
#[cfg(target_os = "linux")]
pub fn notify(notification: &Notification, on_action: Box<dyn Fn(&str) + Send>) -> io::Result<ShownNotification> {
    let socket = address::connect(&|name| std::env::var_os(name))?;
    Ok(ShownNotification { _shown: bus::OpenNotification::show(socket, notification, on_action)? })
}

/// Shows nothing: there is no such bus here.
///
/// # Errors
/// Always.
#[cfg(not(target_os = "linux"))]
pub fn notify(_: &Notification, _: Box<dyn Fn(&str) + Send>) -> io::Result<ShownNotification> {
    Err(io::ErrorKind::Unsupported.into())
}
