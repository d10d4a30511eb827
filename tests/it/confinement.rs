//! A process that has given up the network cannot reach it: attempts of each kind, planted in threads that were there
//! before and in programs that it starts, are refused by the kernel.
//!
//! What is given up cannot be had back, so the check runs in a child: this program again, asked for one test.

use std::io::{BufRead as _, BufReader, ErrorKind, Write as _};
use std::net::{Ipv4Addr, Ipv6Addr, TcpListener, TcpStream, UdpSocket};
use std::os::unix::net::UnixListener;
use std::process::Command;
use std::sync::mpsc::channel;

use keicho::confinement::confine_process;
use rustix::process::{DumpableBehavior, dumpable_behavior};

/// Set in the child.
const CHILD: &str = "KEICHO_TEST_CONFINED";

/// Attempts of a program that a confined process starts, a line each with the system's answer. The numbers of calls are
/// those of x86-64, and of all systems for the newer ones.
const ATTEMPTS: &str = r#"
import ctypes, errno, os, platform, socket
libc = ctypes.CDLL(None, use_errno=True)
def tell(name, attempt):
    try:
        attempt()
        print(name, "done", flush=True)
    except OSError as error:
        print(name, errno.errorcode[error.errno], flush=True)
def call(number):
    ctypes.set_errno(0)
    if libc.syscall(number, 0, 0, 0, 0, 0, 0) < 0:
        raise OSError(ctypes.get_errno(), "")
for family in ["AF_INET", "AF_INET6", "AF_NETLINK", "AF_PACKET", "AF_VSOCK"]:
    for kind in ["SOCK_STREAM", "SOCK_DGRAM", "SOCK_RAW"]:
        tell(f"{family} {kind}", lambda: socket.socket(getattr(socket, family), getattr(socket, kind)))
tell("socketpair", lambda: socket.socketpair(socket.AF_INET))
for number, name in [(425, "io_uring_setup"), (426, "io_uring_enter"), (427, "io_uring_register"), (438, "pidfd_getfd")]:
    tell(name, lambda: call(number))
if platform.machine() == "x86_64":
    for number, name in [(101, "ptrace"), (310, "process_vm_readv"), (311, "process_vm_writev")]:
        tell(name, lambda: call(number))
    tell("x32", lambda: call(41 | 0x40000000))
tell("AF_UNIX", lambda: socket.socket(socket.AF_UNIX))
tell("AF_UNIX pair", lambda: socket.socketpair())
"#;

#[test]
fn attempts_of_each_kind_are_refused() {
    if std::env::var_os(CHILD).is_none() {
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args(["confinement::attempts_of_each_kind_are_refused", "--exact", "--nocapture"]).env(CHILD, "1");
        let output = child.output().unwrap();
        let said = [output.stdout, output.stderr].map(|said| String::from_utf8_lossy(&said).into_owned()).concat();
        assert!(output.status.success(), "{said}");
        return;
    }
    // What was there before: a page's port, and a thread.
    let port = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = port.local_addr().unwrap();
    let mut outside = Command::new("python3");
    outside.args([
        "-c",
        "import socket, sys; s = socket.create_connection(('127.0.0.1', int(input()))); print(s.recv(9))",
    ]);
    let mut outside = outside.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::piped()).spawn().unwrap();
    let (go, when_to) = channel::<()>();
    let thread = std::thread::spawn(move || {
        when_to.recv().unwrap();
        [
            TcpStream::connect(addr).map(drop),
            UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).map(drop),
            TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).map(drop),
        ]
    });

    confine_process().unwrap();

    go.send(()).unwrap();
    let attempts = thread.join().unwrap().map(|attempt| attempt.map_err(|error| error.kind()));
    assert_eq!(attempts, [Err(ErrorKind::PermissionDenied); 3]);
    let tried = Command::new("python3").args(["-c", ATTEMPTS]).output().unwrap();
    let tried = String::from_utf8(tried.stdout).unwrap();
    assert!(tried.lines().count() >= 21, "{tried}");
    for line in tried.lines() {
        let expected = match line.starts_with("AF_UNIX") {
            true => line.ends_with(" done"),
            // A kernel that has no second set of numbers says that there is no such call.
            false => line.ends_with(" EPERM") || line == "x32 ENOSYS",
        };
        assert!(expected, "{line}\n{tried}");
    }
    // The page is served all the same, and what is of this computer can be reached.
    writeln!(outside.stdin.take().unwrap(), "{}", addr.port()).unwrap();
    port.accept().unwrap().0.write_all(b"page").unwrap();
    let mut read = String::new();
    BufReader::new(outside.stdout.take().unwrap()).read_line(&mut read).unwrap();
    assert_eq!(read, "b'page'\n");
    outside.wait().unwrap();
    let dir = tempfile::tempdir().unwrap();
    UnixListener::bind(dir.path().join("socket")).unwrap();
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    assert_eq!(core.split_whitespace().skip(4).take(2).collect::<Vec<_>>(), ["0", "0"], "{core}");
    assert_eq!(dumpable_behavior().unwrap(), DumpableBehavior::NotDumpable);
}
