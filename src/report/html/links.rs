//! Where a page is read, and the ways that lead on from it. On the server a way is a button of a form that carries the
//! token, so that it stands in no address, no history and no log; a file has no forms.

use crate::language::Language;
use crate::report::html::text::escape;

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
    /// Where the form goes, such as `/history`.
    pub(crate) action: &'a str,
    /// What it says besides: a name and a value.
    pub(crate) field: Option<(&'a str, &'a str)>,
    /// What the button says.
    pub(crate) label: &'a str,
}

impl PageLocation<'_> {
    /// A form without a button: those that name it in `form` send it. What comes opens beside the page, which a browser
    /// could not go back to without sending its own form again. Nothing in a file.
    pub(crate) fn form(self, id: &str, action: &str, language: Language) -> String {
        let Self::Server { token } = self else { return String::new() };
        format!(
            "<form id=\"{id}\" method=\"post\" action=\"{action}\" target=\"_blank\">{}</form>\n",
            hidden(token, language)
        )
    }

    /// Buttons that lead to other pages. Nothing in a file.
    pub(crate) fn link_buttons(self, language: Language, ways: &[PageLink<'_>]) -> String {
        let Self::Server { token } = self else { return String::new() };
        let Some(first) = ways.first() else { return String::new() };
        let button = |way: &PageLink<'_>| {
            let field =
                way.field.map(|(name, value)| format!(" name=\"{}\" value=\"{}\"", escape(name), escape(value)));
            format!(
                "<button formaction=\"{}\"{}>{}</button>\n",
                escape(way.action),
                field.unwrap_or_default(),
                escape(way.label)
            )
        };
        let buttons: String = ways.iter().map(button).collect();
        format!(
            "<form class=\"ways\" method=\"post\" action=\"{}\">{}\n{buttons}</form>\n",
            escape(first.action),
            hidden(token, language)
        )
    }
}

/// What every form says.
fn hidden(token: &str, language: Language) -> String {
    format!(
        "<input type=\"hidden\" name=\"token\" value=\"{}\"><input type=\"hidden\" name=\"lang\" value=\"{}\">",
        escape(token),
        language.code()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_no_forms_and_the_server_s_carry_the_token() {
        let back = PageLink { action: "/history", field: None, label: "Your calls" };
        let mirror = PageLink { action: "/mirror", field: Some(("call", "\"><b>")), label: "Mirror <&>" };
        assert_eq!(PageLocation::File.link_buttons(Language::En, &[back, mirror]), "");
        assert_eq!(PageLocation::File.form("open", "/summary", Language::En), "");
        let server = PageLocation::Server { token: "0123" };
        assert_eq!(server.link_buttons(Language::En, &[]), "");
        let said = server.link_buttons(Language::Ja, &[back, mirror]);
        assert_eq!(said.matches("name=\"token\" value=\"0123\"").count(), 1, "{said}");
        assert!(said.contains("name=\"lang\" value=\"ja\""), "{said}");
        assert!(said.contains("<button formaction=\"/history\">Your calls</button>"), "{said}");
        assert!(said.contains("name=\"call\" value=\"&quot;&gt;&lt;b&gt;\">Mirror &lt;&amp;&gt;<"), "{said}");
    }
}
