//! The plots as SVG. They have no width of their own: places across are parts of the room there is, so that words keep
//! their size on a phone, on a desk and on paper.
//!
//! Where an axis is time, shapes stand in milliseconds in an inner drawing that is stretched to the room, and the page's
//! script zooms by choosing another part of it. Numbers come from [`facts`]; nothing is computed here but places.

mod bars;
mod before;
mod share;
mod timeline;
mod waits;

use std::fmt::Write;

use crate::summary::facts;
use crate::summary::words::{clock, html};

pub(super) use bars::{listened, longest};
pub(super) use before::{Series, small_multiple};
pub(super) use share::share;
pub(super) use timeline::{key, swatch, timeline};
pub(super) use waits::waits;

/// A drawing on its way.
struct Svg {
    out: String,
}

impl Svg {
    /// A drawing so many pixels high, with a sentence for those who do not see it.
    fn new(class: &str, height: u32, says: &str) -> Self {
        let says = html(says);
        Self {
            out: format!(
                "<svg class=\"{class}\" width=\"100%\" height=\"{height}\" role=\"img\" aria-label=\"{says}\">\n"
            ),
        }
    }

    fn add(&mut self, shape: &str) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.out, "{shape}");
    }

    /// A hairline from side to side.
    fn rule(&mut self, y: f64) {
        self.add(&format!("<line class=\"rule\" x1=\"0\" x2=\"100%\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>"));
    }

    /// Words at a part of the width.
    fn text(&mut self, class: &str, part: f64, y: f64, anchor: &str, words: &str) {
        let (x, words) = (percent(part), html(words));
        self.add(&format!("<text class=\"{class}\" x=\"{x}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{words}</text>"));
    }

    /// Words left of the drawing, in the margin that its class leaves.
    fn beside(&mut self, class: &str, y: f64, words: &str) {
        let words = html(words);
        self.add(&format!("<text class=\"{class}\" x=\"-8\" y=\"{y:.1}\" text-anchor=\"end\">{words}</text>"));
    }

    /// Begins the inner drawing, whose axis across is the call in milliseconds.
    fn time(&mut self, duration: u64, y: f64, height: f64) {
        self.add(&format!(
            "<svg class=\"time\" y=\"{y:.0}\" width=\"100%\" height=\"{height:.0}\" viewBox=\"0 0 {} {height:.0}\" \
             preserveAspectRatio=\"none\">",
            duration.max(1)
        ));
    }

    /// Labels of whole steps of time, at most seven, under the drawing.
    fn ticks(&mut self, duration: u64, y: f64) {
        let step = facts::STEPS.into_iter().find(|step| duration / step <= 6).unwrap_or(7_200_000);
        self.add("<g class=\"ticks\">");
        for at in (0..=duration).step_by(usize::try_from(step).unwrap_or(usize::MAX)) {
            let part = at as f64 / duration.max(1) as f64;
            let anchor = if at == 0 {
                "start"
            } else if part > 0.96 {
                "end"
            } else {
                "middle"
            };
            self.text("tick", part, y, anchor, &clock(at));
        }
        self.add("</g>");
    }

    fn close(mut self) -> String {
        self.out.push_str("</svg>\n");
        self.out
    }
}

/// A part of the width, to a hundredth of a percent.
fn percent(part: f64) -> String {
    let text = format!("{:.2}", part * 100.0);
    format!("{}%", text.trim_end_matches('0').trim_end_matches('.'))
}

#[cfg(test)]
mod tests;
