//! A connection to the bus: it makes itself known, asks, and waits for the answers.

use std::io::{self, BufRead as _, BufReader, Write as _};
use std::os::unix::net::UnixStream;
use std::time::Duration;

use crate::desktop::message::{BodyReader, BodyWriter, MessageKind, ReceivedMessage, SentMessage};

pub(super) const BUS: &str = "org.freedesktop.DBus";
pub(super) const BUS_PATH: &str = "/org/freedesktop/DBus";

/// The interface by which an object tells its properties.
pub(super) const PROPERTIES: &str = "org.freedesktop.DBus.Properties";

/// An answer of the bus or of a service takes milliseconds, and on a computer that is busy starting its desktop some seconds.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);

/// A connection that the bus knows.
pub(super) struct BusConnection {
    socket: BufReader<UnixStream>,
    /// The name that the bus has given it.
    name: String,
    last_serial: u32,
    /// What came while an answer was waited for: calls that ask for one, and signals.
    waiting: Vec<ReceivedMessage>,
}

impl BusConnection {
    pub(super) fn open(socket: UnixStream) -> io::Result<Self> {
        let mut connection =
            Self { socket: BufReader::new(socket), name: String::new(), last_serial: 0, waiting: Vec::new() };
        connection.authenticate()?;
        let hello = connection.call(BUS, BUS_PATH, "Hello", "", BodyWriter::default())?;
        connection.name = BodyReader::new(&hello.body).string().ok_or(io::ErrorKind::InvalidData)?.to_owned();
        Ok(connection)
    }

    /// The bus asks the system who is at the other end; the number of the user only says whom to expect.
    fn authenticate(&mut self) -> io::Result<()> {
        self.socket.get_ref().set_read_timeout(Some(ANSWER_TIMEOUT))?;
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

    /// Has the bus pass on the signals that fit a rule (D-Bus specification, "match rules").
    pub(super) fn add_match(&mut self, rule: &str) -> io::Result<()> {
        let mut body = BodyWriter::default();
        body.string(rule);
        self.call(BUS, BUS_PATH, "AddMatch", "s", body).map(drop)
    }

    /// Calls a method of the interface that is named like its service, and waits for the answer.
    pub(super) fn call(
        &mut self,
        destination: &str,
        path: &str,
        member: &str,
        signature: &str,
        body: BodyWriter,
    ) -> io::Result<ReceivedMessage> {
        self.call_interface((destination, path, destination), member, signature, body)
    }

    /// Calls a method of a service, an object and an interface, and waits for the answer.
    pub(super) fn call_interface(
        &mut self,
        (destination, path, interface): (&str, &str, &str),
        member: &str,
        signature: &str,
        body: BodyWriter,
    ) -> io::Result<ReceivedMessage> {
        self.socket.get_ref().set_read_timeout(Some(ANSWER_TIMEOUT))?;
        self.last_serial += 1;
        let serial = self.last_serial;
        let call =
            SentMessage { serial, destination, path, interface, member, signature, body, ..SentMessage::default() };
        self.socket.get_mut().write_all(&call.encode_call())?;
        loop {
            let message = ReceivedMessage::read(&mut self.socket)?;
            match message.kind {
                MessageKind::MethodReturn if message.reply_to == Some(serial) => return Ok(message),
                MessageKind::Error if message.reply_to == Some(serial) => {
                    let why = BodyReader::new(&message.body).string().unwrap_or("refused").to_owned();
                    return Err(io::Error::other(why));
                }
                MessageKind::MethodCall | MessageKind::Signal => self.waiting.push(message),
                _ => {}
            }
        }
    }

    /// The next message, however long it takes to come.
    pub(super) fn receive(&mut self) -> io::Result<ReceivedMessage> {
        if !self.waiting.is_empty() {
            return Ok(self.waiting.remove(0));
        }
        self.socket.get_ref().set_read_timeout(None)?;
        ReceivedMessage::read(&mut self.socket)
    }

    /// The socket once more: to write to it, or to end it, from another thread.
    pub(super) fn clone_socket(&self) -> io::Result<UnixStream> {
        self.socket.get_ref().try_clone()
    }

    /// The name that the bus has given it.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The number of the newest message that was sent.
    pub(super) fn last_serial(&self) -> u32 {
        self.last_serial
    }
}
