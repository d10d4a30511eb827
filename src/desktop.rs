//! The user outside the browser: the desktop's notifications, its tray and its shortcuts, over the user's own session bus (D-Bus).
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
mod shortcuts;
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

/// Something that is done by a key, whatever window is in front.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shortcut {
    /// By which it is told that the key was pressed.
    pub name: &'static str,
    /// What the desktop says of it when it asks the user.
    pub label: String,
    /// The key that is proposed, in the words of the XDG specification "shortcuts"; the user chooses.
    pub proposed_key: &'static str,
}

/// Shortcuts that hold, where the desktop and the user allow it, until this is dropped.
pub struct Shortcuts {
    #[cfg(target_os = "linux")]
    _served: shortcuts::ServedShortcuts,
}

impl Shortcuts {
    /// Asks the desktop for them, as soon as it has a portal for shortcuts; the desktop asks the user. `on_action` is called
    /// with the name of what was pressed, on a thread of its own.
    ///
    /// # Errors
    /// When there is no session bus.
    #[cfg(target_os = "linux")]
    pub fn start(shortcuts: Vec<Shortcut>, on_action: Box<dyn Fn(&str) + Send>) -> io::Result<Self> {
        let socket = address::connect(&|name| std::env::var_os(name))?;
        Ok(Self { _served: shortcuts::ServedShortcuts::start(socket, shortcuts, on_action)? })
    }

    /// There is no such bus here.
    ///
    /// # Errors
    /// Always.
    #[cfg(not(target_os = "linux"))]
    pub fn start(_: Vec<Shortcut>, _: Box<dyn Fn(&str) + Send>) -> io::Result<Self> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

/// The version of the desktop's portal for shortcuts.
///
/// # Errors
/// When there is no session bus, or no such portal on it.
#[cfg(target_os = "linux")]
pub fn shortcuts_portal() -> io::Result<u32> {
    shortcuts::portal_version(address::connect(&|name| std::env::var_os(name))?)
}
