//! A small multiple: one figure of the last calls and of this one.

use maud::{Markup, html};

use crate::report::html::svg::{self, percent_width, px};

/// One figure over calls: the last value is this call's.
pub(in crate::report::summary) struct Series<'a> {
    /// What it says, for those who do not see it.
    pub(in crate::report::summary) description: &'a str,
    /// Oldest first; `None` if a call has no such figure.
    pub(in crate::report::summary) values: Vec<Option<f64>>,
    /// Whether each of them is approximate.
    pub(in crate::report::summary) unsure: Vec<bool>,
    /// When each call was; the last is this one.
    pub(in crate::report::summary) days: &'a [String],
    /// Writes a value as people read it.
    pub(in crate::report::summary) format_value: &'a dyn Fn(f64) -> String,
    /// The value at which a hairline marks the target, if there is one.
    pub(in crate::report::summary) target: Option<f64>,
}

impl Series<'_> {
    /// The value of a call as people read it, with a mark if it is approximate.
    pub(in crate::report::summary) fn written(&self, call: usize, value: f64) -> String {
        let about = if self.unsure.get(call) == Some(&true) { "≈\u{a0}" } else { "" };
        format!("{about}{}", (self.format_value)(value))
    }
}

/// Where the greatest value stands, in pixels from the top.
const TOP: f64 = 18.0;

/// How far below it zero stands, in pixels.
const HEIGHT: f64 = 44.0;

/// Dots on a line from zero to a little over the greatest; nothing is drawn if nothing is known.
pub(in crate::report::summary) fn small_multiple(series: &Series<'_>) -> Markup {
    let Series { description, values, days, target, .. } = series;
    let known = || values.iter().enumerate().filter_map(|(place, value)| Some((place, (*value)?)));
    let most = known().map(|(_, value)| value).chain(*target).fold(0.0, f64::max).max(f64::MIN_POSITIVE);
    let x = |place: usize| 0.06 + 0.80 * place as f64 / (values.len().max(2) - 1) as f64;
    let y = |value: f64| TOP + HEIGHT * (1.0 - value / most);
    let neighbours = known().zip(known().skip(1)).filter(|((a, _), (b, _))| a + 1 == *b);
    let is_this_call = |place: usize| place + 1 == values.len();
    let labels = TOP + HEIGHT + 16.0;
    let shapes = html! {
        (svg::horizontal_line("rule", TOP + HEIGHT))
        @if let Some(target) = *target { (svg::horizontal_line("target", y(target))) }
        @for ((a, from), (b, to)) in neighbours {
            line.thread x1=(percent_width(x(a))) y1=(px(y(from))) x2=(percent_width(x(b))) y2=(px(y(to))) {}
        }
        @for (place, value) in known() {
            circle class=(if !is_this_call(place) { "past" } else if series.unsure.get(place) == Some(&true) { "now unsure" } else { "now" }) cx=(percent_width(x(place))) cy=(px(y(value)))
                r="3.5" {}
            @if is_this_call(place) {
                (svg::text("value now", x(place), y(value) - 8.0, "middle", &series.written(place, value)))
            }
        }
        @if let Some(first) = days.first() { (svg::text("tick", 0.0, labels, "start", first)) }
        @if let Some(this) = days.last() { (svg::text("tick", 1.0, labels, "end", this)) }
    };
    svg::drawing("fluid multiple", 84, description, None, &shapes)
}
