//! The icon and its tooltip (StatusNotifierItem specification of freedesktop.org, and what KDE's hosts ask for beyond it).

use super::{Answer, answer_properties, menu};
use crate::desktop::message::{BodyWriter, ReceivedMessage};
use crate::desktop::{TrayContent, TrayPixmap};

pub(super) const PATH: &str = "/StatusNotifierItem";
pub(super) const INTERFACE: &str = "org.kde.StatusNotifierItem";

const NAMES: &[&str] = &[
    "Category",
    "Id",
    "Title",
    "Status",
    "WindowId",
    "IconName",
    "IconPixmap",
    "OverlayIconName",
    "OverlayIconPixmap",
    "AttentionIconName",
    "AttentionIconPixmap",
    "AttentionMovieName",
    "IconThemePath",
    "ToolTip",
    "ItemIsMenu",
    "Menu",
];

/// A list of pictures: width, height, and the bytes of each.
const PICTURES: &str = "a(iiay)";

pub(super) fn status(content: &TrayContent) -> &'static str {
    if content.needs_attention { "NeedsAttention" } else { "Active" }
}

pub(super) fn properties(content: &TrayContent, call: &ReceivedMessage) -> Answer {
    answer_properties(call, INTERFACE, NAMES, &|name, writer| write_property(content, name, writer))
}

fn write_property(content: &TrayContent, name: &str, writer: &mut BodyWriter) {
    let text = |writer: &mut BodyWriter, text: &str| writer.variant("s", |value| value.string(text));
    match name {
        "Category" => text(writer, "Communications"),
        "Id" => text(writer, "keicho"),
        "Title" => text(writer, "Keicho"),
        "Status" => text(writer, status(content)),
        "WindowId" => writer.variant("i", |value| value.i32(0)),
        // The states are drawn, so that they are seen where the icon of the program is not installed. A host that wants
        // attention drawn to an item takes another list.
        "IconPixmap" | "AttentionIconPixmap" => writer.variant(PICTURES, |value| write_pictures(&content.icon, value)),
        "OverlayIconPixmap" => writer.variant(PICTURES, |value| write_pictures(&[], value)),
        "ToolTip" => writer.variant("(sa(iiay)ss)", |value| {
            value.structure(|tip| {
                tip.string("");
                write_pictures(&[], tip);
                tip.string(&content.title);
                tip.string(&content.text);
            });
        }),
        "ItemIsMenu" => writer.variant("b", |value| value.bool(false)),
        "Menu" => writer.variant("o", |value| value.string(menu::PATH)),
        _ => text(writer, ""),
    }
}

fn write_pictures(pictures: &[TrayPixmap], writer: &mut BodyWriter) {
    writer.array(8, |list| {
        for TrayPixmap { size, argb } in pictures {
            list.structure(|picture| {
                let side = i32::try_from(*size).unwrap_or(i32::MAX);
                picture.i32(side);
                picture.i32(side);
                picture.blob(argb);
            });
        }
    });
}

/// A press on the icon itself. The menu is shown by the host, which has it.
pub(super) fn call(content: &TrayContent, call: &ReceivedMessage, pressed: &mut Vec<&'static str>) -> Answer {
    match &*call.member {
        "Activate" => pressed.push(content.primary),
        "SecondaryActivate" | "ContextMenu" | "Scroll" => {}
        _ => return None,
    }
    Some(("", BodyWriter::default()))
}
