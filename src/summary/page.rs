//! `summary.html` and `mirror.html`: one self-contained file each, which opens from disk, under a strict content-security
//! policy, in light, in dark and on paper; the script only adds hovering, tapping and zooming.

mod sections;
mod tables;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest as _, Sha256};

use crate::summary::view::View;
use crate::summary::words::html;
use crate::summary::{Advice, Before, Language, Summary, sentences};

/// Every colour, once; what stands between the tags is what is hashed.
const STYLE: &str = include_str!("page/page.css");

/// Hovering, tapping and zooming.
const SCRIPT: &str = include_str!("page/page.js");

/// What a page may do: run its own style and its own script, each by its hash, and nothing else. A server sends it as the
/// header; the page itself holds it too, for when it is opened from disk.
pub(super) fn policy() -> String {
    let hash = |text: &str| BASE64_STANDARD.encode(Sha256::digest(text));
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        hash(STYLE),
        hash(SCRIPT)
    )
}

/// The manager's own page.
pub(super) fn render(summary: &Summary, language: Language, before: &Before) -> String {
    let view = &View::own(summary, language);
    let perception = sentences::perception(view).map(|words| format!("<p class=\"felt\">{}</p>\n", html(&words)));
    let body = [
        perception.unwrap_or_default(),
        next(view),
        sections::timed(view),
        sections::grid(&[
            sections::longest(view),
            sections::waits(view),
            sections::interruptions(view),
            sections::silences(view),
            sections::listening(view, "me"),
            sections::stack(&[sections::nudges(view), sections::agenda(view)]),
        ]),
        sections::figures(view),
        sections::before(view, before),
        sections::sound(view),
        sections::transcript(view),
        sections::about_figures(view),
    ];
    document(view, &body.concat())
}

/// The shared mirror: both sides alike, no advice, no nudges, no target.
pub(super) fn mirror(summary: &Summary, language: Language) -> String {
    let view = &View::shared(summary, language);
    let body = [
        sections::what_is_in_it(view),
        sections::timed(view),
        sections::grid(&[
            sections::longest(view),
            sections::interruptions(view),
            sections::listening(view, "me"),
            sections::listening(view, "them"),
            sections::silences(view),
        ]),
        sections::figures(view),
        sections::sound(view),
        sections::about_figures(view),
    ];
    document(view, &body.concat())
}

fn document(view: &View<'_>, body: &str) -> String {
    let (title, about) = (html(&sentences::title(view)), html(&sentences::about(view)));
    let headline = sections::heading("p", "headline", &sentences::headline(view), view, "talk");
    let class = if view.is_mirror() { "mirror" } else { "own" };
    format!(
        "<!doctype html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{title} · Keicho</title>\n<style>{STYLE}</style>\n</head>\n<body class=\"{class}\">\n<main>\n\
         <header>\n<h1>{title}</h1>\n<p class=\"about\">{about}</p>\n{headline}</header>\n{body}</main>\n\
         <script>{SCRIPT}</script>\n</body>\n</html>\n",
        lang = view.language.code(),
        policy = html(&policy()),
    )
}

/// One thing to try next time, with its reason.
fn next(view: &View<'_>) -> String {
    let Some(advice) = Advice::of(view.summary) else { return String::new() };
    let pick = |words: crate::nudges::Words| html(view.pick(words.ja, words.en));
    let head = match (advice.kind, view.language) {
        ("keep", Language::Ja) => "このまま",
        ("keep", Language::En) => "Keep it up",
        (_, Language::Ja) => "次にひとつ試すなら",
        (_, Language::En) => "One thing to try next time",
    };
    format!(
        "<section class=\"next\">\n<h2>{head}</h2>\n<p class=\"try\">{}</p>\n<p class=\"because\">{} \
         <span class=\"source\">{}</span></p>\n</section>\n",
        pick(advice.what),
        html(advice.because(view.language)),
        view.pick(format!("{}。", pick(advice.source)), format!("{}.", pick(advice.source)))
    )
}
