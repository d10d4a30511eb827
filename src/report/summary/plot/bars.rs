//! Bars: the longest turns of both, and signs of listening over the call.

use crate::audio::Track;
use crate::report::html::text::{clock, escape, length};
use crate::report::summary::derived::{self, BackchannelBin};
use crate::report::summary::plot::{Svg, percent};
use crate::report::summary::sentences;
use crate::report::summary::view::SummaryView;
use crate::wire::track_name;

/// The longest bar leaves room for its label.
const LONGEST: f64 = 0.5;

const ROW: f64 = 22.0;

/// Three turns of each side, longest first, with how long and from when.
pub(in crate::report::summary) fn longest(view: &SummaryView<'_>) -> String {
    let sides = Track::BOTH.map(|track| (track, derived::longest_turns(view.summary, track)));
    let rows: u32 = sides.iter().map(|(_, turns)| u32::try_from(turns.len()).unwrap_or(0)).sum();
    let most = sides.iter().flat_map(|(_, turns)| turns).map(|turn| turn.end_ms - turn.start_ms).max().unwrap_or(1);
    let mut svg = Svg::new("fluid beside", rows * 22 + 8, &sentences::longest(view));
    let mut y = 2.0;
    for (track, turns) in &sides {
        let name = track_name(*track);
        for (place, turn) in turns.iter().enumerate() {
            if place == 0 {
                svg.margin_text(&format!("label {name}"), y + 14.0, &view.track_label(*track));
            }
            let took = turn.end_ms - turn.start_ms;
            let part = LONGEST * took as f64 / most as f64;
            svg.add(&format!(
                "<rect class=\"{name}\" x=\"0\" y=\"{:.0}\" width=\"{}\" height=\"14\"/>",
                y + 2.0,
                percent(part)
            ));
            let (took, from) = (length(took, view.language), clock(turn.start_ms));
            let words = escape(&view.pick(format!("{took}（{from}〜）"), format!("{took} from {from}")));
            svg.add(&format!("<text x=\"{}\" dx=\"6\" y=\"{:.0}\">{words}</text>", percent(part), y + 14.0));
            y += ROW;
        }
        y += 4.0;
    }
    svg.close()
}

/// Signs of listening a minute of the other's talk, in equal stretches; both sides in the mirror's case.
pub(in crate::report::summary) fn backchannels(view: &SummaryView<'_>, track: Track) -> String {
    const TOP: f64 = 16.0;
    const HEIGHT: f64 = 70.0;
    let name = track_name(track);
    let columns = derived::backchannels_over_time(view.summary, track);
    let most = columns.iter().filter_map(|one| one.per_min).fold(1.0, f64::max);
    let mut svg = Svg::new("fluid", 106, &sentences::backchannels(view, track));
    let duration = view.summary.call.duration_ms.max(1) as f64;
    for BackchannelBin { start_ms, end_ms, per_min, .. } in columns {
        let (from, to) = (start_ms as f64 / duration, end_ms as f64 / duration);
        let middle = from.midpoint(to);
        let Some(rate) = per_min else {
            svg.text("tick", middle, TOP + HEIGHT - 3.0, "middle", "–");
            continue;
        };
        let height = HEIGHT * rate / most;
        svg.add(&format!(
            "<rect class=\"{name}\" x=\"{}\" y=\"{:.1}\" width=\"{}\" height=\"{:.1}\"/>",
            percent(from + (to - from) * 0.12),
            TOP + HEIGHT - height,
            percent((to - from) * 0.76),
            height.max(0.5)
        ));
        svg.text("value", middle, TOP + HEIGHT - height - 4.0, "middle", &format!("{rate:.1}"));
    }
    svg.horizontal_line(TOP + HEIGHT);
    svg.ticks(view.summary.call.duration_ms, TOP + HEIGHT + 16.0);
    svg.close()
}
