//! One self-contained document: it opens from disk, in light, in dark and on paper, and may do nothing but run its own
//! style and its own script, each by its hash, and send its own forms to the server that made it.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest as _, Sha256};

use crate::language::Language;
use crate::report::html::PageLocation;
use crate::report::html::text::escape;

/// A page on its way.
pub(crate) struct Document<'a> {
    /// The language of its words.
    pub(crate) language: Language,
    /// Where it is read.
    pub(crate) location: PageLocation<'a>,
    /// What its tab is called; text.
    pub(crate) title: &'a str,
    /// The class of its body.
    pub(crate) class: &'a str,
    /// What stands between its tags is what is hashed.
    pub(crate) style: &'a str,
    /// Without it the page is whole; empty where there is none.
    pub(crate) script: &'a str,
    /// All that is seen; HTML.
    pub(crate) body: &'a str,
}

impl Document<'_> {
    /// The page.
    pub(crate) fn render(&self) -> String {
        let Self { title, class, style, script, body, .. } = self;
        let script = if script.is_empty() { String::new() } else { format!("<script>{script}</script>\n") };
        // Without a referrer a browser would send a form from the origin `null`, which the server takes from nobody.
        let referrer = match self.location {
            PageLocation::File => "no-referrer",
            PageLocation::Server { .. } => "same-origin",
        };
        format!(
            "<!doctype html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
             <meta name=\"referrer\" content=\"{referrer}\">\n\
             <title>{title} · Keicho</title>\n<style>{style}</style>\n</head>\n<body class=\"{class}\">\n<main>\n\
             {body}</main>\n{script}</body>\n</html>\n",
            lang = self.language.code(),
            policy = escape(&policy(style, self.script, self.location)),
            title = escape(title),
        )
    }
}

/// A page of one sentence, with its policy.
pub(crate) fn sentence_page(words: &str, language: Language) -> (String, String) {
    let style = crate::report::html::base_style!();
    let (body, place) = (format!("<p>{}</p>\n", escape(words)), PageLocation::File);
    let page = Document { language, location: place, title: words, class: "sentence", style, script: "", body: &body };
    (page.render(), policy(style, "", place))
}

/// What a page may do. A server sends it as the header; the page itself holds it too, for when it is opened from disk.
pub(crate) fn policy(style: &str, script: &str, place: PageLocation<'_>) -> String {
    let hash = |text: &str| format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(text)));
    let script = if script.is_empty() { "'none'".to_owned() } else { hash(script) };
    let forms = match place {
        PageLocation::File => "'none'",
        PageLocation::Server { .. } => "'self'",
    };
    format!("default-src 'none'; style-src {}; script-src {script}; base-uri 'none'; form-action {forms}", hash(style))
}
