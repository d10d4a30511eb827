//! The menu of the icon, one level deep (com.canonical.dbusmenu, version 3).

use super::{Answer, answer_properties};
use crate::desktop::TrayMenuItem;
use crate::desktop::message::{BodyReader, BodyWriter, ReceivedMessage};

pub(super) const PATH: &str = "/MenuBar";
pub(super) const INTERFACE: &str = "com.canonical.dbusmenu";

/// The menu itself; its items are numbered from 1.
pub(super) const ROOT: i32 = 0;

const VERSION: u32 = 3;

pub(super) fn properties(call: &ReceivedMessage) -> Answer {
    let write = |name: &str, writer: &mut BodyWriter| match name {
        "Version" => writer.variant("u", |value| value.u32(VERSION)),
        "Status" => writer.variant("s", |value| value.string("normal")),
        "TextDirection" => writer.variant("s", |value| value.string("ltr")),
        _ => writer.variant("as", |value| value.strings(std::iter::empty())),
    };
    answer_properties(call, INTERFACE, &["Version", "Status", "TextDirection", "IconThemePath"], &write)
}

pub(super) fn call(
    menu: &[TrayMenuItem],
    revision: u32,
    call: &ReceivedMessage,
    pressed: &mut Vec<&'static str>,
) -> Answer {
    let (mut asked, mut body) = (BodyReader::new(&call.body), BodyWriter::default());
    let items = || (1..).zip(menu);
    match &*call.member {
        "GetLayout" => {
            let (parent, depth) = (asked.i32()?, asked.i32()?);
            body.u32(revision);
            match find(menu, parent) {
                Some(item) => write_item(parent, Some(item), &[], &mut body),
                None if parent == ROOT => write_item(ROOT, None, if depth == 0 { &[] } else { menu }, &mut body),
                None => return None,
            }
            Some(("u(ia{sv}av)", body))
        }
        "GetGroupProperties" => {
            let end = asked.array(4)?;
            let mut wanted = Vec::new();
            while asked.has_more(end) {
                wanted.push(asked.i32()?);
            }
            body.array(8, |list| {
                // An empty list asks for all.
                for (id, item) in items().filter(|(id, _)| wanted.is_empty() || wanted.contains(id)) {
                    list.structure(|entry| {
                        entry.i32(id);
                        write_properties(Some(item), entry);
                    });
                }
            });
            Some(("a(ia{sv})", body))
        }
        "GetProperty" => {
            let (id, name) = (asked.i32()?, asked.string()?);
            write_property(find(menu, id)?, name, &mut body)?;
            Some(("v", body))
        }
        "Event" => {
            let (id, event) = (asked.i32()?, asked.string()?);
            press(menu, id, event, pressed);
            Some(("", body))
        }
        "EventGroup" => {
            let end = asked.array(8)?;
            while asked.has_more(end) {
                asked.structure();
                let (id, event) = (asked.i32()?, asked.string()?);
                press(menu, id, event, pressed);
                // What the event carries is of no use here; of these types alone can what follows be found.
                match asked.signature()? {
                    "s" => drop(asked.string()?),
                    "i" | "u" | "b" => drop(asked.u32()?),
                    _ => break,
                }
                asked.u32()?;
            }
            body.array(4, |_| {});
            Some(("ai", body))
        }
        "AboutToShow" => {
            body.bool(false);
            Some(("b", body))
        }
        "AboutToShowGroup" => {
            body.array(4, |_| {});
            body.array(4, |_| {});
            Some(("aiai", body))
        }
        _ => None,
    }
}

fn find(menu: &[TrayMenuItem], id: i32) -> Option<&TrayMenuItem> {
    menu.get(usize::try_from(id).ok()?.checked_sub(1)?)
}

fn press(menu: &[TrayMenuItem], id: i32, event: &str, pressed: &mut Vec<&'static str>) {
    if event == "clicked"
        && let Some(TrayMenuItem::Action { name, is_enabled: true, .. }) = find(menu, id)
    {
        pressed.push(name);
    }
}

/// An item as a part of the layout; the menu itself if it is `None`.
fn write_item(id: i32, item: Option<&TrayMenuItem>, children: &[TrayMenuItem], writer: &mut BodyWriter) {
    writer.structure(|layout| {
        layout.i32(id);
        write_properties(item, layout);
        layout.array(1, |list| {
            for (id, child) in (1..).zip(children) {
                list.variant("(ia{sv}av)", |value| write_item(id, Some(child), &[], value));
            }
        });
    });
}

fn write_properties(item: Option<&TrayMenuItem>, writer: &mut BodyWriter) {
    writer.array(8, |map| {
        let names: &[&str] = match item {
            None => &["children-display"],
            Some(TrayMenuItem::Separator) => &["type"],
            Some(TrayMenuItem::Action { .. }) => &["label", "enabled"],
        };
        for name in names {
            map.structure(|entry| {
                entry.string(name);
                match item {
                    None => entry.variant("s", |value| value.string("submenu")),
                    // All of them are there.
                    Some(item) => drop(write_property(item, name, entry)),
                }
            });
        }
    });
}

/// A property with its type; `None` if it has its default.
fn write_property(item: &TrayMenuItem, name: &str, writer: &mut BodyWriter) -> Option<()> {
    match (item, name) {
        (TrayMenuItem::Separator, "type") => writer.variant("s", |value| value.string("separator")),
        // An underscore marks the key of the letter that follows it.
        (TrayMenuItem::Action { label, .. }, "label") => {
            writer.variant("s", |value| value.string(&label.replace('_', "__")));
        }
        (TrayMenuItem::Action { is_enabled, .. }, "enabled") => writer.variant("b", |value| value.bool(*is_enabled)),
        _ => return None,
    }
    Some(())
}
