//! Bars: the longest turns of both, and signs of listening over the call.

use maud::{Markup, html};

use crate::audio::Track;
use crate::report::html::svg::{self, percent_width, px};
use crate::report::html::text::{clock, length};
use crate::report::summary::derived::{self, BackchannelBin};
use crate::report::summary::plot::time_ticks;
use crate::report::summary::sentences;
use crate::report::summary::view::SummaryView;
use crate::wire::track_name;

/// The longest bar, as a part of the width: it leaves room for its label.
const LONGEST: f64 = 0.34;

/// How high a row of a bar is, in pixels.
const ROW: u32 = 22;

/// Pixels between the rows of the two sides.
const BETWEEN: u32 = 4;

/// Three turns of each side, longest first, with how long and from when.
pub(in crate::report::summary) fn longest(view: &SummaryView<'_>) -> Markup {
    let sides = [(Track::Me, 2), (Track::Them, 2 + BETWEEN)];
    let of_sides = sides.into_iter().flat_map(|(track, top)| {
        let turns = derived::longest_turns(view.summary, track).into_iter().enumerate();
        turns.map(move |(place, turn)| (track, top, place, turn))
    });
    let rows = of_sides.zip(0_u32..).map(|((track, top, place, turn), row)| (track, top + row * ROW, place, turn));
    let turns: Vec<_> = rows.collect();
    let most = turns.iter().map(|(.., turn)| turn.end_ms - turn.start_ms).max().unwrap_or(1);
    let shapes = html! {
        @for (track, top, place, turn) in &turns {
            @let (name, took) = (track_name(*track), turn.end_ms - turn.start_ms);
            @let width = percent_width(LONGEST * took as f64 / most as f64);
            @let (long, from) = (length(took, view.language), clock(turn.start_ms));
            @if *place == 0 { (svg::margin_text(&format!("label {name}"), f64::from(top + 14), &view.track_label(*track))) }
            rect class=(name) x="0" y=(top + 2) width=(width) height="14" {}
            text x=(width) dx="6" y=(top + 14) { (view.pick(format!("{long}（{from}〜）"), format!("{long} from {from}"))) }
        }
    };
    let height = turns.len() as u32 * ROW + 2 * BETWEEN;
    svg::drawing("fluid beside", height, &sentences::longest(view), None, &shapes)
}

/// A side's signs of listening a minute of the other's talk, in equal stretches of the call.
pub(in crate::report::summary) fn backchannels(view: &SummaryView<'_>, track: Track) -> Markup {
    const TOP: f64 = 16.0;
    const HEIGHT: f64 = 70.0;
    let columns = derived::backchannels_over_time(view.summary, track);
    let most = columns.iter().filter_map(|one| one.per_min).fold(1.0, f64::max);
    let duration = view.summary.call.duration_ms;
    let column = |&BackchannelBin { start_ms, end_ms, per_min, .. }: &BackchannelBin| {
        let (from, to) = (start_ms as f64 / duration.max(1) as f64, end_ms as f64 / duration.max(1) as f64);
        let middle = from.midpoint(to);
        let Some(rate) = per_min else { return svg::text("tick", middle, TOP + HEIGHT - 3.0, "middle", "–") };
        let height = HEIGHT * rate / most;
        let (x, width) = (percent_width(from + (to - from) * 0.12), percent_width((to - from) * 0.76));
        html! {
            rect class=(track_name(track)) x=(x) y=(px(TOP + HEIGHT - height)) width=(width) height=(px(height.max(0.5))) {}
            (svg::text("value", middle, TOP + HEIGHT - height - 4.0, "middle", &format!("{rate:.1}")))
        }
    };
    let shapes = html! {
        @for bin in &columns { (column(bin)) }
        (svg::horizontal_line("rule", TOP + HEIGHT))
        (time_ticks(duration, TOP + HEIGHT + 16.0))
    };
    svg::drawing("fluid", 106, &sentences::backchannels(view, track), None, &shapes)
}
