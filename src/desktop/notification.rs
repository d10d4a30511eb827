//! A notification on the bus: asked for, listened to, and taken away.

use std::io::{self, Write as _};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::thread::{self, JoinHandle};

use crate::desktop::bus::BusConnection;
use crate::desktop::message::{BodyReader, BodyWriter, MessageKind, SentMessage};
use crate::desktop::{DISMISSED, Notification};

const SERVICE: &str = "org.freedesktop.Notifications";
const SERVICE_PATH: &str = "/org/freedesktop/Notifications";

/// The desktop shows it until it is closed (Desktop Notifications Specification 1.2: `expire_timeout` 0), and by its
/// `urgency` before others or among them.
const NEVER_EXPIRES: i32 = 0;
const NORMAL: u8 = 1;
const URGENT: u8 = 2;

/// The reason with which it is told to be closed, if the user did that.
const DISMISSED_BY_USER: u32 = 2;

/// A notification that is shown. Dropped, it is taken away.
pub(super) struct OpenNotification {
    socket: UnixStream,
    id: u32,
    thread: Option<JoinHandle<()>>,
}

impl OpenNotification {
    pub(super) fn show(
        socket: UnixStream,
        notification: &Notification,
        on_action: Box<dyn Fn(&str) + Send>,
    ) -> io::Result<Self> {
        let mut connection = BusConnection::open(socket)?;
        connection.add_match(&format!("type='signal',interface='{SERVICE}'"))?;
        let body = notify_body(notification);
        let answer = connection.call(SERVICE, SERVICE_PATH, "Notify", "susssasa{sv}i", body)?;
        let id = BodyReader::new(&answer.body).u32().ok_or(io::ErrorKind::InvalidData)?;
        let socket = connection.clone_socket()?;
        let listen = move || listen(connection, id, &*on_action);
        let thread = thread::Builder::new().name("notifications".to_owned()).spawn(listen)?;
        Ok(Self { socket, id, thread: Some(thread) })
    }
}

impl Drop for OpenNotification {
    fn drop(&mut self) {
        let mut body = BodyWriter::default();
        body.u32(self.id);
        let call = SentMessage {
            serial: u32::MAX,
            destination: SERVICE,
            path: SERVICE_PATH,
            interface: SERVICE,
            member: "CloseNotification",
            signature: "u",
            body,
            ..SentMessage::default()
        };
        // A bus that has ended shows nothing any more.
        let _ = self.socket.write_all(&call.encode_call());
        let _ = self.socket.shutdown(Shutdown::Read);
        if let Some(thread) = self.thread.take().filter(|thread| thread.thread().id() != thread::current().id())
            && thread.join().is_err()
        {
            tracing::error!("the thread that listens to notifications panicked");
        }
    }
}

fn notify_body(Notification { summary, body, actions, is_urgent }: &Notification) -> BodyWriter {
    let mut writer = BodyWriter::default();
    writer.string("Keicho");
    writer.u32(0);
    writer.string("");
    writer.string(summary);
    writer.string(body);
    writer.strings(actions.iter().flat_map(|(name, label)| [*name, label.as_str()]));
    writer.array(8, |hints| {
        hints.structure(|hint| {
            hint.string("urgency");
            hint.variant("y", |value| value.byte(if *is_urgent { URGENT } else { NORMAL }));
        });
    });
    writer.i32(NEVER_EXPIRES);
    writer
}

/// Passes on what is pressed on the notification, until the connection ends.
fn listen(mut connection: BusConnection, id: u32, on_action: &dyn Fn(&str)) {
    while let Ok(message) = connection.receive() {
        let mut body = BodyReader::new(&message.body);
        if message.kind != MessageKind::Signal || body.u32() != Some(id) {
            continue;
        }
        match &*message.member {
            "ActionInvoked" => body.string().into_iter().for_each(on_action),
            "NotificationClosed" if body.u32() == Some(DISMISSED_BY_USER) => on_action(DISMISSED),
            _ => {}
        }
    }
}
