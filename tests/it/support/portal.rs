//! A desktop's portal for shortcuts on a session bus, which gives the keys that it is asked for as its user says. It is made of
//! another library than the program's own.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel};

use zbus::blocking::Connection;
use zbus::blocking::connection::Builder;
use zbus::message::Header;
use zbus::zvariant::{ObjectPath, OwnedObjectPath, OwnedValue};

use super::desktop::address;
use super::server::{DEADLINE, SoundServer};

const SERVICE: &str = "org.freedesktop.portal.Desktop";
const PATH: &str = "/org/freedesktop/portal/desktop";
const SHORTCUTS: &str = "org.freedesktop.portal.GlobalShortcuts";
const REQUEST: &str = "org.freedesktop.portal.Request";

/// The portal, until it is dropped.
pub struct Portal {
    connection: Connection,
    asked: Receiver<KeysAsked>,
}

/// Keys that somebody asked for.
#[derive(Debug)]
pub struct KeysAsked {
    session: OwnedObjectPath,
    /// The name, what is read and the proposed key of each.
    pub keys: Vec<(String, String, String)>,
}

struct Registry {
    /// Who is known by which name.
    known: Sender<(String, String)>,
}

#[zbus::interface(name = "org.freedesktop.host.portal.Registry")]
impl Registry {
    fn register(
        &mut self,
        #[zbus(header)] header: Header<'_>,
        application: String,
        _options: HashMap<String, OwnedValue>,
    ) {
        // A test that has ended asks for nothing more.
        let _ = self.known.send((header.sender().unwrap().to_string(), application));
    }
}

struct GlobalShortcuts {
    /// Never contended: calls come one after another.
    known: Mutex<Receiver<(String, String)>>,
    asked: Sender<KeysAsked>,
    /// Whether the user agrees.
    agrees: bool,
}

type Options = HashMap<String, OwnedValue>;

fn text(options: &Options, name: &str) -> String {
    options[name].try_clone().unwrap().try_into().unwrap()
}

/// The path of what somebody makes on the portal.
fn path(header: &Header<'_>, kind: &str, token: &str) -> OwnedObjectPath {
    let sender = header.sender().unwrap().trim_start_matches(':').replace('.', "_");
    OwnedObjectPath::try_from(format!("{PATH}/{kind}/{sender}/{token}")).unwrap()
}

/// Answers a request, before the call that made it has returned: the earliest that a portal may.
async fn respond(connection: &zbus::Connection, header: &Header<'_>, request: &ObjectPath<'_>, code: u32) {
    let (to, results) = (header.sender().unwrap(), HashMap::<String, OwnedValue>::new());
    connection.emit_signal(Some(to.as_str()), request, REQUEST, "Response", &(code, results)).await.unwrap();
}

#[zbus::interface(name = "org.freedesktop.portal.GlobalShortcuts")]
impl GlobalShortcuts {
    async fn create_session(
        &mut self,
        #[zbus(header)] header: Header<'_>,
        #[zbus(connection)] connection: &zbus::Connection,
        options: Options,
    ) -> zbus::fdo::Result<OwnedObjectPath> {
        // Portals from 1.21 on refuse whom they cannot name.
        let known = self.known.lock().unwrap().try_recv().ok();
        if known != Some((header.sender().unwrap().to_string(), "keicho".to_owned())) {
            return Err(zbus::fdo::Error::AccessDenied(format!("An app id is required: {known:?}")));
        }
        let request = path(&header, "request", &text(&options, "handle_token"));
        respond(connection, &header, &request, 0).await;
        Ok(request)
    }

    async fn bind_shortcuts(
        &mut self,
        #[zbus(header)] header: Header<'_>,
        #[zbus(connection)] connection: &zbus::Connection,
        session: OwnedObjectPath,
        shortcuts: Vec<(String, Options)>,
        _parent_window: String,
        options: Options,
    ) -> OwnedObjectPath {
        let request = path(&header, "request", &text(&options, "handle_token"));
        respond(connection, &header, &request, u32::from(!self.agrees)).await;
        let key = |(name, of): (String, Options)| (name, text(&of, "description"), text(&of, "preferred_trigger"));
        // A test that has ended asks for nothing more.
        let _ = self.asked.send(KeysAsked { session, keys: shortcuts.into_iter().map(key).collect() });
        request
    }

    #[zbus(property)]
    fn version(&self) -> u32 {
        1
    }
}

impl Portal {
    /// Starts it on the server's bus, for a user who agrees.
    pub fn start(server: &SoundServer) -> Self {
        Self::start_for(server, true)
    }

    /// The same for a user who agrees or does not.
    pub fn start_for(server: &SoundServer, agrees: bool) -> Self {
        let ((sender, asked), (registered, known)) = (channel(), channel());
        let connection = Builder::address(address(server.dir()).as_str())
            .and_then(|builder| builder.serve_at(PATH, Registry { known: registered }))
            .and_then(|builder| {
                builder.serve_at(PATH, GlobalShortcuts { known: Mutex::new(known), asked: sender, agrees })
            })
            .and_then(|builder| builder.name(SERVICE))
            .and_then(Builder::build)
            .unwrap();
        Self { connection, asked }
    }

    /// The keys that are asked for next.
    pub fn asked(&self) -> KeysAsked {
        self.asked.recv_timeout(DEADLINE).expect("nobody asked for keys")
    }

    /// Whether somebody has asked for keys.
    pub fn was_asked(&self) -> bool {
        self.asked.try_recv().is_ok()
    }

    /// Has a key pressed that was given.
    pub fn press(&self, given: &KeysAsked, name: &str) {
        assert!(given.keys.iter().any(|(known, ..)| known == name), "{given:?}");
        self.activate(&given.session, name);
    }

    /// Has a key pressed that another program was given.
    pub fn press_of_another(&self, name: &str) {
        self.activate(&ObjectPath::try_from(format!("{PATH}/session/1_0/another")).unwrap(), name);
    }

    fn activate(&self, session: &ObjectPath<'_>, name: &str) {
        let pressed = (session, name, 0_u64, HashMap::<String, OwnedValue>::new());
        self.connection.emit_signal(None::<&str>, PATH, SHORTCUTS, "Activated", &pressed).unwrap();
    }
}
