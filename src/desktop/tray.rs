//! An icon in the desktop's tray, with a tooltip and a menu: a StatusNotifierItem that serves itself on the bus.
//!
//! It is registered at a StatusNotifierWatcher if one is there, and again whenever one comes; a desktop without one has no
//! tray, and then nothing of this is seen. What is shown is kept here, and the desktop asks for it when it likes.

mod item;
mod menu;

use std::io::{self, Write as _};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use crate::desktop::bus::{BUS, BUS_PATH, BusConnection, PROPERTIES};
use crate::desktop::message::{BodyReader, BodyWriter, MessageKind, ReceivedMessage, SentMessage};
use crate::desktop::{TrayContent, address};

const WATCHER: &str = "org.kde.StatusNotifierWatcher";
const WATCHER_PATH: &str = "/StatusNotifierWatcher";

/// `RequestName` (D-Bus specification, "message bus messages"): fails if somebody else has the name.
const DO_NOT_QUEUE: u32 = 4;

/// An icon that is shown where there is a tray. Dropped, it is taken away.
pub(super) struct ServedTray {
    link: Arc<TrayLink>,
    /// By which the thread's read is ended.
    socket: UnixStream,
    thread: Option<JoinHandle<()>>,
}

/// What the owner and the thread share.
struct TrayLink {
    /// Contended by the thread that answers the desktop and by the owner, who shows something else a few times in a call;
    /// held while a message is written.
    state: Mutex<TrayState>,
    on_action: Box<dyn Fn(&str) + Send + Sync>,
}

struct TrayState {
    socket: UnixStream,
    last_serial: u32,
    content: TrayContent,
    /// Counts the menus.
    revision: u32,
}

/// What a call of the desktop comes to: the types and the values of the answer. `None` if there is no such thing.
type Answer = Option<(&'static str, BodyWriter)>;

impl ServedTray {
    pub(super) fn start(content: TrayContent, on_action: Box<dyn Fn(&str) + Send + Sync>) -> io::Result<Self> {
        let mut connection = BusConnection::open(address::connect(&|name| std::env::var_os(name))?)?;
        // The name by which the specification has a tray's items known.
        let name = format!("org.kde.StatusNotifierItem-{}-1", std::process::id());
        let mut request = BodyWriter::default();
        request.string(&name);
        request.u32(DO_NOT_QUEUE);
        connection.call(BUS, BUS_PATH, "RequestName", "su", request)?;
        connection.add_match(&format!("type='signal',sender='{BUS}',member='NameOwnerChanged',arg0='{WATCHER}'"))?;
        let (writer, socket) = (connection.clone_socket()?, connection.clone_socket()?);
        let last_serial = connection.last_serial();
        let state = TrayState { socket: writer, last_serial, content, revision: 1 };
        let link = Arc::new(TrayLink { state: Mutex::new(state), on_action });
        link.lock().register(&name)?;
        let serving = Arc::clone(&link);
        let serve = move || serve(connection, &serving, &name);
        let thread = thread::Builder::new().name("tray".to_owned()).spawn(serve)?;
        Ok(Self { link, socket, thread: Some(thread) })
    }

    /// Shows something else.
    pub(super) fn show(&self, content: TrayContent) -> io::Result<()> {
        self.link.lock().show(content)
    }
}

impl Drop for ServedTray {
    fn drop(&mut self) {
        // It fails if the bus has hung up, and then the thread's read has ended by itself.
        let _ = self.socket.shutdown(Shutdown::Both);
        if let Some(thread) = self.thread.take().filter(|thread| thread.thread().id() != thread::current().id())
            && thread.join().is_err()
        {
            tracing::error!("the thread that serves the tray panicked");
        }
    }
}

impl TrayLink {
    fn lock(&self) -> MutexGuard<'_, TrayState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Answers the desktop until the connection ends.
fn serve(mut connection: BusConnection, link: &TrayLink, name: &str) {
    while let Ok(message) = connection.receive() {
        let done = match message.kind {
            MessageKind::MethodCall => answer(link, &message),
            MessageKind::Signal if message.member == "NameOwnerChanged" && has_new_owner(&message) => {
                link.lock().register(name)
            }
            _ => Ok(()),
        };
        if let Err(error) = done {
            return tracing::debug!(%error, "the tray is no longer served");
        }
    }
}

/// Whether a name that somebody may have had belongs to somebody now.
fn has_new_owner(message: &ReceivedMessage) -> bool {
    let mut body = BodyReader::new(&message.body);
    let (name, _, owner) = (body.string(), body.string(), body.string());
    name == Some(WATCHER) && owner.is_some_and(|owner| !owner.is_empty())
}

fn answer(link: &TrayLink, call: &ReceivedMessage) -> io::Result<()> {
    let mut pressed = Vec::new();
    let mut state = link.lock();
    let answer = match (&*call.path, &*call.interface) {
        (_, "org.freedesktop.DBus.Peer") if call.member == "Ping" => Some(("", BodyWriter::default())),
        (item::PATH, PROPERTIES) => item::properties(&state.content, call),
        (item::PATH, item::INTERFACE) => item::call(&state.content, call, &mut pressed),
        (menu::PATH, PROPERTIES) => menu::properties(call),
        (menu::PATH, menu::INTERFACE) => menu::call(&state.content.menu, state.revision, call, &mut pressed),
        _ => None,
    };
    if call.wants_reply {
        state.reply(call, answer)?;
    }
    drop(state);
    pressed.iter().for_each(|action| (link.on_action)(action));
    Ok(())
}

impl TrayState {
    /// Tells the watcher of the tray that it is here. Nobody answers: if there is no watcher, one may come.
    fn register(&mut self, name: &str) -> io::Result<()> {
        let mut body = BodyWriter::default();
        body.string(name);
        let call = SentMessage {
            destination: WATCHER,
            path: WATCHER_PATH,
            interface: WATCHER,
            member: "RegisterStatusNotifierItem",
            signature: "s",
            body,
            ..SentMessage::default()
        };
        self.send(MessageKind::MethodCall, call)
    }

    fn show(&mut self, content: TrayContent) -> io::Result<()> {
        let before = std::mem::replace(&mut self.content, content);
        if before.icon != self.content.icon {
            self.signal(item::PATH, item::INTERFACE, "NewIcon", "", BodyWriter::default())?;
        }
        if (&before.title, &before.text) != (&self.content.title, &self.content.text) {
            self.signal(item::PATH, item::INTERFACE, "NewToolTip", "", BodyWriter::default())?;
        }
        if before.needs_attention != self.content.needs_attention {
            let mut status = BodyWriter::default();
            status.string(item::status(&self.content));
            self.signal(item::PATH, item::INTERFACE, "NewStatus", "s", status)?;
        }
        if before.menu != self.content.menu {
            self.revision += 1;
            let mut layout = BodyWriter::default();
            layout.u32(self.revision);
            layout.i32(menu::ROOT);
            self.signal(menu::PATH, menu::INTERFACE, "LayoutUpdated", "ui", layout)?;
        }
        Ok(())
    }

    fn signal(
        &mut self,
        path: &str,
        interface: &str,
        member: &str,
        signature: &str,
        body: BodyWriter,
    ) -> io::Result<()> {
        let signal = SentMessage { path, interface, member, signature, body, ..SentMessage::default() };
        self.send(MessageKind::Signal, signal)
    }

    fn reply(&mut self, call: &ReceivedMessage, answer: Answer) -> io::Result<()> {
        let to = SentMessage { destination: &call.sender, reply_to: Some(call.serial), ..SentMessage::default() };
        match answer {
            Some((signature, body)) => self.send(MessageKind::MethodReturn, SentMessage { signature, body, ..to }),
            None => {
                let error = "org.freedesktop.DBus.Error.UnknownMethod";
                self.send(MessageKind::Error, SentMessage { error, ..to })
            }
        }
    }

    fn send(&mut self, kind: MessageKind, message: SentMessage<'_>) -> io::Result<()> {
        self.last_serial += 1;
        let numbered = SentMessage { serial: self.last_serial, ..message };
        self.socket.write_all(&numbered.encode_unanswered(kind))
    }
}

/// The name of the interface and of the property that a `Get` asks for; for a `GetAll` the second is `None`.
fn asked_property<'a>(call: &'a ReceivedMessage, interface: &str) -> Option<Option<&'a str>> {
    let mut body = BodyReader::new(&call.body);
    if body.string()? != interface {
        return None;
    }
    match &*call.member {
        "Get" => Some(Some(body.string()?)),
        "GetAll" => Some(None),
        _ => None,
    }
}

/// Answers `Get` and `GetAll` of an interface whose properties are these; `write` adds one, with its type.
fn answer_properties(
    call: &ReceivedMessage,
    interface: &str,
    names: &[&str],
    write: &dyn Fn(&str, &mut BodyWriter),
) -> Answer {
    let mut body = BodyWriter::default();
    match asked_property(call, interface)? {
        Some(name) => {
            names.contains(&name).then_some(())?;
            write(name, &mut body);
            Some(("v", body))
        }
        None => {
            body.array(8, |map| {
                for name in names {
                    map.structure(|entry| {
                        entry.string(name);
                        write(name, entry);
                    });
                }
            });
            Some(("a{sv}", body))
        }
    }
}
