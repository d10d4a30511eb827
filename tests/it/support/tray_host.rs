//! A desktop's tray on a session bus: it takes the item that is registered, reads it, and uses its menu. It is made of another
//! library than the program's own.

use std::collections::HashMap;
use std::sync::mpsc::{Receiver, Sender, channel};

use zbus::blocking::connection::Builder;
use zbus::blocking::{Connection, MessageIterator};
use zbus::zvariant::{OwnedValue, Structure, Value};
use zbus::{MatchRule, Message};

use super::desktop::address;
use super::server::{DEADLINE, SoundServer};

const WATCHER: &str = "org.kde.StatusNotifierWatcher";
const ITEM: (&str, &str) = ("/StatusNotifierItem", "org.kde.StatusNotifierItem");
const PROPERTIES: (&str, &str) = (ITEM.0, "org.freedesktop.DBus.Properties");
const MENU: (&str, &str) = ("/MenuBar", "com.canonical.dbusmenu");

/// The tray, until it is dropped.
pub struct TrayHost {
    connection: Connection,
    registered: Receiver<String>,
}

struct Watcher {
    registered: Sender<String>,
}

#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(&mut self, service: String) {
        // A test that has ended asks for nothing more.
        let _ = self.registered.send(service);
    }
}

/// The item in the tray.
pub struct TrayItem {
    connection: Connection,
    service: String,
    /// The names of the signals that it sends.
    changes: Receiver<String>,
}

/// A line of its menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MenuLine {
    pub id: i32,
    pub label: String,
    pub is_enabled: bool,
}

impl TrayHost {
    /// Starts it on the server's bus.
    pub fn start(server: &SoundServer) -> Self {
        let (sender, registered) = channel();
        let connection = Builder::address(address(server.dir()).as_str())
            .and_then(|builder| builder.serve_at("/StatusNotifierWatcher", Watcher { registered: sender }))
            .and_then(|builder| builder.name(WATCHER))
            .and_then(Builder::build)
            .unwrap();
        Self { connection, registered }
    }

    /// The item that is registered next.
    pub fn item(&self) -> TrayItem {
        let service = self.registered.recv_timeout(DEADLINE).expect("no item was registered");
        let rule = MatchRule::builder().msg_type(zbus::message::Type::Signal).path_namespace("/").unwrap();
        let rule = rule.sender(service.clone()).unwrap().build();
        let signals = MessageIterator::for_match_rule(rule, &self.connection, Some(64)).unwrap();
        let (sender, changes) = channel();
        // It ends with the connection.
        std::thread::spawn(move || {
            for signal in signals.flatten() {
                if sender.send(signal.header().member().unwrap().to_string()).is_err() {
                    return;
                }
            }
        });
        TrayItem { connection: self.connection.clone(), service, changes }
    }
}

impl TrayItem {
    fn call<B: serde::Serialize + zbus::zvariant::DynamicType>(
        &self,
        (path, interface): (&str, &str),
        member: &str,
        body: &B,
    ) -> Message {
        self.connection.call_method(Some(self.service.as_str()), path, Some(interface), member, body).unwrap()
    }

    fn property(&self, name: &str) -> OwnedValue {
        self.call(PROPERTIES, "Get", &(ITEM.1, name)).body().deserialize().unwrap()
    }

    /// By what it is known: among its other properties, and alone.
    pub fn id(&self) -> String {
        let all = self.call(PROPERTIES, "GetAll", &ITEM.1).body();
        let all = all.deserialize::<HashMap<String, OwnedValue>>().unwrap();
        assert!(all.len() > 10 && all["Id"] == self.property("Id"), "{all:?}");
        self.text("Id")
    }

    /// A text of its properties.
    pub fn text(&self, name: &str) -> String {
        self.property(name).try_into().unwrap()
    }

    /// What stands in its tooltip, under the heading.
    pub fn tooltip(&self) -> String {
        let tip = Structure::try_from(self.property("ToolTip")).unwrap();
        let [_, _, Value::Str(title), Value::Str(text)] = tip.fields() else { panic!("{tip:?}") };
        assert_eq!(title.as_str(), "Keicho");
        text.to_string()
    }

    /// Its icon: the sides of each size and the bytes.
    pub fn icon(&self) -> Vec<(i32, i32, Vec<u8>)> {
        self.property("IconPixmap").try_into().unwrap()
    }

    /// Waits until the tooltip has this under the heading.
    pub fn until_tooltip(&self, text: &str) {
        while self.tooltip() != text {
            self.changed("NewToolTip");
        }
    }

    /// Waits until it tells that something has changed.
    fn changed(&self, signal: &str) {
        let next = || self.changes.recv_timeout(DEADLINE).unwrap_or_else(|_| panic!("no {signal}: {}", self.tooltip()));
        while next() != signal {}
    }

    /// The lines of its menu that can be read.
    pub fn menu(&self) -> Vec<MenuLine> {
        type Layout = (u32, (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>));
        let (revision, (root, _, lines)): Layout =
            self.call(MENU, "GetLayout", &(0_i32, -1_i32, Vec::<&str>::new())).body().deserialize().unwrap();
        assert!(revision > 0 && root == 0);
        let mut menu = Vec::new();
        for line in lines {
            let line = Structure::try_from(line).unwrap();
            let (id, properties, children): (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>) =
                line.try_into().unwrap();
            assert!(children.is_empty());
            let property = |name: &str| properties.get(name).map(|value| value.try_clone().unwrap());
            match property("label") {
                Some(label) => menu.push(MenuLine {
                    id,
                    label: label.try_into().unwrap(),
                    is_enabled: property("enabled").unwrap().try_into().unwrap(),
                }),
                None => assert_eq!(String::try_from(property("type").unwrap()).unwrap(), "separator"),
            }
        }
        menu
    }

    /// The labels of what can be chosen now.
    pub fn choices(&self) -> Vec<String> {
        self.menu().into_iter().filter(|line| line.is_enabled).map(|line| line.label).collect()
    }

    /// Chooses a line once it can be chosen.
    pub fn choose(&self, label: &str) {
        loop {
            if let Some(line) = self.menu().into_iter().find(|line| line.is_enabled && line.label == label) {
                let data = Value::from(0_i32);
                self.call(MENU, "Event", &(line.id, "clicked", data, 0_u32));
                return;
            }
            self.changed("LayoutUpdated");
        }
    }

    /// Presses the icon itself.
    pub fn press(&self) {
        self.call(ITEM, "Activate", &(0_i32, 0_i32));
    }
}
