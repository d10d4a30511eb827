//! Where the session bus listens.

use std::ffi::OsString;
use std::io;
use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::net::{SocketAddr, UnixStream};
use std::path::PathBuf;

/// A socket of this computer.
#[derive(Debug, PartialEq, Eq)]
enum BusAddress {
    Path(PathBuf),
    /// A name outside the file system.
    Abstract(Vec<u8>),
}

/// Connects to the first address of the session bus that is a socket of this computer and answers.
///
/// # Errors
/// When there is none. An address on a network is passed over.
pub(super) fn connect(env: &dyn Fn(&str) -> Option<OsString>) -> io::Result<UnixStream> {
    let mut last = io::Error::from(io::ErrorKind::NotFound);
    for address in addresses(env) {
        let socket = match address {
            BusAddress::Path(path) => UnixStream::connect(path),
            BusAddress::Abstract(name) => {
                SocketAddr::from_abstract_name(name).and_then(|name| UnixStream::connect_addr(&name))
            }
        };
        match socket {
            Ok(socket) => return Ok(socket),
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// What the environment says, else the usual place (D-Bus specification, "well-known message bus instances", and
/// systemd's).
fn addresses(env: &dyn Fn(&str) -> Option<OsString>) -> Vec<BusAddress> {
    match env("DBUS_SESSION_BUS_ADDRESS").filter(|list| !list.is_empty()) {
        Some(list) => list.to_string_lossy().split(';').filter_map(parse).collect(),
        None => {
            env("XDG_RUNTIME_DIR").map(|dir| BusAddress::Path(PathBuf::from(dir).join("bus"))).into_iter().collect()
        }
    }
}

fn parse(address: &str) -> Option<BusAddress> {
    let (transport, keys) = address.split_once(':')?;
    let value = |name: &str| keys.split(',').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')).map(unescape);
    if transport != "unix" {
        return None;
    }
    let path = |bytes: Vec<u8>| BusAddress::Path(String::from_utf8_lossy(&bytes).into_owned().into());
    value("path").map(path).or_else(|| value("abstract").map(BusAddress::Abstract))
}

/// Bytes that are written as `%` and two hexadecimal digits.
fn unescape(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = after.get(..2).filter(|_| *first == b'%').and_then(|digits| std::str::from_utf8(digits).ok());
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(list: &str) -> Vec<BusAddress> {
        addresses(&|name| (name == "DBUS_SESSION_BUS_ADDRESS").then(|| list.into()))
    }

    #[test]
    fn sockets_of_this_computer_are_taken_and_no_other() {
        assert_eq!(listed("unix:path=/run/user/1000/bus"), [BusAddress::Path("/run/user/1000/bus".into())]);
        assert_eq!(listed("unix:path=/tmp/a%20b,guid=1f"), [BusAddress::Path("/tmp/a b".into())]);
        assert_eq!(
            listed("unix:abstract=/tmp/dbus-x;tcp:host=127.0.0.1,port=1"),
            [BusAddress::Abstract(b"/tmp/dbus-x".to_vec())]
        );
        assert_eq!(listed("tcp:host=10.0.0.1,port=1;nonce-tcp:host=x;autolaunch:"), []);
        let usual = addresses(&|name| (name == "XDG_RUNTIME_DIR").then(|| "/run/user/7".into()));
        assert_eq!(usual, [BusAddress::Path("/run/user/7/bus".into())]);
    }
}
