//! Where a page is read, and the ways that lead on from it. On the server a way is a button of a form that carries the
//! token, so that it stands in no address, no history and no log; a file has no forms.

use maud::{Markup, html};

use crate::language::Language;

/// Where a page is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PageLocation<'a> {
    /// From a file.
    File,
    /// From the running server.
    Server {
        /// The secret of this launch, which its forms carry.
        token: &'a str,
    },
}

/// A way to another page of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PageLink<'a> {
    /// The path that the form is sent to, such as `/history`.
    pub(crate) action: &'a str,
    /// What the form says besides: a name and a value.
    pub(crate) field: Option<(&'a str, &'a str)>,
    /// The words on the button.
    pub(crate) label: &'a str,
}

impl PageLocation<'_> {
    /// A form without a button: the buttons that name its id in `form` send it. The answer opens beside the page, because
    /// a browser could not go back to a page that a form brought without sending that form again. Nothing in a file.
    pub(crate) fn form(self, id: &str, action: &str, language: Language) -> Markup {
        let Self::Server { token } = self else { return Markup::default() };
        let gone = gone(language);
        html! {
            form id=(id) method="post" action=(action) target="_blank" data-gone=(gone) { (hidden_fields(token, language)) }
        }
    }

    /// A form of its own, which says these names and values besides. Nothing in a file.
    pub(crate) fn form_with(
        self,
        language: Language,
        action: &str,
        fields: &[(&str, &str)],
        inside: &Markup,
    ) -> Markup {
        let Self::Server { token } = self else { return Markup::default() };
        html! {
            form.ways method="post" action=(action) data-gone=(gone(language)) {
                (hidden_fields(token, language))
                @for (name, value) in fields { input type="hidden" name=(name) value=(value); }
                (inside)
            }
        }
    }

    /// Buttons that lead to other pages. Nothing in a file.
    pub(crate) fn link_buttons(self, language: Language, links: &[PageLink<'_>]) -> Markup {
        let (Self::Server { token }, Some(first)) = (self, links.first()) else { return Markup::default() };
        html! {
            form.ways method="post" action=(first.action) data-gone=(gone(language)) {
                (hidden_fields(token, language))
                @for PageLink { action, field, label } in links {
                    button formaction=(action) name=[field.map(|(name, _)| name)] value=[field.map(|(_, value)| value)] {
                        (label)
                    }
                }
            }
        }
    }
}

/// What is said of a form's button if the server that made the page is gone, and how to get back.
fn gone(language: Language) -> &'static str {
    language.pick(
        "Keichoは終了しています。もう一度起動して、「これまでの1on1」から開いてください。このページはこのまま読めます。",
        "Keicho has stopped. Start it again and open “Your past 1on1s”. This page can still be read.",
    )
}

/// What every form says.
fn hidden_fields(token: &str, language: Language) -> Markup {
    html! {
        input type="hidden" name="token" value=(token);
        input type="hidden" name="lang" value=(language.code());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_no_forms_and_the_server_s_carry_the_token() {
        let back = PageLink { action: "/history", field: None, label: "Your calls" };
        let mirror = PageLink { action: "/mirror", field: Some(("call", "\"><b>")), label: "Mirror <&>" };
        assert_eq!(PageLocation::File.link_buttons(Language::En, &[back, mirror]).0, "");
        assert_eq!(PageLocation::File.form("open", "/summary", Language::En).0, "");
        let server = PageLocation::Server { token: "0123" };
        assert_eq!(server.link_buttons(Language::En, &[]).0, "");
        let html = server.link_buttons(Language::Ja, &[back, mirror]).into_string();
        assert_eq!(html.matches("name=\"token\" value=\"0123\"").count(), 1, "{html}");
        assert!(html.contains("name=\"lang\" value=\"ja\""), "{html}");
        assert!(html.contains("<button formaction=\"/history\">Your calls</button>"), "{html}");
        assert!(html.contains("name=\"call\" value=\"&quot;&gt;&lt;b&gt;\">Mirror &lt;&amp;&gt;<"), "{html}");
    }
}
