//! Keys that hold whatever window is in front, by the desktop's portal for them (org.freedesktop.portal.GlobalShortcuts).
//!
//! The desktop asks the user whether they want the shortcuts and by which keys, and remembers it. A portal that is not there may
//! come, and one that ended may come again: then it is asked, and until then nothing happens.

use std::io;
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::thread::{self, JoinHandle};

use crate::desktop::Shortcut;
use crate::desktop::bus::{BUS, BusConnection, PROPERTIES};
use crate::desktop::message::{BodyReader, BodyWriter, MessageKind, ReceivedMessage};

const SERVICE: &str = "org.freedesktop.portal.Desktop";
const PATH: &str = "/org/freedesktop/portal/desktop";
const SHORTCUTS: &str = "org.freedesktop.portal.GlobalShortcuts";
const REGISTRY: &str = "org.freedesktop.host.portal.Registry";
const REQUEST: &str = "org.freedesktop.portal.Request";

/// The name of our entry in the menu (packaging/keicho.desktop), by which a desktop knows whose the shortcuts are.
const APPLICATION: &str = "keicho";

/// The last words of the paths of what is made on the portal: any, if they are one's own.
const SESSION_TOKEN: &str = "keicho";
const SESSION_ASKED: &str = "keicho_session";
const KEYS_ASKED: &str = "keicho_keys";

/// What a request comes to, if it is granted; else the user or the desktop has refused.
const GRANTED: u32 = 0;

/// Shortcuts that are asked for and listened to. Dropped, they are gone, as the portal sees the connection end.
pub(super) struct ServedShortcuts {
    socket: UnixStream,
    thread: Option<JoinHandle<()>>,
}

impl ServedShortcuts {
    pub(super) fn start(
        socket: UnixStream,
        shortcuts: Vec<Shortcut>,
        on_action: Box<dyn Fn(&str) + Send>,
    ) -> io::Result<Self> {
        let mut connection = BusConnection::open(socket)?;
        for (interface, member) in [(SHORTCUTS, "Activated"), (REQUEST, "Response")] {
            connection
                .add_match(&format!("type='signal',sender='{SERVICE}',interface='{interface}',member='{member}'"))?;
        }
        connection.add_match(&format!("type='signal',sender='{BUS}',member='NameOwnerChanged',arg0='{SERVICE}'"))?;
        let socket = connection.clone_socket()?;
        // A desktop that is just being started takes its time to answer.
        let serve = move || PortalSession::new(connection, shortcuts).serve(&*on_action);
        let thread = thread::Builder::new().name("shortcuts".to_owned()).spawn(serve)?;
        Ok(Self { socket, thread: Some(thread) })
    }
}

impl Drop for ServedShortcuts {
    fn drop(&mut self) {
        // It fails if the bus has hung up, and then the thread's read has ended by itself.
        let _ = self.socket.shutdown(Shutdown::Both);
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the thread that listens to shortcuts panicked");
        }
    }
}

/// What is asked of the portal.
struct PortalSession {
    connection: BusConnection,
    shortcuts: Vec<Shortcut>,
    /// Whether the portal that is there was asked.
    has_asked: bool,
}

impl PortalSession {
    fn new(connection: BusConnection, shortcuts: Vec<Shortcut>) -> Self {
        Self { connection, shortcuts, has_asked: false }
    }

    /// Listens until the connection ends.
    fn serve(mut self, on_action: &dyn Fn(&str)) {
        self.ask();
        while let Ok(message) = self.connection.receive() {
            if message.kind == MessageKind::Signal {
                self.hear(&message, on_action);
            }
        }
    }

    fn hear(&mut self, signal: &ReceivedMessage, on_action: &dyn Fn(&str)) {
        let mut body = BodyReader::new(&signal.body);
        match (&*signal.interface, &*signal.member) {
            (BUS, "NameOwnerChanged") => {
                let (_, _, owner) = (body.string(), body.string(), body.string());
                let is_there = owner.is_some_and(|owner| !owner.is_empty());
                self.has_asked &= is_there;
                if is_there && !self.has_asked {
                    self.ask();
                }
            }
            (REQUEST, "Response") => match body.u32() {
                Some(GRANTED) if signal.path == self.path("request", SESSION_ASKED) => self.ask_for_keys(),
                Some(GRANTED) => {}
                _ => tracing::info!("the desktop or its user gives no keys for shortcuts"),
            },
            (SHORTCUTS, "Activated") if body.string() == Some(&self.path("session", SESSION_TOKEN)) => {
                let pressed = body.string();
                let known = self.shortcuts.iter().find(|shortcut| Some(shortcut.name) == pressed);
                known.into_iter().for_each(|shortcut| on_action(shortcut.name));
            }
            _ => {}
        }
    }

    /// Where the portal puts what we ask for by this token.
    fn path(&self, kind: &str, token: &str) -> String {
        let sender = self.connection.name().trim_start_matches(':').replace('.', "_");
        format!("{PATH}/{kind}/{sender}/{token}")
    }

    /// Asks for a session; the answer is a signal.
    fn ask(&mut self) {
        let mut who = BodyWriter::default();
        who.string(APPLICATION);
        who.array(8, |_| {});
        // Before anything else. A portal without the registry knows us by how we were started.
        if let Err(error) = self.connection.call_interface((SERVICE, PATH, REGISTRY), "Register", "sa{sv}", who) {
            tracing::debug!(%error, "the portal does not take our name");
        }
        let mut options = BodyWriter::default();
        options.array(8, |options| {
            option(options, "handle_token", SESSION_ASKED);
            option(options, "session_handle_token", SESSION_TOKEN);
        });
        // One that comes later is asked then.
        self.has_asked = self.call("CreateSession", "a{sv}", options);
    }

    fn ask_for_keys(&mut self) {
        let mut body = BodyWriter::default();
        body.string(&self.path("session", SESSION_TOKEN));
        body.array(8, |list| {
            for Shortcut { name, label, proposed_key } in &self.shortcuts {
                list.structure(|shortcut| {
                    shortcut.string(name);
                    shortcut.array(8, |options| {
                        option(options, "description", label);
                        option(options, "preferred_trigger", proposed_key);
                    });
                });
            }
        });
        // It has no window for the desktop's question to stand before.
        body.string("");
        body.array(8, |options| option(options, "handle_token", KEYS_ASKED));
        self.call("BindShortcuts", "oa(sa{sv})sa{sv}", body);
    }

    /// Whether the portal has taken a call. A desktop without it says so; there is nothing to be done about it.
    fn call(&mut self, member: &str, signature: &str, body: BodyWriter) -> bool {
        let called = self.connection.call_interface((SERVICE, PATH, SHORTCUTS), member, signature, body);
        called.inspect_err(|error| tracing::info!(%error, "the desktop has no shortcuts for us")).is_ok()
    }
}

fn option(options: &mut BodyWriter, name: &str, value: &str) {
    options.structure(|option| {
        option.string(name);
        option.variant("s", |option| option.string(value));
    });
}

/// The version of the portal, which is started for that if the bus knows how.
pub(super) fn portal_version(socket: UnixStream) -> io::Result<u32> {
    let mut property = BodyWriter::default();
    property.string(SHORTCUTS);
    property.string("version");
    let mut connection = BusConnection::open(socket)?;
    let answer = connection.call_interface((SERVICE, PATH, PROPERTIES), "Get", "ss", property)?;
    let mut body = BodyReader::new(&answer.body);
    let version = if body.signature() == Some("u") { body.u32() } else { None };
    version.ok_or_else(|| io::ErrorKind::InvalidData.into())
}
