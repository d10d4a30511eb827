//! A call whose page is closed goes on unseen: the desktop is told, and a press on the notification ends the call. The bus
//! of the first test is one of its own; that of the second is the real one, with nothing on it that shows notifications.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};

use keicho::desktop::{Notification, notify};

use crate::support::live::{Live, Page};
use crate::support::server::{DEADLINE, Kind, SoundServer, until};

/// A session bus with a desktop that shows notifications: it passes on what is asked for, and presses what it is told to.
struct Desktop {
    calls: Receiver<Vec<u8>>,
}

impl Desktop {
    /// Listens where the environment of the test's programs says, and presses `action` on the first notification.
    fn listen(server: &SoundServer, action: &'static str) -> Self {
        let listener = UnixListener::bind(server.dir().join("bus")).unwrap();
        let (seen, calls) = channel();
        std::thread::spawn(move || {
            let mut socket = BufReader::new(listener.accept().unwrap().0);
            let mut line = String::new();
            socket.read_line(&mut line).unwrap();
            assert!(line.starts_with("\0AUTH EXTERNAL "), "{line:?}");
            socket.get_mut().write_all(b"OK 0123456789abcdef0123456789abcdef\r\n").unwrap();
            line.clear();
            socket.read_line(&mut line).unwrap();
            assert_eq!(line, "BEGIN\r\n");
            while let Some((serial, call)) = next_call(&mut socket) {
                let is_notification = holds(&call, "Notify\0");
                if !holds(&call, "CloseNotification\0") {
                    reply(socket.get_mut(), serial, holds(&call, "Hello\0"));
                }
                if seen.send(call).is_err() {
                    return;
                }
                if is_notification {
                    press(socket.get_mut(), action);
                }
            }
        });
        Self { calls }
    }

    /// The next call of this method.
    fn call(&self, member: &str) -> Vec<u8> {
        loop {
            let call = self.calls.recv_timeout(DEADLINE).unwrap_or_else(|_| panic!("no {member}"));
            if holds(&call, &format!("{member}\0")) {
                return call;
            }
        }
    }
}

fn next_call(socket: &mut BufReader<UnixStream>) -> Option<(u32, Vec<u8>)> {
    let mut head = [0; 16];
    socket.read_exact(&mut head).ok()?;
    let number = |at: usize| u32::from_le_bytes(head[at..at + 4].try_into().unwrap());
    assert_eq!((head[0], head[1], head[3]), (b'l', 1, 1));
    let mut rest = vec![0; (number(12) as usize).next_multiple_of(8) + number(4) as usize];
    socket.read_exact(&mut rest).ok()?;
    Some((number(8), rest))
}

/// Every answer is the number 7, which nobody reads of a call that has none, but that to `Hello`: a name.
fn reply(socket: &mut UnixStream, serial: u32, is_hello: bool) {
    let (kind, body) = match is_hello {
        true => (b's', b"\x04\0\0\0:1.7\0".to_vec()),
        false => (b'u', 7_u32.to_le_bytes().to_vec()),
    };
    let mut message = vec![b'l', 2, 0, 1, body.len() as u8, 0, 0, 0, 9, 0, 0, 0, 15, 0, 0, 0];
    message.extend([5, 1, b'u', 0]);
    message.extend(serial.to_le_bytes());
    message.extend([8, 1, b'g', 0, 1, kind, 0, 0]);
    message.extend(body);
    socket.write_all(&message).unwrap();
}

fn press(socket: &mut UnixStream, action: &str) {
    let text = |code: u8, kind: u8, value: &str| {
        let mut field = vec![code, 1, kind, 0];
        field.extend(u32::try_from(value.len()).unwrap().to_le_bytes());
        field.extend(value.as_bytes());
        field.push(0);
        field
    };
    let mut fields = Vec::new();
    for field in [
        text(1, b'o', "/org/freedesktop/Notifications"),
        text(2, b's', "org.freedesktop.Notifications"),
        text(3, b's', "ActionInvoked"),
        vec![8, 1, b'g', 0, 2, b'u', b's', 0],
    ] {
        fields.resize(fields.len().next_multiple_of(8), 0);
        fields.extend(field);
    }
    let mut body = 7_u32.to_le_bytes().to_vec();
    body.extend(u32::try_from(action.len()).unwrap().to_le_bytes());
    body.extend(action.as_bytes());
    body.push(0);
    let mut message = vec![b'l', 4, 0, 1];
    for number in [body.len(), 10, fields.len()] {
        message.extend(u32::try_from(number).unwrap().to_le_bytes());
    }
    message.extend(&fields);
    message.resize(message.len().next_multiple_of(8), 0);
    message.extend(body);
    socket.write_all(&message).unwrap();
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[test]
fn a_page_that_is_closed_is_told_by_the_desktop_and_finish_there_ends_the_call() {
    let server = SoundServer::start(Kind::PulseAudio);
    let desktop = Desktop::listen(&server, "finish");
    let mut live = Live::start(&server, &["--at-once"], None);
    let overlay = live.line("overlay: ");
    let mut page = Page::open(&overlay);
    page.until(|snapshot| snapshot["state"] == "live");
    drop(page);
    let told = desktop.call("Notify");
    assert!(
        holds(&told, "Keicho is still running.\0") && holds(&told, "Finish\0"),
        "{}",
        String::from_utf8_lossy(&told)
    );
    assert!(holds(&told, "no page of it is open. It ends by itself in 10 min, with the summary.\0"));
    assert!(!holds(&told, "token"), "the address is nobody else's");
    let summary = live.ended();
    assert!(std::path::Path::new(&summary).exists());
    assert!(live.said().contains("no page is open any more"));
}

/// A session bus of the test's own; it ends with the value.
struct SessionBus(Child);

impl Drop for SessionBus {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn the_real_bus_takes_what_is_asked_and_says_that_nothing_shows_it() {
    const CHILD: &str = "KEICHO_TEST_SESSION_BUS";
    const NAME: &str = "unseen::the_real_bus_takes_what_is_asked_and_says_that_nothing_shows_it";
    if std::env::var_os(CHILD).is_some() {
        let notification = Notification {
            summary: "Keichoは動いています。".to_owned(),
            body: "…".to_owned(),
            actions: vec![("open", "ページを開く".to_owned())],
            is_urgent: true,
        };
        let error = notify(&notification, Box::new(|_| ())).err().unwrap();
        assert!(error.to_string().contains("org.freedesktop.Notifications"), "{error}");
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let socket = dir.path().join("bus");
    let address = format!("unix:path={}", socket.display());
    let mut daemon = Command::new("dbus-daemon");
    daemon.args(["--session", "--nofork", "--address", &address]).stdout(Stdio::null()).stderr(Stdio::null());
    let _bus = SessionBus(daemon.spawn().expect("no dbus-daemon: apt-get install dbus-daemon"));
    assert!(until(|| UnixStream::connect(&socket).is_ok()), "no session bus");
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args([NAME, "--exact", "--nocapture"]).env(CHILD, "1").env("DBUS_SESSION_BUS_ADDRESS", &address);
    let output = child.output().unwrap();
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
