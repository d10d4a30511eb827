//! The manager's own figures in the calls before this one.

use maud::{Markup, html};

use crate::dates::{date, short_day};
use crate::health::confidence::{Confidence, FigureGroup, WAITS};
use crate::records::Figures;
use crate::report::html::text::{length, percent, seconds};
use crate::report::summary::page::tables;
use crate::report::summary::plot::{self, Series};
use crate::report::summary::view::SummaryView;
use crate::report::summary::{PriorCalls, derived, sentences};

/// The manager's own figures in the last calls and in this one; never other people's.
pub(super) fn prior_calls(view: &SummaryView<'_>, before: &PriorCalls) -> Markup {
    let shown = before.shown();
    let calls: Vec<&Figures> = shown.iter().map(|call| &call.figures).chain([&view.summary.figures]).collect();
    let days = shown.iter().map(|call| {
        let day = call.record.started_at.as_deref().and_then(date);
        day.map(|day| short_day(day, view.language)).unwrap_or_default()
    });
    let days: Vec<String> = days.chain([view.pick("今回", "this call").to_owned()]).collect();
    // What may be wrong altogether is compared with nothing.
    let series =
        |description, groups: &[FigureGroup], value: &dyn Fn(&Figures) -> Option<f64>, format_value, target| Series {
            description,
            values: calls
                .iter()
                .map(|call| value(call).filter(|_| call.confidence(groups) != Some(Confidence::Low)))
                .collect(),
            unsure: calls.iter().map(|call| call.confidence(groups).is_some()).collect(),
            days: &days,
            format_value,
            target,
        };
    let in_minutes = |ms: f64| length(ms as u64, view.language);
    let in_seconds = |ms: f64| seconds(ms as u64, view.language);
    let ms = |value: Option<u64>| value.map(|ms| ms as f64);
    let multiples = [
        series(
            view.pick("話した割合", "Talk share"),
            &[FigureGroup::Talk],
            &|call| call.share,
            &percent,
            Some(derived::target(view.summary)),
        ),
        series(
            view.pick("いちばん長い話", "Longest turn"),
            &[FigureGroup::Talk],
            &|call| ms(call.longest_turn_ms),
            &in_minutes,
            None,
        ),
        series(
            view.pick("質問のあとの間（中央値）", "Wait after a question"),
            WAITS,
            &|call| ms(call.wait_ms),
            &in_seconds,
            None,
        ),
        series(
            view.pick("相手が話す1分あたりの相づち", "Signs of listening per minute"),
            &[FigureGroup::Backchannels],
            &|call| call.backchannels_per_min,
            &|rate| format!("{rate:.1}"),
            None,
        ),
    ];
    html! {
        @if !shown.is_empty() {
            section.before {
                h2 { (sentences::prior_calls(shown.len(), view.language)) }
                div.multiples {
                    @for series in &multiples {
                        section {
                            h3 { (series.description) }
                            (plot::small_multiple(series))
                            (tables::prior_calls(series))
                        }
                    }
                }
            }
        }
    }
}
