//! What can be done by a key of the desktop, whatever window is in front.

use crate::agent::tray::{self, TrayStage};
use crate::agent::words;
use crate::desktop::Shortcut;
use crate::i18n::Bilingual;
use crate::language::Language;

/// The names of the shortcuts; a desktop keeps the user's keys by them.
const PAUSE: &str = "pause";
const OFF_RECORD: &str = "off-record";
const HUSH: &str = "hush";
const OPEN: &str = "open";

/// What the desktop is asked for. Three modifiers and the page's own letter: few programs have such a key.
pub(super) fn wanted(language: Language) -> Vec<Shortcut> {
    let shortcut =
        |name, label: Bilingual, proposed_key| Shortcut { name, label: label.pick(language).to_owned(), proposed_key };
    vec![
        shortcut(PAUSE, words::PAUSE_OR_RESUME, "CTRL+ALT+SHIFT+p"),
        shortcut(OFF_RECORD, words::OFF_OR_ON_THE_RECORD, "CTRL+ALT+SHIFT+o"),
        shortcut(HUSH, words::HIDE_OR_SHOW, "CTRL+ALT+SHIFT+h"),
        shortcut(OPEN, words::OPEN_THE_PAGE, "CTRL+ALT+SHIFT+k"),
    ]
}

/// What a shortcut does while the call stands so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ShortcutAction {
    /// The same as this line of the tray's menu.
    AsInTray(&'static str),
    /// Hides all words and figures of the page, or brings them back.
    Hush,
    /// Opens the page of the Keicho that runs, or of a new one.
    Open,
}

/// What the shortcut of this name does; `None` for one of another version.
pub(super) fn action(name: &str, stage: TrayStage) -> Option<ShortcutAction> {
    Some(match name {
        PAUSE if stage == TrayStage::Paused => ShortcutAction::AsInTray(tray::RESUME),
        PAUSE => ShortcutAction::AsInTray(tray::PAUSE),
        OFF_RECORD if stage == TrayStage::OffRecord => ShortcutAction::AsInTray(tray::ON_RECORD),
        OFF_RECORD => ShortcutAction::AsInTray(tray::OFF_RECORD),
        HUSH => ShortcutAction::Hush,
        OPEN => ShortcutAction::Open,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_does_and_undoes() {
        let does = |name, stage| match action(name, stage) {
            Some(ShortcutAction::AsInTray(line)) => line,
            _ => "none",
        };
        assert_eq!(does(PAUSE, TrayStage::Listening), tray::PAUSE);
        assert_eq!(does(PAUSE, TrayStage::Paused), tray::RESUME);
        assert_eq!(does(OFF_RECORD, TrayStage::Listening), tray::OFF_RECORD);
        assert_eq!(does(OFF_RECORD, TrayStage::Paused), tray::OFF_RECORD);
        assert_eq!(does(OFF_RECORD, TrayStage::OffRecord), tray::ON_RECORD);
        for shortcut in wanted(Language::En) {
            assert!(action(shortcut.name, TrayStage::Idle).is_some(), "{}", shortcut.name);
        }
        assert_eq!(action("sing", TrayStage::Listening), None);
    }
}
