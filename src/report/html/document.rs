//! One self-contained document: it opens from disk, in light, in dark and on paper, and may do nothing but run its own
//! style and its own script, each by its hash, and send its own forms to the server that made it.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest as _, Sha256};

use crate::language::Language;
use crate::report::html::PageLocation;

/// What a page is made of.
pub(crate) struct Document<'a> {
    /// The language of its words.
    pub(crate) language: Language,
    /// Where it is read.
    pub(crate) location: PageLocation<'a>,
    /// The title of its tab, before the program's name.
    pub(crate) title: &'a str,
    /// The class of its `body`.
    pub(crate) class: &'a str,
    /// Its whole style sheet; its hash is in the policy.
    pub(crate) style: &'a str,
    /// Its script, whose hash is in the policy, too; empty if it has none. The page is readable without it.
    pub(crate) script: &'a str,
    /// All that is seen.
    pub(crate) body: &'a Markup,
}

impl Document<'_> {
    /// The page as a file holds it and a server sends it.
    pub(crate) fn render(&self) -> String {
        // Without a referrer a browser would send a form from the origin `null`, which the server takes from nobody.
        let referrer = match self.location {
            PageLocation::File => "no-referrer",
            PageLocation::Server { .. } => "same-origin",
        };
        let page = html! {
            (DOCTYPE)
            html lang=(self.language.code()) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta http-equiv="Content-Security-Policy" content=(policy(self.style, self.script, self.location));
                    meta name="referrer" content=(referrer);
                    title { (without_controls(self.title)) " · Keicho" }
                    style { (PreEscaped(self.style)) }
                }
                body class=(self.class) {
                    main { (PreEscaped(without_controls(&self.body.0))) }
                    @let script = whole_script(self.script, self.location);
                    @if !script.is_empty() { script { (PreEscaped(script)) } }
                }
            }
        };
        page.into_string()
    }
}

/// A page of one sentence, and its content-security policy.
pub(crate) fn sentence_page(words: &str, language: Language) -> (String, String) {
    let (style, location) = (crate::report::html::base_style!(), PageLocation::File);
    let body = &html! { p { (words) } };
    let page = Document { language, location, title: words, class: "sentence", style, script: "", body };
    (page.render(), policy(style, "", location))
}

/// A page that asks something, or says what was done, with the forms that lead on; and its content-security policy.
pub(crate) fn question_page(
    heading: &str,
    words: &str,
    forms: &Markup,
    language: Language,
    location: PageLocation<'_>,
) -> (String, String) {
    let style = crate::report::html::base_style!();
    let body = &html! { h1 { (heading) } p { (words) } div.row { (forms) } };
    let page = Document { language, location, title: heading, class: "sentence", style, script: "", body };
    (page.render(), policy(style, "", location))
}

/// What the forms of a page of the server do if that server is gone.
const LINK_SCRIPT: &str = include_str!("links.js");

/// A page's own script, and on the server that of its forms.
fn whole_script(script: &str, location: PageLocation<'_>) -> String {
    match location {
        PageLocation::File => script.to_owned(),
        PageLocation::Server { .. } => format!("{script}{LINK_SCRIPT}"),
    }
}

/// The content-security policy of a page. A server sends it as the header; the page itself holds it too, for when it is
/// opened from disk.
pub(crate) fn policy(style: &str, script: &str, location: PageLocation<'_>) -> String {
    let hash = |text: &str| format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(text)));
    let script = whole_script(script, location);
    let script = if script.is_empty() { "'none'".to_owned() } else { hash(&script) };
    let [forms, asks] = match location {
        PageLocation::File => ["'none'", ""],
        PageLocation::Server { .. } => ["'self'", "connect-src 'self'; "],
    };
    let style = hash(style);
    format!("default-src 'none'; {asks}style-src {style}; script-src {script}; base-uri 'none'; form-action {forms}")
}

/// The text without control characters, and without marks that turn the direction of writing: a name must not turn what
/// stands around it. It is done to the whole page at once, so that no part of it can leave it out.
fn without_controls(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}');
    text.replace(|c: char| turns(c) || (c.is_control() && c != '\n'), "\u{fffd}")
}

#[cfg(test)]
mod tests;
