//! A drawing as SVG. It has no width of its own: places across are parts of the room there is, so that words keep their
//! size on a phone, on a desk and on paper.

use std::fmt::Write;

use crate::report::html::text::escape;

/// A drawing on its way.
pub(crate) struct Svg {
    out: String,
}

impl Svg {
    /// A drawing so many pixels high, with a sentence for those who do not see it.
    pub(crate) fn new(class: &str, height: u32, says: &str) -> Self {
        Self::detailed(class, height, says, None)
    }

    /// The same, where an element of this id tells all that is in it.
    pub(crate) fn detailed(class: &str, height: u32, says: &str, details: Option<&str>) -> Self {
        let says = escape(says);
        let details = details.map(|id| format!(" aria-details=\"{}\"", escape(id))).unwrap_or_default();
        Self {
            out: format!(
                "<svg class=\"{class}\" width=\"100%\" height=\"{height}\" role=\"img\" aria-label=\"{says}\"{details}>\n"
            ),
        }
    }

    pub(crate) fn add(&mut self, shape: &str) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.out, "{shape}");
    }

    /// A hairline from side to side.
    pub(crate) fn horizontal_line(&mut self, y: f64) {
        self.add(&format!("<line class=\"rule\" x1=\"0\" x2=\"100%\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>"));
    }

    /// Words at a part of the width.
    pub(crate) fn text(&mut self, class: &str, part: f64, y: f64, anchor: &str, words: &str) {
        let (x, words) = (self::percent_width(part), escape(words));
        self.add(&format!("<text class=\"{class}\" x=\"{x}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{words}</text>"));
    }

    /// Words left of the drawing, in the margin that its class leaves.
    pub(crate) fn margin_text(&mut self, class: &str, y: f64, words: &str) {
        let words = escape(words);
        self.add(&format!("<text class=\"{class}\" x=\"-8\" y=\"{y:.1}\" text-anchor=\"end\">{words}</text>"));
    }

    /// Begins an inner drawing that is stretched to the room there is: so many units across.
    pub(crate) fn begin_stretched(&mut self, class: &str, across: u64, y: f64, height: f64) {
        self.add(&format!(
            "<svg class=\"{class}\" y=\"{y:.0}\" width=\"100%\" height=\"{height:.0}\" viewBox=\"0 0 {} {height:.0}\" \
             preserveAspectRatio=\"none\">",
            across.max(1)
        ));
    }

    pub(crate) fn close(mut self) -> String {
        self.out.push_str("</svg>\n");
        self.out
    }
}

/// A part of the width, to a hundredth of a percent.
pub(crate) fn percent_width(part: f64) -> String {
    let text = format!("{:.2}", part * 100.0);
    format!("{}%", text.trim_end_matches('0').trim_end_matches('.'))
}
