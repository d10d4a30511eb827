//! Messages to the user outside the browser: the desktop's notifications and its tray, over the user's own session bus (D-Bus).
//!
//! It speaks to a socket of this computer (`AF_UNIX`) and to nothing else: the libraries for D-Bus can open connections
//! to a network as well, which this program has no way to do. It asks the bus for a few things and serves an icon with its
//! menu on it; the room owns these, and leaves to the application what is said and when. On systems other than Linux there is
//! none.

#[cfg(target_os = "linux")]
mod address;
#[cfg(target_os = "linux")]
mod bus;
#[cfg(target_os = "linux")]
mod message;
#[cfg(target_os = "linux")]
mod notification;
#[cfg(target_os = "linux")]
mod tray;

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
    /// Whether it is shown before others, and in spite of a wish for quiet.
    pub is_urgent: bool,
}

/// What is told like an action when the user closes a notification; no action has this name.
pub const DISMISSED: &str = "dismissed";

/// A notification that is shown, until it is dropped.
pub struct ShownNotification {
    #[cfg(target_os = "linux")]
    _shown: notification::OpenNotification,
}

/// Shows a notification. `on_action` is called with the name of what was pressed, or [`DISMISSED`], on a
/// thread of its own.
///
/// # Errors
/// When there is no session bus, or nothing shows notifications.
#[cfg(target_os = "linux")]
pub fn notify(notification: &Notification, on_action: Box<dyn Fn(&str) + Send>) -> io::Result<ShownNotification> {
    let socket = address::connect(&|name| std::env::var_os(name))?;
    Ok(ShownNotification { _shown: notification::OpenNotification::show(socket, notification, on_action)? })
}

/// Shows nothing: there is no such bus here.
///
/// # Errors
/// Always.
#[cfg(not(target_os = "linux"))]
pub fn notify(_: &Notification, _: Box<dyn Fn(&str) + Send>) -> io::Result<ShownNotification> {
    Err(io::ErrorKind::Unsupported.into())
}

/// What the tray shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrayContent {
    /// The icon, in some sizes.
    pub icon: Vec<TrayPixmap>,
    /// Whether the desktop is to draw attention to it.
    pub needs_attention: bool,
    /// The tooltip's heading …
    pub title: String,
    /// … and what stands under it.
    pub text: String,
    /// What a press on the icon itself does.
    pub primary: &'static str,
    /// The menu.
    pub menu: Vec<TrayMenuItem>,
}

/// A square picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrayPixmap {
    /// The pixels of a side.
    pub size: u32,
    /// Alpha, red, green and blue of each pixel, row by row.
    pub argb: Vec<u8>,
}

/// A line of the tray's menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TrayMenuItem {
    /// Something that can be done.
    Action {
        /// By which it is told that it was pressed.
        name: &'static str,
        /// What is read.
        label: String,
        /// Whether it can be done now.
        is_enabled: bool,
    },
    /// A line.
    Separator,
}

/// An icon in the tray, until it is dropped.
pub struct Tray {
    #[cfg(target_os = "linux")]
    served: tray::ServedTray,
}

#[cfg(target_os = "linux")]
impl Tray {
    /// Puts it into the tray of the desktop, as soon as that has one. `on_action` is called with the name of what was
    /// pressed, on a thread of its own.
    ///
    /// # Errors
    /// When there is no session bus.
    pub fn start(content: TrayContent, on_action: Box<dyn Fn(&str) + Send + Sync>) -> io::Result<Self> {
        Ok(Self { served: tray::ServedTray::start(content, on_action)? })
    }

    /// Shows something else.
    ///
    /// # Errors
    /// When the bus has ended.
    pub fn show(&self, content: TrayContent) -> io::Result<()> {
        self.served.show(content)
    }
}

#[cfg(not(target_os = "linux"))]
impl Tray {
    /// There is no such bus here.
    ///
    /// # Errors
    /// Always.
    pub fn start(_: TrayContent, _: Box<dyn Fn(&str) + Send + Sync>) -> io::Result<Self> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Shows nothing.
    ///
    /// # Errors
    /// Always.
    pub fn show(&self, _: TrayContent) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
}
