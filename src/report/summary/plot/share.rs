//! The manager's share over time, on the timeline's own axis.

use std::fmt::Write;

use crate::report::html::text::{length, percent};
use crate::report::summary::derived::{self, ShareAtTime};
use crate::report::summary::plot::Svg;
use crate::report::summary::sentences;
use crate::report::summary::view::SummaryView;

const TOP: f64 = 8.0;
const HEIGHT: f64 = 100.0;

/// Labels of two lines stand at least so far apart.
const APART: f64 = 15.0;

/// The share of the last minutes against the target's band, and the whole call's so far as a hairline. The mirror has no
/// target.
pub(in crate::report::summary) fn share_over_time(view: &SummaryView<'_>) -> String {
    let summary = view.summary;
    let duration = summary.call.duration_ms;
    let y = |share: f64| TOP + HEIGHT * (1.0 - share);
    let mut svg = Svg::new("fluid timed share", 128, &sentences::share_over_time(view));
    if !view.is_mirror() {
        let (low, high) = derived::band(summary);
        let height = HEIGHT * (high - low);
        svg.add(&format!("<rect class=\"band\" x=\"0\" y=\"{:.1}\" width=\"100%\" height=\"{height:.1}\"/>", y(high)));
        let at = y(high);
        svg.add(&format!("<line class=\"target\" x1=\"0\" x2=\"100%\" y1=\"{at:.1}\" y2=\"{at:.1}\"/>"));
    }
    for level in [0.0, 0.5, 1.0] {
        svg.horizontal_line(y(level));
        svg.margin_text("tick", y(level) + 4.0, &percent(level));
    }
    let moments = derived::share_over_time(summary);
    svg.begin_time_axis(duration, TOP, HEIGHT);
    svg.add(&line("whole", &moments, |moment| moment.whole));
    svg.add(&line("recent", &moments, |moment| moment.recent));
    svg.add("</svg>");
    label(&mut svg, view, &moments, y);
    svg.ticks(duration, TOP + HEIGHT + 16.0);
    svg.close()
}

/// A line that is broken where there is no share; nothing is drawn through what is not known.
fn line(class: &str, moments: &[ShareAtTime], pick: impl Fn(&ShareAtTime) -> Option<f64>) -> String {
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
    format!("<path class=\"{class}\" d=\"{path}\"/>")
}

/// Each line's name where it ends.
fn label(svg: &mut Svg, view: &SummaryView<'_>, moments: &[ShareAtTime], y: impl Fn(f64) -> f64) {
    let end = |pick: fn(&ShareAtTime) -> Option<f64>| moments.last().and_then(pick);
    let window = length(derived::share_window_ms(view.summary), view.language);
    let recent = view.pick(format!("直近の {window}"), format!("last {window}"));
    let whole = view.pick("ここまで", "call so far").to_owned();
    let (Some(a), Some(b)) = (end(|moment| moment.recent), end(|moment| moment.whole)) else { return };
    let (mut upper, mut lower) = (("end recent", recent, a), ("end whole", whole, b));
    if upper.2 < lower.2 {
        std::mem::swap(&mut upper, &mut lower);
    }
    let above = (y(upper.2) - 5.0).clamp(TOP + 10.0, TOP + HEIGHT - 4.0 - APART);
    let below = (y(lower.2) + 14.0).clamp(above + APART, TOP + HEIGHT - 4.0);
    svg.text(upper.0, 1.0, above, "end", &upper.1);
    svg.text(lower.0, 1.0, below, "end", &lower.1);
}
