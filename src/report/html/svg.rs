//! Drawings as SVG. A drawing has no width of its own: places across are parts of the width there is, 0 to 1, so that
//! words keep their size on a phone, on a wide screen and on paper. Places down are pixels from the top.

use maud::{Markup, html};

/// A drawing `height` pixels high. `label` is for those who do not see it; `details` is the id of the element that holds
/// the same figures as text.
pub(crate) fn drawing(class: &str, height: u32, label: &str, details: Option<&str>, shapes: &Markup) -> Markup {
    html! {
        svg class=(class) width="100%" height=(height) role="img" aria-label=(label) aria-details=[details] { (shapes) }
    }
}

/// An inner drawing that is stretched to the width there is, with `across` units of its own from side to side.
pub(crate) fn stretched(class: &str, across: u64, y: f64, height: f64, shapes: &Markup) -> Markup {
    let (y, height) = (format!("{y:.0}"), format!("{height:.0}"));
    html! {
        svg class=(class) y=(y) width="100%" height=(height) viewBox={ "0 0 " (across.max(1)) " " (height) }
            preserveAspectRatio="none" { (shapes) }
    }
}

/// A line from side to side.
pub(crate) fn horizontal_line(class: &str, y: f64) -> Markup {
    let y = px(y);
    html! { line class=(class) x1="0" x2="100%" y1=(y) y2=(y) {} }
}

/// Levels of a scale, each a line from side to side with its name in the margin.
pub(crate) fn scale(levels: impl IntoIterator<Item = (f64, String)>) -> Markup {
    html! {
        @for (y, name) in levels { (horizontal_line("rule", y)) (margin_text("tick", y + 4.0, &name)) }
    }
}

/// Words at a part of the width; `anchor` is SVG's `text-anchor`.
pub(crate) fn text(class: &str, part: f64, y: f64, anchor: &str, words: &str) -> Markup {
    html! { text class=(class) x=(percent_width(part)) y=(px(y)) text-anchor=(anchor) { (words) } }
}

/// Words left of the drawing, in the margin that its class leaves.
pub(crate) fn margin_text(class: &str, y: f64, words: &str) -> Markup {
    html! { text class=(class) x="-8" y=(px(y)) text-anchor="end" { (words) } }
}

/// A mark as a legend shows it, 16 by 12 pixels.
pub(crate) fn swatch(shape: &Markup) -> Markup {
    html! { svg.swatch width="16" height="12" aria-hidden="true" { (shape) } }
}

/// A path of this class.
pub(crate) fn path(class: &str, d: &str) -> Markup {
    html! { path class=(class) d=(d) {} }
}

/// A part of the width, to a hundredth of a percent: `12.5%`.
pub(crate) fn percent_width(part: f64) -> String {
    let text = format!("{:.2}", part * 100.0);
    format!("{}%", text.trim_end_matches('0').trim_end_matches('.'))
}

/// Pixels, to a tenth.
pub(crate) fn px(value: f64) -> String {
    format!("{value:.1}")
}
