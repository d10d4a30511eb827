//! What the tray shows of how things stand, and of what can be done about them.

use crate::agent::tray_icon::TrayShape;
use crate::agent::words;
use crate::desktop::{TrayContent, TrayMenuItem};
use crate::i18n::Bilingual;
use crate::language::Language;
use crate::wire::CallStatus;

/// What can be chosen in the menu: the names of its lines.
pub(super) const BEGIN: &str = "begin";
pub(super) const PAUSE: &str = "pause";
pub(super) const RESUME: &str = "resume";
pub(super) const OFF_RECORD: &str = "off-record";
pub(super) const ON_RECORD: &str = "on-record";
pub(super) const OPEN: &str = "open";
pub(super) const LAST_SUMMARY: &str = "last-summary";
pub(super) const QUIT: &str = "quit";

/// What the agent is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TrayStage {
    /// It waits for a call.
    Idle,
    /// A start page waits for its call to begin.
    Before,
    /// A call is heard.
    Listening,
    /// A call is paused.
    Paused,
    /// A call is off the record.
    OffRecord,
    /// A call is over, and its page may still ask something.
    Over,
}

impl TrayStage {
    pub(super) fn of(status: Option<&CallStatus>) -> Self {
        match status.map(|status| &*status.state) {
            None => Self::Idle,
            // It is dropped unless that is taken back.
            Some(_) if status.is_some_and(|status| status.off_record_pending) => Self::OffRecord,
            Some("before") => Self::Before,
            Some("paused") => Self::Paused,
            Some("off_record") => Self::OffRecord,
            Some("ended") => Self::Over,
            Some(_) => Self::Listening,
        }
    }

    /// Whether a call goes on.
    pub(super) fn is_call(self) -> bool {
        matches!(self, Self::Listening | Self::Paused | Self::OffRecord)
    }
}

/// What the tray is made of. `has_server` is whether the sound server answers; `nudge` is shown if the user wants that.
pub(super) fn content(
    status: Option<&CallStatus>,
    has_server: bool,
    nudge: Option<String>,
    language: Language,
) -> TrayContent {
    let stage = TrayStage::of(status);
    let is_unwell = |status: &CallStatus| status.losing || !status.troubles.is_empty();
    let in_trouble = !has_server || stage == TrayStage::Listening && status.is_some_and(is_unwell);
    let shape = match stage {
        _ if in_trouble => TrayShape::Trouble,
        TrayStage::Listening => TrayShape::Listening,
        TrayStage::Paused | TrayStage::OffRecord => TrayShape::Paused,
        TrayStage::Idle | TrayStage::Before | TrayStage::Over => TrayShape::Idle,
    };
    let state = match stage {
        _ if !has_server => words::NO_SOUND_SERVER,
        _ if in_trouble => words::TROUBLE,
        TrayStage::Idle => words::WAITING,
        TrayStage::Before => words::BEFORE,
        TrayStage::Listening if status.is_some_and(|status| status.muted) => words::MUTED,
        TrayStage::Listening => words::LISTENING,
        TrayStage::Paused => words::PAUSED,
        TrayStage::OffRecord => words::OFF_THE_RECORD,
        TrayStage::Over => words::OVER,
    };
    let state = state.pick(language).to_owned();
    TrayContent {
        icon: shape.draw(),
        needs_attention: in_trouble || nudge.is_some(),
        title: "Keicho".to_owned(),
        text: nudge.map_or_else(|| state.clone(), |nudge| format!("{nudge}\n{state}")),
        primary: if stage == TrayStage::Idle { BEGIN } else { OPEN },
        menu: menu(stage, language),
    }
}

fn menu(stage: TrayStage, language: Language) -> Vec<TrayMenuItem> {
    let line = |name, label: Bilingual, is_enabled| TrayMenuItem::Action {
        name,
        label: label.pick(language).to_owned(),
        is_enabled,
    };
    let is_call = stage.is_call();
    vec![
        line(BEGIN, words::BEGIN_CALL, !is_call),
        match stage {
            TrayStage::Paused => line(RESUME, words::RESUME, true),
            _ => line(PAUSE, words::PAUSE, stage == TrayStage::Listening),
        },
        match stage {
            TrayStage::OffRecord => line(ON_RECORD, words::ON_THE_RECORD, true),
            _ => line(OFF_RECORD, words::GO_OFF_THE_RECORD, is_call),
        },
        line(OPEN, words::OPEN, stage != TrayStage::Idle),
        line(LAST_SUMMARY, words::LAST_SUMMARY, true),
        TrayMenuItem::Separator,
        line(QUIT, words::QUIT, true),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(state: &str) -> CallStatus {
        CallStatus {
            state: state.to_owned(),
            source: "live".to_owned(),
            now_ms: 0,
            muted: false,
            off_record_pending: false,
            share: None,
            unsure: false,
            target: 0.3,
            troubles: Vec::new(),
            losing: false,
            summary: None,
            nudge: None,
        }
    }

    fn shown(status: Option<&CallStatus>) -> TrayContent {
        content(status, true, None, Language::En)
    }

    /// What can be done now.
    fn choices(content: &TrayContent) -> Vec<&'static str> {
        let enabled = |item: &TrayMenuItem| match item {
            TrayMenuItem::Action { name, is_enabled: true, .. } => Some(*name),
            _ => None,
        };
        content.menu.iter().filter_map(enabled).collect()
    }

    #[test]
    fn what_can_be_done_follows_the_call() {
        let at = |state: &str| choices(&shown(Some(&status(state))));
        assert_eq!(choices(&shown(None)), [BEGIN, LAST_SUMMARY, QUIT]);
        assert_eq!(at("before"), [BEGIN, OPEN, LAST_SUMMARY, QUIT]);
        assert_eq!(at("live"), [PAUSE, OFF_RECORD, OPEN, LAST_SUMMARY, QUIT]);
        assert_eq!(at("paused"), [RESUME, OFF_RECORD, OPEN, LAST_SUMMARY, QUIT]);
        assert_eq!(at("off_record"), [ON_RECORD, OPEN, LAST_SUMMARY, QUIT]);
        let pending = CallStatus { off_record_pending: true, ..status("live") };
        assert_eq!(choices(&shown(Some(&pending))), at("off_record"), "it can be taken back");
        assert_eq!(at("ended"), [BEGIN, OPEN, LAST_SUMMARY, QUIT]);
        assert_eq!((shown(None).primary, shown(Some(&status("live"))).primary), (BEGIN, OPEN));
    }

    #[test]
    fn each_state_has_its_icon_and_its_sentence() {
        let looks = |status: &CallStatus| {
            let content = shown(Some(status));
            (content.icon, content.text, content.needs_attention)
        };
        let live = looks(&status("live"));
        assert_eq!(live, (TrayShape::Listening.draw(), "Listening".to_owned(), false));
        assert_eq!(looks(&status("paused")), (TrayShape::Paused.draw(), "Paused".to_owned(), false));
        assert_eq!(looks(&CallStatus { muted: true, ..status("live") }).1, "Listening, you’re muted");
        let trouble = looks(&CallStatus { losing: true, ..status("live") });
        assert_eq!((&trouble.0, trouble.2), (&TrayShape::Trouble.draw(), true));
        let gone = content(None, false, None, Language::En);
        assert_eq!((&gone.icon, gone.text.as_str()), (&TrayShape::Trouble.draw(), "Waiting for the sound server"));
        let paused = CallStatus { troubles: vec!["dead".to_owned()], ..status("paused") };
        assert_eq!(looks(&paused).1, "Paused", "nothing is heard, and nothing is wrong");
    }

    #[test]
    fn a_nudge_stands_before_the_state() {
        let content = content(Some(&status("live")), true, Some("Over to them".to_owned()), Language::En);
        assert_eq!((content.text.as_str(), content.needs_attention), ("Over to them\nListening", true));
    }
}
