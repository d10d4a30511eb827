//! The spine: two lanes of who spoke when, and what happened on them.

use maud::{Markup, html};
use strum::IntoStaticStr;

use crate::audio::Track;
use crate::report::html::svg::{self, percent_width};
use crate::report::html::text::{clock, seconds};
use crate::report::summary::plot::time_ticks;
use crate::report::summary::view::SummaryView;
use crate::report::summary::{ExcludedSpan, derived, sentences};
use crate::turns::Outcome;
use crate::wire::track_name;

/// Where the lanes begin, in pixels from the top; marks stand above each.
const LANES: [(Track, f64); 2] = [(Track::Me, 16.0), (Track::Them, 60.0)];

/// How high a lane is, in pixels.
const LANE: f64 = 24.0;

/// Where the inner drawing begins, in pixels from the top: with the first lane.
const TOP: f64 = 16.0;

/// How high the inner drawing is, in pixels.
const INSIDE: f64 = 72.0;

/// With this many questions of one side and more, a question mark each would be a smear: they are ticks.
const CROWDED: usize = 40;

/// What stands on the lanes besides speech; the legend under the drawing names what this call has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
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
    Aim,
}

impl Mark {
    /// Its class in the style sheet.
    fn class(self) -> &'static str {
        self.into()
    }

    /// Its name in the legend.
    pub(in crate::report::summary) fn name(self, view: &SummaryView<'_>) -> &'static str {
        match self {
            Self::Listening => view.pick("相づち", "sign of listening"),
            Self::Longest => view.pick("いちばん長い話", "longest turn"),
            Self::Took => view.pick("割り込み（話し手が替わった）", "interruption, took the floor"),
            Self::GaveWay => view.pick("割り込み（譲った）", "interruption, gave way"),
            Self::Question => view.pick("質問", "question"),
            Self::Nudge => view.pick("ひとこと", "nudge"),
            Self::Silence => view.pick("沈黙", "silence"),
            Self::Lost => view.pick("音が欠けた", "sound lost"),
            Self::OffRecord => view.pick("オフレコ", "off the record"),
            Self::Paused => view.pick("一時停止", "paused"),
            Self::Muted => view.pick("ミュート", "muted"),
            Self::Aim => view.pick("目的・目標の変更", "purpose or target changed"),
        }
    }
}

/// A stretch that is marked: what it is, its lane if it is on one alone, and from and to in milliseconds of the call.
type MarkedSpan = (Mark, Option<Track>, u64, u64);

/// Two lanes of speech with what happened on them.
pub(in crate::report::summary) fn timeline(view: &SummaryView<'_>) -> Markup {
    let duration = view.summary.call.duration_ms;
    let lanes = html! {
        @for (mark, lane, start, end) in marked_spans(view) { (marked_span(view, mark, lane, start, end)) }
        @for track in Track::BOTH { (speech(view, track)) }
    };
    let shapes = html! {
        @for (track, y) in LANES {
            (svg::margin_text(&format!("label {}", track_name(track)), y + 17.0, &view.track_label(track)))
            (svg::horizontal_line("rule", y + LANE / 2.0))
        }
        (svg::stretched("time", duration, TOP, INSIDE, &lanes))
        @for (track, y) in LANES { (moments_of(view, track, y)) }
        @if !view.is_mirror() {
            @for one in &view.summary.nudges {
                @let title = format!("{} {} · {}", clock(one.at_ms), Mark::Nudge.name(view), one.words.pick(view.language));
                (at_moment(view, one.at_ms, 100.0, &title, &glyph(Mark::Nudge)))
            }
            @for one in &view.summary.aim_changes {
                @let title = format!("{} {}", clock(one.at_ms), sentences::aim_change(view, one));
                (at_moment(view, one.at_ms, TOP, &title, &glyph(Mark::Aim)))
            }
        }
        (time_ticks(duration, 118.0))
    };
    svg::drawing("fluid timed", 122, &sentences::timeline(view), None, &shapes)
}

/// The marks that this call has, for the legend.
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
        (Mark::Aim, !view.is_mirror() && !summary.aim_changes.is_empty()),
    ];
    all.into_iter().filter(|(_, has)| *has).map(|(mark, _)| mark).collect()
}

/// A mark as it is drawn, for the legend.
pub(in crate::report::summary) fn swatch(view: &SummaryView<'_>, mark: Mark) -> Markup {
    svg::swatch(&html! {
        @match mark {
            Mark::Took | Mark::GaveWay | Mark::Nudge => g transform="translate(8 11)" { (glyph(mark)) },
            Mark::Question => g transform="translate(8 11)" { (question(view)) },
            Mark::Longest => path.longest.me d="M1 8H15" {},
            Mark::Aim => path.aim d="M8 0V12" {},
            Mark::Listening => rect.me.listening x="5" y="1" width="6" height="10" {},
            other => rect class=(other.class()) x="1" y="0" width="14" height="12" {},
        }
    })
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

/// A stretch behind the speech, on one lane or over both.
fn marked_span(view: &SummaryView<'_>, mark: Mark, lane: Option<Track>, start: u64, end: u64) -> Markup {
    let (y, height) = lane.map_or((0.0, INSIDE), |track| (lane_y(track), LANE));
    rect(mark.class(), start, end, y, height, &format!("{} {}", mark.name(view), from_to(view, start, end)))
}

/// A side's speech, low if it was a sign of listening, and a line under its longest turn.
fn speech(view: &SummaryView<'_>, track: Track) -> Markup {
    let (class, name, top) = (track_name(track), view.track_name(track), lane_y(track));
    let run = |start: u64, end: u64| {
        let span = from_to(view, start, end);
        if derived::is_backchannel(view.summary, track, (start, end)) {
            let title = format!("{name} · {} {span}", Mark::Listening.name(view));
            rect(&format!("{class} listening"), start, end, top + 7.0, 10.0, &title)
        } else {
            rect(class, start, end, top + 1.0, 22.0, &format!("{name} {span}"))
        }
    };
    let y = top + LANE + 3.0;
    html! {
        @for (start, end) in &view.summary.speech[track] { (run(*start, *end)) }
        @if let Some(turn) = derived::longest_turns(view.summary, track).first() {
            @let heard = derived::without_gaps(view.summary, turn.start_ms, turn.end_ms);
            @let line: String = heard.iter().map(|(start, end)| format!("M{start} {y}H{end}")).collect();
            (svg::path(&format!("longest {class}"), &line))
        }
    }
}

/// A side's questions and interruptions, above its lane.
fn moments_of(view: &SummaryView<'_>, track: Track, lane: f64) -> Markup {
    let title = |ms: u64, mark: Mark| format!("{} {} · {}", clock(ms), view.track_name(track), mark.name(view));
    let questions = view.summary.questions.iter().flatten().filter(|one| one.track == track);
    let interruptions = view.summary.interruptions.iter().filter(|one| one.by == track);
    let interruptions = interruptions.map(|one| match one.outcome {
        Outcome::Successful => (one.at_ms, Mark::Took),
        Outcome::Failed => (one.at_ms, Mark::GaveWay),
    });
    html! {
        @for one in questions {
            (at_moment(view, one.at_ms, lane - 3.0, &title(one.at_ms, Mark::Question), &question(view)))
        }
        @for (at_ms, mark) in interruptions {
            (at_moment(view, at_ms, lane - 2.0, &title(at_ms, mark), &glyph(mark)))
        }
    }
}

fn question(view: &SummaryView<'_>) -> Markup {
    let of = |track| view.summary.questions.iter().flatten().filter(|one| one.track == track).count();
    if Track::BOTH.into_iter().any(|track| of(track) >= CROWDED) {
        return svg::path(Mark::Question.class(), "M0 0V-8");
    }
    html! { text.question text-anchor="middle" { "?" } }
}

/// What stands at a moment, in milliseconds of the call, and keeps its shape whatever the zoom.
fn at_moment(view: &SummaryView<'_>, ms: u64, y: f64, title: &str, shape: &Markup) -> Markup {
    let x = percent_width(ms as f64 / view.summary.call.duration_ms.max(1) as f64);
    html! { svg.at data-at=(ms) x=(x) y=(y) { title { (title) } (shape) } }
}

/// Shapes say what colour only helps to tell apart: filled took the floor, hollow gave way.
fn glyph(mark: Mark) -> Markup {
    let d = match mark {
        Mark::Took => "M0 0l-4.5-8h9z",
        Mark::GaveWay => "M0-1l-4-7h8z",
        // Over both lanes.
        Mark::Aim => "M0 0V68",
        _ => "M0 0l-4-4 4-4 4 4z",
    };
    svg::path(mark.class(), d)
}

fn rect(class: &str, start: u64, end: u64, y: f64, height: f64, title: &str) -> Markup {
    html! { rect class=(class) x=(start) y=(y) width=(end - start) height=(height) { title { (title) } } }
}

/// Where a lane begins in the inner drawing, in pixels from its top.
fn lane_y(track: Track) -> f64 {
    LANES.iter().find(|(lane, _)| *lane == track).map_or(0.0, |(_, y)| y - TOP)
}

/// From when to when, and how long; both moments in milliseconds of the call.
fn from_to(view: &SummaryView<'_>, start: u64, end: u64) -> String {
    let length = seconds(end - start, view.language);
    view.pick(
        format!("{}〜{}（{length}）", clock(start), clock(end)),
        format!("{}–{} ({length})", clock(start), clock(end)),
    )
}
