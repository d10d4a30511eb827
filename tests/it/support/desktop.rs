//! A session bus with a desktop on it, which shows notifications and presses what the test says. It is made of another
//! library than the program's own.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};

use zbus::blocking::Connection;
use zbus::blocking::connection::Builder;
use zbus::zvariant::OwnedValue;

use super::server::{DEADLINE, Kind, SoundServer, until};

const SERVICE: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";

/// A desktop, until it is dropped.
pub struct Desktop {
    connection: Connection,
    asked: Receiver<Asked>,
    _bus: Option<Bus>,
}

/// What the desktop was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    Shown(Shown),
    Closed(u32),
}

/// A notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    pub id: u32,
    pub summary: String,
    pub body: String,
    /// Names and labels, in turn.
    pub actions: Vec<String>,
}

/// The bus, if the sound server has brought none.
struct Bus(Child);

impl Drop for Bus {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts a session bus where the environment of the test's programs says, if there is none.
fn start_bus(server: &SoundServer) -> Option<Bus> {
    if server.kind() == Kind::PipeWire {
        return None;
    }
    let mut daemon = Command::new("dbus-daemon");
    daemon.args(["--session", "--nofork", "--nopidfile", "--address", &address(server.dir())]);
    let child = daemon.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("no dbus-daemon");
    Some(Bus(child))
}

/// Where the bus of a test listens.
pub fn address(dir: &Path) -> String {
    format!("unix:path={}", dir.join("bus").display())
}

struct Notifications {
    last: u32,
    asked: Sender<Asked>,
}

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Notifications {
    #[expect(clippy::too_many_arguments, reason = "the specification's")]
    fn notify(
        &mut self,
        _app: String,
        _replaces: u32,
        _icon: String,
        summary: String,
        body: String,
        actions: Vec<String>,
        _hints: std::collections::HashMap<String, OwnedValue>,
        _expires: i32,
    ) -> u32 {
        self.last += 1;
        // A test that has ended asks for nothing more.
        let _ = self.asked.send(Asked::Shown(Shown { id: self.last, summary, body, actions }));
        self.last
    }

    fn close_notification(&mut self, id: u32) {
        let _ = self.asked.send(Asked::Closed(id));
    }
}

impl Desktop {
    /// Starts it on the server's bus.
    pub fn start(server: &SoundServer) -> Self {
        let bus = start_bus(server);
        let (sender, asked) = channel();
        let socket = server.dir().join("bus");
        assert!(until(|| std::os::unix::net::UnixStream::connect(&socket).is_ok()), "no session bus");
        let notifications = Notifications { last: 0, asked: sender };
        let connection = Builder::address(address(server.dir()).as_str())
            .and_then(|builder| builder.serve_at(PATH, notifications))
            .and_then(|builder| builder.name(SERVICE))
            .and_then(Builder::build)
            .unwrap();
        Self { connection, asked, _bus: bus }
    }

    /// The next notification that is shown.
    pub fn shown(&self) -> Shown {
        loop {
            if let Asked::Shown(shown) = self.asked.recv_timeout(DEADLINE).expect("no notification") {
                return shown;
            }
        }
    }

    /// Waits until a notification is taken away.
    pub fn closed(&self, id: u32) {
        while self.asked.recv_timeout(DEADLINE).expect("it stays") != Asked::Closed(id) {}
    }

    /// What was asked for and not yet looked at.
    pub fn rest(&self) -> Vec<Asked> {
        self.asked.try_iter().collect()
    }

    /// Closes a notification as its user does.
    pub fn dismiss(&self, shown: &Shown) {
        let dismissed_by_user = 2_u32;
        let closed = (shown.id, dismissed_by_user);
        self.connection.emit_signal(None::<&str>, PATH, SERVICE, "NotificationClosed", &closed).unwrap();
    }

    /// Presses an action of a notification.
    pub fn press(&self, shown: &Shown, action: &str) {
        assert!(shown.actions.iter().step_by(2).any(|name| name == action), "{shown:?}");
        let pressed = (shown.id, action);
        self.connection.emit_signal(None::<&str>, PATH, SERVICE, "ActionInvoked", &pressed).unwrap();
    }
}
