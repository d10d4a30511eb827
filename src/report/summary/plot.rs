//! The plots as SVG: places across are parts of the room there is.
//!
//! Where an axis is time, shapes stand in milliseconds in an inner drawing that is stretched to the room, and the page's
//! script zooms by choosing another part of it. Numbers come from [`facts`]; nothing is computed here but places.

mod bars;
mod share;
mod small_multiple;
mod timeline;
mod waits;

use crate::report::html::text::clock;
use crate::report::html::{Svg, percent_width as percent};
use crate::report::summary::derived;

pub(super) use bars::{backchannels, longest};
pub(super) use share::share_over_time;
pub(super) use small_multiple::{Series, small_multiple};
pub(super) use timeline::{legend_marks, swatch, timeline};
pub(super) use waits::waits;

impl Svg {
    /// Begins the inner drawing, whose axis across is the call in milliseconds.
    fn begin_time_axis(&mut self, duration: u64, y: f64, height: f64) {
        self.begin_stretched("time", duration, y, height);
    }

    /// Labels of whole steps of time, at most seven, under the drawing.
    fn ticks(&mut self, duration: u64, y: f64) {
        let step = derived::STEPS.into_iter().find(|step| duration / step <= 6).unwrap_or(7_200_000);
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
}

#[cfg(test)]
mod tests;
