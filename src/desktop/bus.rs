//! A notification on the bus: asked for, listened to, and taken away.

use std::io::{self, BufRead as _, BufReader, Write as _};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::desktop::Notification;
use crate::desktop::message::{BodyReader, BodyWriter, MessageKind, MethodCall, ReceivedMessage};

const BUS: &str = "org.freedesktop.DBus";
const BUS_PATH: &str = "/org/freedesktop/DBus";
const SERVICE: &str = "org.freedesktop.Notifications";
const SERVICE_PATH: &str = "/org/freedesktop/Notifications";

/// An answer of the bus or of what shows notifications takes milliseconds.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(2);

/// The desktop shows it until it is closed (Desktop Notifications Specification 1.2: `expire_timeout` 0), and before
/// others (`urgency` 2).
const NEVER_EXPIRES: i32 = 0;
const URGENT: u8 = 2;

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
        socket.set_read_timeout(Some(ANSWER_TIMEOUT))?;
        let mut connection = BusConnection::open(socket)?;
        let body = notify_body(notification);
        let answer = connection.call(SERVICE, SERVICE_PATH, "Notify", "susssasa{sv}i", body)?;
        let id = BodyReader::new(&answer.body).u32().ok_or(io::ErrorKind::InvalidData)?;
        connection.socket.get_ref().set_read_timeout(None)?;
        let socket = connection.socket.get_ref().try_clone()?;
        let listen = move || connection.listen(id, &*on_action);
        let thread = thread::Builder::new().name("notifications".to_owned()).spawn(listen)?;
        Ok(Self { socket, id, thread: Some(thread) })
    }
}

impl Drop for OpenNotification {
    fn drop(&mut self) {
        let mut body = BodyWriter::default();
        body.u32(self.id);
        let call = MethodCall {
            serial: u32::MAX,
            destination: SERVICE,
            path: SERVICE_PATH,
            interface: SERVICE,
            member: "CloseNotification",
            signature: "u",
            body,
        };
        // A bus that has ended shows nothing any more.
        let _ = self.socket.write_all(&call.encode());
        let _ = self.socket.shutdown(Shutdown::Read);
        if let Some(thread) = self.thread.take().filter(|thread| thread.thread().id() != thread::current().id())
            && thread.join().is_err()
        {
            tracing::error!("the thread that listens to notifications panicked");
        }
    }
}

fn notify_body(Notification { summary, body, actions }: &Notification) -> BodyWriter {
    let mut writer = BodyWriter::default();
    writer.string("Keicho");
    writer.u32(0);
    writer.string("");
    writer.string(summary);
    writer.string(body);
    writer.strings(actions.iter().flat_map(|(name, label)| [*name, label.as_str()]));
    writer.byte_map(&[("urgency", URGENT)]);
    writer.i32(NEVER_EXPIRES);
    writer
}

/// A connection that the bus knows.
struct BusConnection {
    socket: BufReader<UnixStream>,
    last_serial: u32,
}

impl BusConnection {
    fn open(socket: UnixStream) -> io::Result<Self> {
        let mut connection = Self { socket: BufReader::new(socket), last_serial: 0 };
        connection.authenticate()?;
        connection.call(BUS, BUS_PATH, "Hello", "", BodyWriter::default())?;
        let mut rule = BodyWriter::default();
        rule.string(&format!("type='signal',interface='{SERVICE}',member='ActionInvoked'"));
        connection.call(BUS, BUS_PATH, "AddMatch", "s", rule)?;
        Ok(connection)
    }

    /// The bus asks the system who is at the other end; the number of the user only says whom to expect.
    fn authenticate(&mut self) -> io::Result<()> {
        let uid = rustix::process::getuid().as_raw().to_string();
        let digits: String = uid.bytes().map(|digit| format!("{digit:02x}")).collect();
        write!(self.socket.get_mut(), "\0AUTH EXTERNAL {digits}\r\n")?;
        let mut line = String::new();
        self.socket.read_line(&mut line)?;
        if !line.starts_with("OK ") {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        self.socket.get_mut().write_all(b"BEGIN\r\n")
    }

    /// Calls a method of the interface that is named like its service, and waits for the answer.
    fn call(
        &mut self,
        destination: &str,
        path: &str,
        member: &str,
        signature: &str,
        body: BodyWriter,
    ) -> io::Result<ReceivedMessage> {
        self.last_serial += 1;
        let serial = self.last_serial;
        let call = MethodCall { serial, destination, path, interface: destination, member, signature, body };
        self.socket.get_mut().write_all(&call.encode())?;
        loop {
            let message = ReceivedMessage::read(&mut self.socket)?;
            match message.kind {
                MessageKind::MethodReturn if message.reply_to == Some(serial) => return Ok(message),
                MessageKind::Error if message.reply_to == Some(serial) => {
                    let why = BodyReader::new(&message.body).string().unwrap_or("refused").to_owned();
                    return Err(io::Error::other(why));
                }
                _ => {}
            }
        }
    }

    /// Passes on what is pressed on the notification, until the connection ends.
    fn listen(mut self, id: u32, on_action: &dyn Fn(&str)) {
        while let Ok(message) = ReceivedMessage::read(&mut self.socket) {
            if message.kind != MessageKind::Signal || message.member != "ActionInvoked" {
                continue;
            }
            let mut body = BodyReader::new(&message.body);
            if body.u32() == Some(id)
                && let Some(action) = body.string()
            {
                on_action(action);
            }
        }
    }
}
