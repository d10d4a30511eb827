//! One connection: a question, then its answer.

use std::ffi::CString;
use std::io::{self, Cursor, ErrorKind, Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::time::Duration;

use pulseaudio::protocol::{
    self, AuthParams, AuthReply, Command, CommandReply, DESCRIPTOR_SIZE, MAX_VERSION, Prop, Props, ProtocolError,
    SetClientNameReply, SubscriptionMask,
};

use super::address::Address;
use crate::private_fs;

/// A server that takes longer is hung: it answers from memory.
const REPLY_TIMEOUT: Duration = Duration::from_secs(2);

/// Bytes of the cookie, as the protocol has them.
const COOKIE: usize = 256;

/// No answer is this long; a longer one is not the protocol.
const MAX_MESSAGE_LENGTH: u32 = 16 * 1024 * 1024;

/// A connection that knows the server and is known to it.
pub(super) struct Connection {
    socket: UnixStream,
    version: u16,
    sequence: u32,
    /// Whether the server had news between a question and its answer.
    had_news: bool,
}

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum ConnectionError {
    #[error("{0}")]
    Socket(#[from] io::Error),
    #[error("{0}")]
    Protocol(#[from] ProtocolError),
    #[error("its answers are out of order")]
    OutOfOrder,
}

impl Connection {
    pub(super) fn open(address: &Address) -> Result<Self, ConnectionError> {
        let socket = UnixStream::connect(&address.socket)?;
        socket.set_read_timeout(Some(REPLY_TIMEOUT))?;
        socket.set_write_timeout(Some(REPLY_TIMEOUT))?;
        let mut server = Self { socket, version: MAX_VERSION, sequence: 0, had_news: false };
        let mut cookie = match &address.cookie {
            Some(path) => private_fs::read(path)?,
            None => Vec::new(),
        };
        // A server that asks for none hangs up on one of another length.
        cookie.resize(COOKIE, 0);
        let auth = AuthParams { version: MAX_VERSION, supports_shm: false, supports_memfd: false, cookie };
        let reply: AuthReply = server.request(&Command::Auth(auth))?;
        server.version = MAX_VERSION.min(reply.version);
        let mut props = Props::new();
        props.set(Prop::ApplicationName, c"Keicho");
        if let Ok(pid) = CString::new(std::process::id().to_string()) {
            props.set(Prop::ApplicationProcessId, pid);
        }
        let _: SetClientNameReply = server.request(&Command::SetClientName(props))?;
        Ok(server)
    }

    /// Asks, and waits for the answer.
    pub(super) fn request<R: CommandReply>(&mut self, question: &Command) -> Result<R, ConnectionError> {
        self.send(question)?;
        loop {
            let message = self.message()?;
            match protocol::read_reply_message(&mut Cursor::new(message), self.version) {
                Ok((answered, reply)) if answered == self.sequence => return Ok(reply),
                Ok(_) => return Err(ConnectionError::OutOfOrder),
                // The server's own news may come between a question and its answer.
                Err(ProtocolError::UnexpectedCommand(_)) => self.had_news = true,
                Err(e) => return Err(e.into()),
            }
        }
    }

    /// Asks for news of what changes: from now on the server has some between its answers.
    pub(super) fn subscribe(&mut self, changes: SubscriptionMask) -> Result<(), ConnectionError> {
        self.send(&Command::Subscribe(changes))?;
        let answered = protocol::read_ack_message(&mut Cursor::new(self.message()?))?;
        if answered == self.sequence { Ok(()) } else { Err(ConnectionError::OutOfOrder) }
    }

    /// What is asked from here on knows of all news so far.
    pub(super) fn forget_news(&mut self) {
        self.had_news = false;
    }

    /// Whether there are news that were not forgotten. Does not wait.
    pub(super) fn has_news(&mut self) -> Result<bool, ConnectionError> {
        loop {
            let mut header = [0; DESCRIPTOR_SIZE];
            self.socket.set_nonblocking(true)?;
            let read = self.socket.read(&mut header);
            self.socket.set_nonblocking(false)?;
            match read {
                Ok(0) => return Err(io::Error::from(ErrorKind::UnexpectedEof).into()),
                Ok(begun) => {
                    // The rest of what has begun is on its way.
                    self.socket.read_exact(&mut header[begun..])?;
                    self.payload(header)?;
                    self.had_news = true;
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(self.had_news),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Waits, however long it takes, until there are news that were not forgotten.
    pub(super) fn wait_for_news(&mut self) -> Result<(), ConnectionError> {
        if !self.had_news {
            self.socket.set_read_timeout(None)?;
            self.message()?;
            self.socket.set_read_timeout(Some(REPLY_TIMEOUT))?;
        }
        Ok(())
    }

    /// The socket once more, by which another thread can end a wait.
    pub(super) fn clone_socket(&self) -> io::Result<UnixStream> {
        self.socket.try_clone()
    }

    fn send(&mut self, command: &Command) -> Result<(), ConnectionError> {
        self.sequence += 1;
        let mut message = Vec::new();
        protocol::write_command_message(&mut message, self.sequence, command, self.version)?;
        Ok(self.socket.write_all(&message)?)
    }

    /// The socket, for a stream's thread to read without end, and the protocol's version.
    pub(super) fn into_parts(self) -> io::Result<(UnixStream, u16)> {
        self.socket.set_read_timeout(None)?;
        Ok((self.socket, self.version))
    }

    /// One whole message, its header in front.
    fn message(&mut self) -> Result<Vec<u8>, ConnectionError> {
        let mut header = [0; DESCRIPTOR_SIZE];
        self.socket.read_exact(&mut header)?;
        self.payload(header)
    }

    /// The message that this header begins.
    fn payload(&mut self, header: [u8; DESCRIPTOR_SIZE]) -> Result<Vec<u8>, ConnectionError> {
        let length = protocol::read_descriptor(&mut header.as_slice())?.length;
        if length > MAX_MESSAGE_LENGTH {
            return Err(ConnectionError::OutOfOrder);
        }
        let mut message = header.to_vec();
        message.resize(DESCRIPTOR_SIZE + length as usize, 0);
        self.socket.read_exact(&mut message[DESCRIPTOR_SIZE..])?;
        Ok(message)
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixListener;
    use std::process::Command;
    use std::sync::mpsc;
    use std::thread;

    use super::*;

    #[test]
    fn a_cookie_that_is_a_pipe_or_has_no_end_is_no_way_to_a_server() {
        let folder = tempfile::tempdir().unwrap();
        let (socket, pipe, endless) = ["native", "pipe", "endless"].map(|name| folder.path().join(name)).into();
        let _server = UnixListener::bind(&socket).unwrap();
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        std::fs::File::create(&endless).unwrap().set_len(8 << 30).unwrap();
        for (cookie, kind) in [(pipe, ErrorKind::InvalidInput), (endless, ErrorKind::FileTooLarge)] {
            let address = Address { socket: socket.clone(), cookie: Some(cookie) };
            let (sender, opened) = mpsc::channel();
            thread::spawn(move || sender.send(Connection::open(&address).err()));
            let refused = opened.recv_timeout(Duration::from_secs(60)).expect("it waits for the pipe");
            assert!(matches!(&refused, Some(ConnectionError::Socket(why)) if why.kind() == kind), "{refused:?}");
        }
    }
}
