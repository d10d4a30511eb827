//! The plots as SVG: places across are parts of the width there is.
//!
//! If an axis is time, shapes stand in milliseconds in an inner drawing that is stretched to the width, and the page's
//! script zooms by choosing another part of it. Numbers come from [`derived`]; only places are computed here.

mod bars;
mod share;
mod small_multiple;
mod timeline;
mod waits;

use maud::{Markup, html};

use crate::report::html::svg;
use crate::report::html::text::clock;
use crate::report::summary::derived;

pub(super) use bars::{backchannels, longest};
pub(super) use share::{share_legend, share_over_time};
pub(super) use small_multiple::{Series, small_multiple};
pub(super) use timeline::{legend_marks, swatch, timeline};
pub(super) use waits::waits;

/// Labels of an axis that is the call's `duration` in milliseconds: whole steps of time, seven at most.
fn time_ticks(duration: u64, y: f64) -> Markup {
    let step = derived::STEPS.into_iter().find(|step| duration / step <= 6).unwrap_or(7_200_000);
    let anchor = |part: f64| match part {
        0.0 => "start",
        part if part > 0.96 => "end",
        _ => "middle",
    };
    let moments = (0..=duration).step_by(usize::try_from(step).unwrap_or(usize::MAX));
    let ticks = moments.map(|at| (at, at as f64 / duration.max(1) as f64));
    html! { g.ticks { @for (at, part) in ticks { (svg::text("tick", part, y, anchor(part), &clock(at))) } } }
}

#[cfg(test)]
mod tests;
