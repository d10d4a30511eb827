//! The spine: two lanes of who spoke when, and what happened on them.

use crate::audio::Track;
use crate::report::html::text::{clock, escape, seconds};
use crate::report::summary::plot::{Svg, percent};
use crate::report::summary::view::SummaryView;
use crate::report::summary::{ExcludedSpan, derived, sentences};
use crate::turns::Outcome;
use crate::wire::track_name;

/// Where the lanes begin and how high they are; marks stand above each.
const LANES: [(Track, f64); 2] = [(Track::Me, 16.0), (Track::Them, 60.0)];
const LANE: f64 = 24.0;

/// The inner drawing begins with the first lane.
const TOP: f64 = 16.0;
const INSIDE: f64 = 72.0;

/// What stands on the lanes besides speech; the key under the drawing names what this call has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report::summary) enum Mark {
    Listening,
    Longest,
    Took,
    GaveWay,
    Question,
    Nudge,
    Silence,
    Lost,
    OffRecord,
    Paused,
    Muted,
}

impl Mark {
    fn class(self) -> &'static str {
        match self {
            Self::Listening => "listening",
            Self::Longest => "longest",
            Self::Took => "took",
            Self::GaveWay => "gave-way",
            Self::Question => "question",
            Self::Nudge => "nudge",
            Self::Silence => "silence",
            Self::Lost => "lost",
            Self::OffRecord => "off-record",
            Self::Paused => "paused",
            Self::Muted => "muted",
        }
    }

    pub(in crate::report::summary) fn name(self, view: &SummaryView<'_>) -> &'static str {
        match self {
            Self::Listening => view.pick("相づち", "listening"),
            Self::Longest => view.pick("いちばん長い話", "longest turn"),
            Self::Took => view.pick("割り込み（話し手が替わった）", "interruption, took the floor"),
            Self::GaveWay => view.pick("割り込み（譲った）", "interruption, gave way"),
            Self::Question => view.pick("質問", "question"),
            Self::Nudge => view.pick("ささやき", "nudge"),
            Self::Silence => view.pick("沈黙", "silence"),
            Self::Lost => view.pick("音が欠けた", "sound lost"),
            Self::OffRecord => view.pick("オフレコ", "off the record"),
            Self::Paused => view.pick("一時停止", "paused"),
            Self::Muted => view.pick("ミュート", "muted"),
        }
    }
}

/// A stretch under or over the lanes: what, on which lane if on one, from, to.
type MarkedSpan = (Mark, Option<Track>, u64, u64);

/// Two lanes of speech with what happened on them.
pub(in crate::report::summary) fn timeline(view: &SummaryView<'_>) -> String {
    let summary = view.summary;
    let duration = summary.call.duration_ms;
    let mut svg = Svg::new("fluid timed", 122, &sentences::timeline(view));
    for (track, y) in LANES {
        svg.margin_text(&format!("label {}", track_name(track)), y + 17.0, &view.track_label(track));
        svg.horizontal_line(y + LANE / 2.0);
    }
    svg.begin_time_axis(duration, TOP, INSIDE);
    for (mark, lane, start, end) in marked_spans(view) {
        let (y, height) = match lane {
            None => (0.0, INSIDE),
            Some(track) => (lane_y(track), LANE),
        };
        rect(
            &mut svg,
            mark.class(),
            start,
            end,
            y,
            height,
            &format!("{} {}", mark.name(view), from_to(view, start, end)),
        );
    }
    for track in Track::BOTH {
        let name = view.track_name(track);
        for (start, end) in &summary.speech[track] {
            let short = derived::is_backchannel(summary, track, (*start, *end));
            let (class, y, height) =
                if short { (" listening", lane_y(track) + 7.0, 10.0) } else { ("", lane_y(track) + 1.0, 22.0) };
            let what = if short { format!("{name} · {}", Mark::Listening.name(view)) } else { name.clone() };
            let title = format!("{what} {}", from_to(view, *start, *end));
            rect(&mut svg, &format!("{}{class}", track_name(track)), *start, *end, y, height, &title);
        }
        if let Some(turn) = derived::longest_turns(summary, track).first() {
            let y = lane_y(track) + LANE + 3.0;
            svg.add(&format!(
                "<path class=\"longest {}\" d=\"M{} {y}H{}\"/>",
                track_name(track),
                turn.start_ms,
                turn.end_ms
            ));
        }
    }
    svg.add("</svg>");
    draw_marks(&mut svg, view);
    svg.ticks(duration, 118.0);
    svg.close()
}

/// Which marks this call has, for the key.
pub(in crate::report::summary) fn legend_marks(view: &SummaryView<'_>) -> Vec<Mark> {
    let summary = view.summary;
    let outcome = |wanted| summary.interruptions.iter().any(|one| one.outcome == wanted);
    let has = |wanted| marked_spans(view).iter().any(|(mark, ..)| *mark == wanted);
    let all = [
        (Mark::Longest, !summary.turns.is_empty()),
        (Mark::Listening, !summary.backchannels.is_empty()),
        (Mark::Took, outcome(Outcome::Successful)),
        (Mark::GaveWay, outcome(Outcome::Failed)),
        (Mark::Question, summary.questions.as_ref().is_some_and(|all| !all.is_empty())),
        (Mark::Nudge, !view.is_mirror() && !summary.nudges.is_empty()),
        (Mark::Silence, has(Mark::Silence)),
        (Mark::Lost, has(Mark::Lost)),
        (Mark::OffRecord, has(Mark::OffRecord)),
        (Mark::Paused, has(Mark::Paused)),
        (Mark::Muted, has(Mark::Muted)),
    ];
    all.into_iter().filter(|(_, has)| *has).map(|(mark, _)| mark).collect()
}

/// A mark as it is drawn, for the key.
pub(in crate::report::summary) fn swatch(mark: Mark) -> String {
    let shape = match mark {
        Mark::Took | Mark::GaveWay | Mark::Nudge => format!("<g transform=\"translate(8 11)\">{}</g>", glyph(mark)),
        Mark::Question => "<text class=\"question\" x=\"8\" y=\"11\" text-anchor=\"middle\">?</text>".to_owned(),
        Mark::Longest => "<path class=\"longest me\" d=\"M1 8H15\"/>".to_owned(),
        Mark::Listening => "<rect class=\"me listening\" x=\"5\" y=\"1\" width=\"6\" height=\"10\"/>".to_owned(),
        other => format!("<rect class=\"{}\" x=\"1\" y=\"0\" width=\"14\" height=\"12\"/>", other.class()),
    };
    format!("<svg class=\"swatch\" width=\"16\" height=\"12\" aria-hidden=\"true\">{shape}</svg>")
}

fn marked_spans(view: &SummaryView<'_>) -> Vec<MarkedSpan> {
    let summary = view.summary;
    let silences = summary.silences.iter().map(|one| (Mark::Silence, None, one.start_ms, one.end_ms));
    let lost = summary.lost.iter().map(|one| (Mark::Lost, Some(one.track), one.start_ms, one.end_ms));
    let not_heard = |mark: Mark, lane: Option<Track>, of: &[ExcludedSpan]| -> Vec<MarkedSpan> {
        of.iter().map(|one| (mark, lane, one.start_ms, one.end_ms)).collect()
    };
    silences
        .chain(lost)
        .chain(not_heard(Mark::Paused, None, &summary.paused))
        .chain(not_heard(Mark::OffRecord, None, &summary.off_record))
        .chain(not_heard(Mark::Muted, Some(Track::Me), &summary.muted))
        .collect()
}

/// What stands at a moment, and keeps its shape whatever the zoom.
fn draw_marks(svg: &mut Svg, view: &SummaryView<'_>) {
    let summary = view.summary;
    for (track, y) in LANES {
        let name = view.track_name(track);
        for one in summary.questions.iter().flatten().filter(|one| one.track == track) {
            let title = format!("{} {name} · {}", clock(one.at_ms), Mark::Question.name(view));
            let shape = "<text class=\"question\" text-anchor=\"middle\">?</text>";
            draw_at(svg, one.at_ms, summary.call.duration_ms, y - 3.0, &title, shape);
        }
        for one in summary.interruptions.iter().filter(|one| one.by == track) {
            let mark = match one.outcome {
                Outcome::Successful => Mark::Took,
                Outcome::Failed => Mark::GaveWay,
            };
            let title = format!("{} {name} · {}", clock(one.at_ms), mark.name(view));
            draw_at(svg, one.at_ms, summary.call.duration_ms, y - 2.0, &title, glyph(mark));
        }
    }
    if !view.is_mirror() {
        for one in &summary.nudges {
            let title = format!("{} {} · {}", clock(one.at_ms), Mark::Nudge.name(view), one.text);
            draw_at(svg, one.at_ms, summary.call.duration_ms, 100.0, &title, glyph(Mark::Nudge));
        }
    }
}

fn draw_at(svg: &mut Svg, ms: u64, duration: u64, y: f64, title: &str, shape: &str) {
    let (x, title) = (percent(ms as f64 / duration.max(1) as f64), escape(title));
    svg.add(&format!("<svg class=\"at\" data-at=\"{ms}\" x=\"{x}\" y=\"{y}\"><title>{title}</title>{shape}</svg>"));
}

/// Shapes carry what colour only helps to tell: filled took the floor, hollow gave way.
fn glyph(mark: Mark) -> &'static str {
    match mark {
        Mark::Took => "<path class=\"took\" d=\"M0 0l-4.5-8h9z\"/>",
        Mark::GaveWay => "<path class=\"gave-way\" d=\"M0-1l-4-7h8z\"/>",
        _ => "<path class=\"nudge\" d=\"M0 0l-4-4 4-4 4 4z\"/>",
    }
}

fn rect(svg: &mut Svg, class: &str, start: u64, end: u64, y: f64, height: f64, title: &str) {
    svg.add(&format!(
        "<rect class=\"{class}\" x=\"{start}\" y=\"{y}\" width=\"{}\" height=\"{height}\"><title>{}</title></rect>",
        end - start,
        escape(title)
    ));
}

/// Where a lane begins in the inner drawing.
fn lane_y(track: Track) -> f64 {
    LANES.iter().find(|(lane, _)| *lane == track).map_or(0.0, |(_, y)| y - TOP)
}

fn from_to(view: &SummaryView<'_>, start: u64, end: u64) -> String {
    let length = seconds(end - start, view.language);
    view.pick(
        format!("{}〜{}（{length}）", clock(start), clock(end)),
        format!("{}–{} ({length})", clock(start), clock(end)),
    )
}
