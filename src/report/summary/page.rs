//! `summary.html` and `mirror.html`: one self-contained file each, which opens from disk, under a strict content-security
//! policy, in light, in dark and on paper; the script only adds hovering, tapping and zooming.

mod sections;
mod tables;

use crate::audio::Track;
use crate::health::confidence::FigureGroup;
use crate::report::html::text::escape;
use crate::report::html::{Document, PageLink, PageLocation, base_style};
use crate::report::summary::advice::AdviceKind;
use crate::report::summary::view::SummaryView;
use crate::report::summary::{Advice, Language, PriorCalls, Summary, sentences};

/// The look: what all pages share, and what is this one's own.
const STYLE: &str = concat!(base_style!(), include_str!("page/page.css"));

/// Hovering, tapping and zooming.
const SCRIPT: &str = include_str!("page/page.js");

/// What a page may do.
pub(super) fn policy(place: PageLocation<'_>) -> String {
    crate::report::html::policy(STYLE, SCRIPT, place)
}

/// The manager's own page, with its ways on where it is served.
pub(super) fn render(
    summary: &Summary,
    language: Language,
    before: &PriorCalls,
    place: PageLocation<'_>,
    on: &[PageLink<'_>],
) -> String {
    let view = &SummaryView::for_manager(summary, language);
    let perception = sentences::perception(view).map(|words| format!("<p class=\"felt\">{}</p>\n", escape(&words)));
    let body = [
        perception.unwrap_or_default(),
        advice_section(view),
        sections::time_plots(view),
        sections::grid(&[
            sections::longest(view),
            sections::waits(view),
            sections::interruptions(view),
            sections::silences(view),
            sections::backchannels(view, Track::Me),
            sections::stack(&[sections::nudges(view), sections::agenda(view)]),
        ]),
        sections::figures(view),
        sections::prior_calls(view, before),
        sections::sound(view),
        sections::transcript(view),
        sections::page_links(view, place, on),
        sections::about_figures(view),
    ];
    document(view, place, &body.concat())
}

/// The shared mirror: both sides alike, no advice, no nudges, no target.
pub(super) fn mirror(summary: &Summary, language: Language) -> String {
    let view = &SummaryView::for_both(summary, language);
    let body = [
        sections::mirror_contents(view),
        sections::time_plots(view),
        sections::grid(&[
            sections::longest(view),
            sections::interruptions(view),
            sections::backchannels(view, Track::Me),
            sections::backchannels(view, Track::Them),
            sections::silences(view),
        ]),
        sections::figures(view),
        sections::sound(view),
        sections::about_figures(view),
    ];
    document(view, PageLocation::File, &body.concat())
}

fn document(view: &SummaryView<'_>, place: PageLocation<'_>, body: &str) -> String {
    let (title, about) = (sentences::title(view), escape(&sentences::about(view)));
    let headline = sections::heading("p", "headline", &sentences::headline(view), view, FigureGroup::Talk);
    let body =
        format!("<header>\n<h1>{}</h1>\n<p class=\"about\">{about}</p>\n{headline}</header>\n{body}", escape(&title));
    let class = if view.is_mirror() { "mirror" } else { "own" };
    let language = view.language;
    Document { language, location: place, title: &title, class, style: STYLE, script: SCRIPT, body: &body }.render()
}

/// One thing to try next time, with its reason.
fn advice_section(view: &SummaryView<'_>) -> String {
    let Some(advice) = Advice::for_summary(view.summary) else { return String::new() };
    let pick = |words: crate::nudges::Bilingual| escape(view.pick(words.ja, words.en));
    let head = match (advice.kind, view.language) {
        (AdviceKind::Keep, Language::Ja) => "このまま",
        (AdviceKind::Keep, Language::En) => "Keep it up",
        (_, Language::Ja) => "次にひとつ試すなら",
        (_, Language::En) => "One thing to try next time",
    };
    format!(
        "<section class=\"next\">\n<h2>{head}</h2>\n<p class=\"try\">{}</p>\n<p class=\"because\">{} \
         <span class=\"source\">{}</span></p>\n</section>\n",
        pick(advice.what),
        escape(advice.because(view.language)),
        view.pick(format!("{}。", pick(advice.source)), format!("{}.", pick(advice.source)))
    )
}
