//! `summary.html` and `mirror.html`: one self-contained file each, which opens from disk, under a strict
//! content-security policy, in light, in dark and on paper; the script only adds hovering, tapping and zooming.

mod confidence_marks;
mod intention;
mod prior_calls;
mod sections;
mod tables;
mod their_answer;
mod time_plots;
mod written;

use maud::{Markup, html};

use confidence_marks::confidence_marks;

use crate::audio::Track;
use crate::health::confidence::{Confidence, FigureGroup};
use crate::i18n::Bilingual;
use crate::report::html::{Document, PageLink, PageLocation, base_style};
use crate::report::summary::advice::AdviceKind;
use crate::report::summary::intention::{figure_groups, measured};
use crate::report::summary::prior_calls::MeantFor;
use crate::report::summary::view::SummaryView;
use crate::report::summary::{Advice, Language, PriorCalls, Summary, derived, sentences};

/// The look: what all pages share, and what is this one's own.
const STYLE: &str = concat!(base_style!(), include_str!("page/page.css"));

/// Hovering, tapping and zooming; and what the shared summary asks.
const SCRIPT: &str = concat!(include_str!("page/page.js"), include_str!("page/answer.js"));

/// The content-security policy of both pages.
pub(super) fn policy(location: PageLocation<'_>) -> String {
    crate::report::html::policy(STYLE, SCRIPT, location)
}

/// The manager's own page; on the server `links` lead on from it, and the record of a call that is `remembered` can be
/// changed.
pub(super) fn render(
    summary: &Summary,
    language: Language,
    before: &PriorCalls,
    location: PageLocation<'_>,
    links: &[PageLink<'_>],
    remembered: bool,
) -> String {
    let view = &SummaryView::for_manager(summary, language);
    let rest = html! {
        div.grid {
            (sections::longest(view))
            (sections::waits(view))
            (sections::interruptions(view))
            (sections::silences(view))
            (sections::backchannels(view, Track::Me))
            (sections::nudges(view))
        }
        (sections::figures(view))
        (prior_calls::prior_calls(view, before))
        (sections::sound(view))
        (sections::latency(view))
        (sections::about_figures(view))
    };
    let body = html! {
        @if let Some(words) = sentences::perception(view) { p.felt { (words) } }
        @if let Some(words) = sentences::their_answer(view) { p.felt { (words) } }
        @if let Some(meant) = &before.meant {
            p.felt { (what_came_of(view, meant)) }
        }
        (time_plots::time_plots(view))
        (sections::highlights(view))
        (advice_section(view))
        @if remembered { (intention::choice(view, before.next, location)) }
        (sections::agenda(view))
        (written::written_down(view, if remembered { location } else { PageLocation::File }))
        (sections::doubts(view))
        (sections::rest(view, &rest))
        (sections::transcript(view))
        (sections::page_links(view, location, links))
        @if remembered { (their_answer::form(view, location)) (sections::record_forms(view, location)) }
    };
    document(view, location, &body)
}

/// The shared summary: both sides alike, no advice, no nudges, no target, and nothing of how the manager's own sound was.
pub(super) fn mirror(summary: &Summary, language: Language) -> String {
    let view = &SummaryView::for_both(summary, language);
    let rest = html! {
        div.grid {
            (sections::longest(view))
            (sections::interruptions(view))
            (sections::backchannels(view, Track::Me))
            (sections::backchannels(view, Track::Them))
            (sections::silences(view))
        }
        (sections::about_figures(view))
    };
    let body = html! {
        (their_answer::question(view))
        (their_answer::reply(view))
        (sections::mirror_contents(view))
        (time_plots::time_plots(view))
        (sections::figures(view))
        (sections::doubts(view))
        (sections::rest(view, &rest))
    };
    document(view, PageLocation::File, &body)
}

fn document(view: &SummaryView<'_>, location: PageLocation<'_>, body: &Markup) -> String {
    let title = sentences::title(view);
    let body = html! {
        header {
            h1 { (title) }
            p.about { (sentences::about(view)) }
            p.headline { (sections::marked(view, &sentences::headline(view), &[FigureGroup::Talk])) }
        }
        (body)
    };
    let class = if view.is_mirror() { "mirror" } else { "own" };
    let language = view.language;
    Document { language, location, title: &title, class, style: STYLE, script: SCRIPT, body: &body }.render()
}

/// What came of the intention for this call, with the doubts of its figure.
fn what_came_of(view: &SummaryView<'_>, meant: &MeantFor) -> Markup {
    let groups = figure_groups(meant.intention);
    let known = derived::lowest_confidence(view.summary, groups) != Some(Confidence::Low);
    let words = measured(meant, known.then_some(&view.summary.figures), view.language);
    html! { (words) @if known { (confidence_marks(view, groups)) } }
}

/// One thing to try next time, with its reason, unless that is the headline's own figure.
fn advice_section(view: &SummaryView<'_>) -> Markup {
    let Some(advice) = Advice::for_summary(view.summary) else { return Markup::default() };
    let pick = |words: Bilingual| words.pick(view.language);
    let head = match advice.kind {
        AdviceKind::Keep => view.pick("このまま", "Carry on like this"),
        _ => view.pick("次にひとつ試すなら", "One thing to try next time"),
    };
    html! {
        section.next {
            h2 { (head) }
            p.try { (pick(advice.what)) }
            p.because {
                @if !matches!(advice.kind, AdviceKind::Ask | AdviceKind::Keep) { (advice.because(view.language)) (confidence_marks(view, advice.kind.groups())) " " }
                span.source { (pick(advice.source)) (view.pick("。", ".")) }
            }
        }
    }
}
