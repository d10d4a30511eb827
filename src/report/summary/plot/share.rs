//! The manager's share over time, on the timeline's own axis.

use std::fmt::Write;

use maud::{Markup, html};

use crate::report::html::svg::{self, px};
use crate::report::html::text::{length, percent};
use crate::report::summary::derived::{self, ShareAtTime, TargetSpan};
use crate::report::summary::plot::time_ticks;
use crate::report::summary::sentences;
use crate::report::summary::view::SummaryView;

/// Where the share of 1 stands, in pixels from the top.
const TOP: f64 = 8.0;

/// How far below it the share of 0 stands, in pixels.
const HEIGHT: f64 = 100.0;

/// The share of the last minutes against the band of the target that was in force at each moment, and the whole call's so far as a hairline; what was not heard
/// is a gap in both. The mirror has no target.
pub(in crate::report::summary) fn share_over_time(view: &SummaryView<'_>) -> Markup {
    let summary = view.summary;
    let duration = summary.call.duration_ms;
    let moments = derived::share_over_time(summary);
    let targets = derived::targets_over_time(summary);
    let lines = html! {
        @if !view.is_mirror() {
            @for span in &targets { (band(span)) }
            (svg::path("target", &target_steps(&targets)))
        }
        @for (start, end) in derived::gaps(summary) {
            rect.gap x=(start) y="0" width=(end - start) height=(HEIGHT) {}
        }
        (svg::path("whole", &line(&moments, |moment| moment.whole)))
        (svg::path("recent", &line(&moments, |moment| moment.recent)))
    };
    let shapes = html! {
        (svg::scale([0.0, 0.5, 1.0].map(|level| (y(level), percent(level)))))
        (svg::stretched("time", duration, TOP, HEIGHT, &lines))
        (time_ticks(duration, TOP + HEIGHT + 16.0))
    };
    svg::drawing("fluid timed share", 128, &sentences::share_over_time(view), None, &shapes)
}

/// The shares that were good in a stretch of the call.
fn band(span: &TargetSpan) -> Markup {
    let (low, high) = derived::band(span.target);
    html! {
        rect.band x=(span.start_ms) y=(px(HEIGHT * (1.0 - high))) width=(span.end_ms - span.start_ms)
            height=(px(HEIGHT * (high - low))) {}
    }
}

/// The target as a line that steps where it was changed.
fn target_steps(targets: &[TargetSpan]) -> String {
    let mut path = String::new();
    for (span, pen) in targets.iter().zip(std::iter::once('M').chain(std::iter::repeat('L'))) {
        let y = px(HEIGHT * (1.0 - span.target));
        // Writing to a string cannot fail.
        let _ = write!(path, "{pen}{} {y}H{}", span.start_ms, span.end_ms);
    }
    path
}

/// Where a share stands, in pixels from the top.
fn y(share: f64) -> f64 {
    TOP + HEIGHT * (1.0 - share)
}

/// A line that is broken if there is no share; nothing is drawn through what is not known.
fn line(moments: &[ShareAtTime], pick: impl Fn(&ShareAtTime) -> Option<f64>) -> String {
    let mut path = String::new();
    let mut drawing = false;
    for moment in moments {
        let Some(share) = pick(moment) else {
            drawing = false;
            continue;
        };
        let pen = if std::mem::replace(&mut drawing, true) { 'L' } else { 'M' };
        // Writing to a string cannot fail.
        let _ = write!(path, "{pen}{} {:.1}", moment.at_ms, HEIGHT * (1.0 - share));
    }
    path
}

/// The lines with their names, for the legend: a name beside its line would lie over it wherever the line goes.
pub(in crate::report::summary) fn share_legend(view: &SummaryView<'_>) -> Markup {
    let window = length(derived::share_window_ms(view.summary), view.language);
    let recent = view.pick(format!("直近{window}"), format!("last {window}"));
    let line = |class| svg::swatch(&svg::path(class, "M1 6H15"));
    html! {
        ul.key {
            li { (line("recent")) (recent) }
            li { (line("whole")) (view.pick("ここまで", "call so far")) }
        }
    }
}
