//! A small multiple: one figure of the last calls and of this one.

use crate::report::summary::plot::{Svg, percent};

/// One figure over calls: the last value is this call's.
pub(in crate::report::summary) struct Series<'a> {
    /// What it says, for those who do not see it.
    pub(in crate::report::summary) description: &'a str,
    /// Oldest first; `None` where a call has no such figure.
    pub(in crate::report::summary) values: &'a [Option<f64>],
    /// When each call was; the last is this one.
    pub(in crate::report::summary) days: &'a [String],
    /// How a value is said.
    pub(in crate::report::summary) format_value: &'a dyn Fn(f64) -> String,
    /// A hairline at the target, where there is one.
    pub(in crate::report::summary) target: Option<f64>,
}

const TOP: f64 = 18.0;
const HEIGHT: f64 = 44.0;

/// Dots on a line from zero to a little over the greatest; nothing is drawn where nothing is known.
pub(in crate::report::summary) fn small_multiple(series: &Series<'_>) -> String {
    let mut svg = Svg::new("fluid multiple", 84, series.description);
    let known = || series.values.iter().enumerate().filter_map(|(place, value)| Some((place, (*value)?)));
    let most = known().map(|(_, value)| value).chain(series.target).fold(0.0, f64::max).max(f64::MIN_POSITIVE);
    let x = |place: usize| 0.06 + 0.80 * place as f64 / (series.values.len().max(2) - 1) as f64;
    let y = |value: f64| TOP + HEIGHT * (1.0 - value / most);
    svg.horizontal_line(TOP + HEIGHT);
    if let Some(target) = series.target {
        let at = y(target);
        svg.add(&format!("<line class=\"target\" x1=\"0\" x2=\"100%\" y1=\"{at:.1}\" y2=\"{at:.1}\"/>"));
    }
    let pairs = known().zip(known().skip(1)).filter(|((a, _), (b, _))| a + 1 == *b);
    for ((a, from), (b, to)) in pairs {
        svg.add(&format!(
            "<line class=\"thread\" x1=\"{}\" y1=\"{:.1}\" x2=\"{}\" y2=\"{:.1}\"/>",
            percent(x(a)),
            y(from),
            percent(x(b)),
            y(to)
        ));
    }
    let last = series.values.len().saturating_sub(1);
    for (place, value) in known() {
        let class = if place == last { "now" } else { "past" };
        svg.add(&format!("<circle class=\"{class}\" cx=\"{}\" cy=\"{:.1}\" r=\"3.5\"/>", percent(x(place)), y(value)));
        if place == last {
            svg.text("value now", x(place), y(value) - 8.0, "middle", &(series.format_value)(value));
        }
    }
    if let Some(first) = series.days.first() {
        svg.text("tick", 0.0, TOP + HEIGHT + 16.0, "start", first);
    }
    if let Some(this) = series.days.last() {
        svg.text("tick", 1.0, TOP + HEIGHT + 16.0, "end", this);
    }
    svg.close()
}
