//! Whether the overlay's small window can stay on top of all others here: that is the desktop's to say.

use std::ffi::OsString;

/// What the session lets a window do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OnTop {
    /// A window may ask for it, and browsers do (`_NET_WM_STATE_ABOVE`).
    ByItself,
    /// No program can ask for it; the user can, in the way of their desktop.
    ByHand(Desktop),
}

/// Desktops whose way is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Desktop {
    Gnome,
    Kde,
    Other,
}

impl OnTop {
    /// What the environment says; `None` outside a graphical session.
    pub(super) fn from_env(var: &dyn Fn(&str) -> Option<OsString>) -> Option<Self> {
        let var = |name: &str| var(name).map(|value| value.to_string_lossy().to_lowercase()).filter(|v| !v.is_empty());
        // Under Wayland there is an X11 display as well, for programs that know no other.
        if var("XDG_SESSION_TYPE").as_deref() == Some("wayland") || var("WAYLAND_DISPLAY").is_some() {
            let names = var("XDG_CURRENT_DESKTOP").unwrap_or_default();
            let is = |word: &str| names.split(':').any(|name| name == word);
            return Some(Self::ByHand(match () {
                () if is("gnome") => Desktop::Gnome,
                () if is("kde") => Desktop::Kde,
                () => Desktop::Other,
            }));
        }
        var("DISPLAY").map(|_| Self::ByItself)
    }

    /// What there is to say of it, and whether something is to be done.
    pub(super) fn sentence(self) -> Result<&'static str, String> {
        let way = match self {
            Self::ByItself => return Ok("X11: the browser's small window stays on top by itself"),
            Self::ByHand(Desktop::Gnome) => "Press Alt+Space in the small window and choose Always on Top",
            Self::ByHand(Desktop::Kde) => "Press Alt+F3 in the small window and choose More Actions, Keep Above Others",
            Self::ByHand(Desktop::Other) => "Have your desktop keep the small window above others",
        };
        Err(format!(
            "Wayland: no program can put its window on top, so the browser's small window may be covered. {way}; or have \
             the tray show nudges ([agent] shows_nudges)"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(vars: &[(&str, &str)]) -> Option<OnTop> {
        OnTop::from_env(&|name| vars.iter().find(|(known, _)| *known == name).map(|(_, value)| value.into()))
    }

    #[test]
    fn each_desktop_has_its_own_way() {
        let wayland = ("XDG_SESSION_TYPE", "wayland");
        let (x11, xwayland) = (("DISPLAY", ":0"), ("WAYLAND_DISPLAY", "wayland-0"));
        assert_eq!(session(&[]), None, "no screen, no window");
        assert_eq!(session(&[("XDG_SESSION_TYPE", "x11"), x11]), Some(OnTop::ByItself));
        assert_eq!(session(&[wayland, x11]), Some(OnTop::ByHand(Desktop::Other)));
        let named = |names| session(&[xwayland, x11, ("XDG_CURRENT_DESKTOP", names)]);
        assert_eq!(named("ubuntu:GNOME"), Some(OnTop::ByHand(Desktop::Gnome)));
        assert_eq!(named("KDE"), Some(OnTop::ByHand(Desktop::Kde)));
        assert_eq!(named("sway"), Some(OnTop::ByHand(Desktop::Other)));
    }

    #[test]
    fn only_what_is_to_be_done_is_advice() {
        assert!(OnTop::ByItself.sentence().is_ok());
        for desktop in [Desktop::Gnome, Desktop::Kde, Desktop::Other] {
            let advice = OnTop::ByHand(desktop).sentence().unwrap_err();
            assert!(advice.starts_with("Wayland: ") && advice.contains("shows_nudges"), "{advice}");
        }
    }
}
