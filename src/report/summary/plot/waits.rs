//! The wait after each question against how long the answer was.

use maud::{Markup, html};

use crate::audio::Track;
use crate::report::html::svg::{self, percent_width, px};
use crate::report::html::text::{clock, length, seconds};
use crate::report::summary::view::SummaryView;
use crate::report::summary::{QuestionEntry, derived, sentences};

/// Waits of this many milliseconds and more stand at the right edge, so that one long one does not press the others
/// together.
const WIDEST_MS: u64 = 10_000;

/// If the asker broke a wait shorter than this, in milliseconds, the question was taken back (Rowe 1986).
const THREE_SECONDS: f64 = 3_000.0;

/// Where the longest answer stands, in pixels from the top.
const TOP: f64 = 14.0;

/// How far below it an answer of no length stands, in pixels.
const HEIGHT: f64 = 110.0;

/// A dot for each question of the manager; hollow if the manager spoke first. What was answered for a length that is not
/// known stands at the bottom, as an answer.
pub(in crate::report::summary) fn waits(view: &SummaryView<'_>, questions: &[QuestionEntry]) -> Markup {
    let widest = questions.iter().filter_map(|one| one.wait_ms).max().unwrap_or(0).clamp(4_000, WIDEST_MS) as f64;
    let longest = questions.iter().filter_map(|one| one.answer_ms).max().unwrap_or(0);
    let highest = derived::STEPS.into_iter().find(|step| *step >= longest).unwrap_or(longest);
    let y = |answer: u64| TOP + HEIGHT * (1.0 - answer as f64 / highest as f64);
    let dot = |one: &QuestionEntry, wait: u64| {
        let (waited, at) = (seconds(wait, view.language), clock(one.at_ms));
        let by_me = one.broken_by == Some(Track::Me);
        let title = match one.answer_ms.map(|answer| length(answer, view.language)) {
            _ if by_me => {
                view.pick(format!("{at}：間{waited}、自分が先に話した"), format!("{at} wait {waited}, you spoke first"))
            }
            Some(answer) => {
                view.pick(format!("{at}：間{waited}、答え{answer}"), format!("{at} wait {waited}, answer {answer}"))
            }
            None => view.pick(
                format!("{at}：間{waited}、答えの長さは不明"),
                format!("{at} wait {waited}, answer of unknown length"),
            ),
        };
        let (x, y) = (percent_width((wait as f64 / widest).min(1.0)), y(one.answer_ms.unwrap_or(0).min(highest)));
        let class = if by_me { "no-answer" } else { "answer" };
        html! { circle class=(class) cx=(x) cy=(px(y)) r="4.5" { title { (title) } } }
    };
    let three = percent_width(THREE_SECONDS / widest);
    let second = |ms: f64| view.pick(format!("{:.0}秒", ms / 1000.0), format!("{:.0}\u{a0}s", ms / 1000.0));
    let labels = TOP + HEIGHT + 16.0;
    let shapes = html! {
        (svg::scale([0, highest / 2, highest].map(|level| (y(level), clock(level)))))
        line.target x1=(three) x2=(three) y1=(TOP) y2=(TOP + HEIGHT) {}
        @for one in questions { @if let Some(wait) = one.wait_ms { (dot(one, wait)) } }
        (svg::text("tick", 0.0, labels, "start", &second(0.0)))
        (svg::text("tick", THREE_SECONDS / widest, labels, "middle", &second(THREE_SECONDS)))
        @if widest > THREE_SECONDS * 1.4 { (svg::text("tick", 1.0, labels, "end", &second(widest))) }
        (svg::text("tick", 1.0, labels + 15.0, "end", view.pick("質問のあとの間 →", "wait after the question →")))
        (svg::text("tick", 0.0, TOP - 4.0, "start", view.pick("↑ 答えの長さ", "↑ length of the answer")))
    };
    svg::drawing("fluid gutter", 158, &sentences::waits(view), None, &shapes)
}
