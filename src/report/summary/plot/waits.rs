//! The wait after each question against how long the answer was.

use crate::report::html::text::{clock, escape, length, seconds};
use crate::report::summary::plot::{Svg, percent};
use crate::report::summary::view::SummaryView;
use crate::report::summary::{QuestionEntry, derived, sentences};

/// Waits from here on stand at the right edge, so that one long one does not press the others together.
const WIDEST_MS: u64 = 10_000;

/// A wait shorter than this took the question back, if the asker broke it (Rowe 1986).
const THREE_SECONDS: f64 = 3_000.0;

const TOP: f64 = 14.0;
const HEIGHT: f64 = 110.0;

/// A dot for each question of the manager; hollow where it was taken back.
pub(in crate::report::summary) fn waits(view: &SummaryView<'_>, questions: &[QuestionEntry]) -> String {
    let mut svg = Svg::new("fluid gutter", 158, &sentences::waits(view));
    let widest = questions.iter().filter_map(|one| one.wait_ms).max().unwrap_or(0).clamp(4_000, WIDEST_MS) as f64;
    let longest = questions.iter().filter_map(|one| one.answer_ms).max().unwrap_or(0);
    let highest = derived::STEPS.into_iter().find(|step| *step >= longest).unwrap_or(longest);
    let y = |answer: u64| TOP + HEIGHT * (1.0 - answer as f64 / highest as f64);
    for level in [0, highest / 2, highest] {
        svg.horizontal_line(y(level));
        svg.margin_text("tick", y(level) + 4.0, &clock(level));
    }
    let three = percent(THREE_SECONDS / widest);
    svg.add(&format!("<line class=\"target\" x1=\"{three}\" x2=\"{three}\" y1=\"{TOP}\" y2=\"{}\"/>", TOP + HEIGHT));
    for one in questions {
        let Some(wait) = one.wait_ms else { continue };
        let x = percent((wait as f64 / widest).min(1.0));
        let (waited, at) = (seconds(wait, view.language), clock(one.at_ms));
        let answer = one.answer_ms.map(|answer| length(answer, view.language));
        let class = if one.answer_ms.is_some() { "answer" } else { "no-answer" };
        let title = match answer {
            Some(answer) => {
                view.pick(format!("{at} 間 {waited}、答え {answer}"), format!("{at} wait {waited}, answer {answer}"))
            }
            None => view.pick(format!("{at} 間 {waited}、自分から続けた"), format!("{at} wait {waited}, spoke on")),
        };
        svg.add(&format!(
            "<circle class=\"{class}\" cx=\"{x}\" cy=\"{:.1}\" r=\"4.5\"><title>{}</title></circle>",
            y(one.answer_ms.unwrap_or(0).min(highest)),
            escape(&title)
        ));
    }
    let second = |ms: f64| view.pick(format!("{:.0} 秒", ms / 1000.0), format!("{:.0} s", ms / 1000.0));
    let labelled = TOP + HEIGHT + 16.0;
    svg.text("tick", 0.0, labelled, "start", &second(0.0));
    svg.text("tick", THREE_SECONDS / widest, labelled, "middle", &second(THREE_SECONDS));
    if widest > THREE_SECONDS * 1.4 {
        svg.text("tick", 1.0, labelled, "end", &second(widest));
    }
    svg.text("tick", 1.0, labelled + 15.0, "end", view.pick("質問のあとの間 →", "wait after the question →"));
    svg.text("tick", 0.0, TOP - 4.0, "start", view.pick("↑ 答えの長さ", "↑ length of the answer"));
    svg.close()
}
