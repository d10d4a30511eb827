//! A figure over the calls as SVG, on an axis of dates. A thousand marks are one path: a dot is a stroke of no length
//! with round ends.

use std::fmt::Write;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use maud::{Markup, html};

use crate::dates;
use crate::language::Language;
use crate::report::history::sentences::short_figure_value;
use crate::report::history::trends::{self, HistoryFigure};
use crate::report::html::svg::{self, percent_width, px};
use crate::report::html::text::{percent, seconds};
use crate::store::PastCall;

/// How many units the stretched drawing has across; a mark stands on one of them.
const ACROSS: u64 = 5_000;

/// No mark stands nearer to the edge, in parts of the width.
const EDGE: f64 = 0.015;

/// A day, in seconds.
const DAY: i64 = 86_400;

/// An axis of fewer days is marked by days, a longer one by months.
const MONTHS_FROM: i64 = 70;

/// Where the room for marks begins, in pixels from the top.
const TOP: f64 = 8.0;

/// The labels beside the plot stand at least this many pixels apart.
const APART: f64 = 15.0;

/// With this many marks and more, marks are small, and what was felt has no thread to what was measured.
const DENSE: usize = 80;

/// How a figure is drawn.
pub(super) struct TrendPlot<'a> {
    pub(super) figure: HistoryFigure,
    /// The newest first.
    pub(super) calls: &'a [&'a PastCall],
    /// For those who do not see it.
    pub(super) description: &'a str,
    /// The name of the table that has the same figures.
    pub(super) table: &'a str,
    /// How high the room for marks is, in pixels.
    pub(super) height: f64,
    /// How many dates have room under it.
    pub(super) dates: usize,
    pub(super) language: Language,
}

/// A call's place across, 0 to 1, and its values.
struct TrendPoint {
    x: f64,
    value: Option<f64>,
    unsure: bool,
    perceived_share: Option<f64>,
    target: f64,
}

impl TrendPlot<'_> {
    /// The plot. A figure that was not measured in any call has no marks.
    pub(super) fn draw(&self) -> Markup {
        let axis = DateAxis::spanning(self.calls);
        // In the order in which they were held, which after a journey is not that of the clocks' days.
        let points: Vec<TrendPoint> = self.calls.iter().rev().filter_map(|call| self.point(call, &axis)).collect();
        let share = self.figure == HistoryFigure::Share;
        let top = scale_top(self.figure, points.iter().filter_map(|point| point.value).fold(0.0, f64::max));
        let y = |value: f64| self.height * (1.0 - value / top);
        let bottom = TOP + self.height;
        let dense = points.len() >= DENSE;
        let shapes = html! {
            @if share {
                (svg::scale([0.0, 0.5, 1.0].map(|level| (TOP + y(level), percent(level)))))
            } @else {
                (svg::scale([0.0, top].map(|level| (TOP + y(level), scale_value(self.figure, level, self.language)))))
            }
            (svg::stretched("marks", ACROSS, TOP, self.height, &marks(&points, share, dense, y)))
            (self.labels(&points, y))
            @let ticks = if self.dates > 2 { axis.ticks(self.dates, self.language) } else { axis.ends(self.language) };
            @for (place, (x, anchor, words)) in ticks.iter().enumerate() {
                // Where there is little room the style sheet leaves those in the middle out.
                @let is_inner = place > 0 && place + 1 < ticks.len();
                (svg::text(if is_inner { "tick inner" } else { "tick" }, *x, bottom + 17.0, anchor, words))
            }
        };
        let class = ["trend gutter", if dense { " dense" } else { "" }].concat();
        svg::drawing(&class, bottom as u32 + 22, self.description, Some(self.table), &shapes)
    }

    fn point(&self, call: &PastCall, axis: &DateAxis) -> Option<TrendPoint> {
        Some(TrendPoint {
            x: axis.place(civil_seconds(call)?),
            value: self.figure.value_in(call),
            unsure: self.figure.is_unsure_in(call),
            perceived_share: trends::perceived_share(call),
            target: call.record.target,
        })
    }

    /// The value of the last measured call and the last target, beside the plot, where no mark stands.
    fn labels(&self, points: &[TrendPoint], y: impl Fn(f64) -> f64) -> Markup {
        let last = points.iter().rev().find_map(|point| Some((point.x, point.value?, point.unsure)));
        let target = points.last().map(|last| last.target).filter(|_| self.figure == HistoryFigure::Share);
        let value_at = last.map(|(_, value, _)| TOP + y(value));
        // The value keeps its height; the target's name gives way.
        let target_at = target.map(|target| {
            let at = TOP + y(target);
            match value_at {
                Some(value_at) if (at - value_at).abs() < APART && at >= value_at => value_at + APART,
                Some(value_at) if (at - value_at).abs() < APART => value_at - APART,
                _ => at,
            }
        });
        html! {
            @if let (Some((x, value, unsure)), Some(at)) = (last, value_at) {
                circle.now.unsure[unsure] cx=(percent_width(x)) cy=(px(at)) r="4" {}
                @let value = short_figure_value(self.figure, value, self.language);
                (beside("value now", at, &format!("{}{value}", if unsure { "≈" } else { "" })))
            }
            @if let (Some(target), Some(at)) = (target, target_at) { (beside("tick goal", at, &percent(target))) }
        }
    }
}

/// Words right of the plot, in the margin that its class leaves; `y` is the middle of their height in pixels.
fn beside(class: &str, y: f64, words: &str) -> Markup {
    html! { text class=(class) x="100%" dx="8" y=(px(y + 4.0)) { (words) } }
}

/// What a value of the scale is called; there is no room for more than a few letters.
fn scale_value(figure: HistoryFigure, value: f64, language: Language) -> String {
    match figure {
        HistoryFigure::Patience if value >= 1_000.0 => {
            language.pick(format!("{:.0}秒", value / 1_000.0), format!("{:.0}\u{a0}s", value / 1_000.0))
        }
        HistoryFigure::Patience if value > 0.0 => seconds(value as u64, language),
        HistoryFigure::Patience => "0".to_owned(),
        other => short_figure_value(other, value, language),
    }
}

/// The upper end of a scale that has room for `most`: a round number of the figure's unit.
fn scale_top(figure: HistoryFigure, most: f64) -> f64 {
    let steps: &[f64] = match figure {
        HistoryFigure::Share => return 1.0,
        HistoryFigure::Patience => &[500.0, 1_000.0, 2_000.0, 5_000.0, 10_000.0, 30_000.0, 60_000.0],
        HistoryFigure::CutIns => &[2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0],
        HistoryFigure::Longest => &[60e3, 120e3, 180e3, 300e3, 600e3, 900e3, 1_800e3, 3_600e3, 7_200e3],
    };
    steps.iter().copied().find(|step| *step >= most).unwrap_or(most)
}

/// The marks and lines, in units of the inner drawing; those behind come first.
fn marks(points: &[TrendPoint], share: bool, dense: bool, y: impl Fn(f64) -> f64 + Copy) -> Markup {
    let felt = dots(points.iter().filter_map(|point| Some((point.x, y(point.perceived_share?)))));
    let measured = |unsure: bool| {
        let some = points.iter().filter(move |point| point.unsure == unsure);
        dots(some.filter_map(|point| Some((point.x, y(point.value?)))))
    };
    let unsure = measured(true);
    let values: Vec<(f64, f64)> = points.iter().filter_map(|point| Some((point.x, point.value?))).collect();
    let usual = line(&trends::running_median(&values, trends::median_window(values.len())), y);
    html! {
        @if share {
            (svg::path("target", &target_path(points, y)))
            @if !dense { (svg::path("gap", &gaps(points, y))) }
            (svg::path("ring", &felt))
            (svg::path("hole small", &felt))
        }
        (svg::path("dots", &measured(false)))
        @if !unsure.is_empty() { (svg::path("dots", &unsure)) (svg::path("hole", &unsure)) }
        (svg::path("under", &usual))
        (svg::path("usual", &usual))
    }
}

/// Dates across.
struct DateAxis {
    /// Seconds by the clock of each call's own place; both ends are calls.
    from: i64,
    to: i64,
}

impl DateAxis {
    fn spanning(calls: &[&PastCall]) -> Self {
        let moments = || calls.iter().filter_map(|call| civil_seconds(call));
        let from = moments().min().unwrap_or_default();
        Self { from, to: moments().max().unwrap_or(from) }
    }

    /// The part of the width at which a moment stands; a single one stands in the middle.
    fn place(&self, at: i64) -> f64 {
        if self.to == self.from {
            return 0.5;
        }
        EDGE + (1.0 - 2.0 * EDGE) * (at - self.from) as f64 / (self.to - self.from) as f64
    }

    /// The first and the last day, at the edges; months if they are of two years.
    fn ends(&self, language: Language) -> Vec<(f64, &'static str, String)> {
        let (Some(first), Some(last)) = (day_of(self.from), day_of(self.to)) else { return Vec::new() };
        let words = |day: Date| match (first.year() == last.year(), language) {
            (true, _) => dates::short_day(day, language),
            (false, Language::Ja) => format!("{}年{}月", day.year(), day.month()),
            (false, Language::En) => day.strftime("%b %Y").to_string(),
        };
        if first == last {
            return vec![(0.5, "middle", words(first))];
        }
        vec![(0.0, "start", words(first)), (1.0, "end", words(last))]
    }

    /// Where dates stand, `most` of them at most: whole days, or the first days of months.
    fn ticks(&self, most: usize, language: Language) -> Vec<(f64, &'static str, String)> {
        let (Some(first), Some(last)) = (day_of(self.from), day_of(self.to)) else { return Vec::new() };
        let by_months = (self.to - self.from) / DAY >= MONTHS_FROM;
        let days = if by_months { months(first, last, most) } else { days(first, last, most) };
        let anchor = |x: f64| match x {
            x if x < 0.07 => "start",
            x if x > 0.93 => "end",
            _ => "middle",
        };
        let mut year = None;
        let tick = |day: Date| {
            let at = day.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second();
            let x = self.place(at.clamp(self.from, self.to));
            let new_year = year.replace(day.year()) != Some(day.year());
            let words = match (by_months, new_year, language) {
                (false, ..) => dates::short_day(day, language),
                (true, true, Language::Ja) => format!("{}年{}月", day.year(), day.month()),
                (true, false, Language::Ja) => format!("{}月", day.month()),
                (true, true, Language::En) => day.strftime("%b %Y").to_string(),
                (true, false, Language::En) => day.strftime("%b").to_string(),
            };
            Some((x, anchor(x), words))
        };
        days.into_iter().filter_map(tick).collect()
    }
}

/// The first days of months, at the narrowest step that gives at most `most` of them.
fn months(first: Date, last: Date, most: usize) -> Vec<Date> {
    let begin = if first.day() == 1 { first } else { first.first_of_month().saturating_add(1.month()) };
    let every = |step: i32| -> Vec<Date> {
        let months = (0..).map(|place| begin.saturating_add((place * step).months()));
        let aligned = months.take_while(|day| *day <= last && day.year() < 9_999);
        aligned.collect()
    };
    let fits = [1, 2, 3, 6, 12, 24, 60, 120].into_iter().map(every).find(|found| found.len() <= most);
    fits.unwrap_or_else(|| vec![begin])
}

/// Days at the narrowest step that gives at most `most` of them.
fn days(first: Date, last: Date, most: usize) -> Vec<Date> {
    let every = |step: i32| -> Vec<Date> {
        let days = (0..).map(|place| first.saturating_add((place * step).days()));
        days.take_while(|day| *day <= last).collect()
    };
    let fits = [1, 2, 7, 14, 28, 56].into_iter().map(every).find(|found| found.len() <= most);
    fits.unwrap_or_else(|| vec![first])
}

/// When a call began, in seconds by the clock of its own place.
fn civil_seconds(call: &PastCall) -> Option<i64> {
    let pieces = jiff::fmt::temporal::Pieces::parse(call.record.started_at.as_deref()?).ok()?;
    let civil = DateTime::from_parts(pieces.date(), pieces.time()?);
    Some(civil.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second())
}

fn day_of(seconds: i64) -> Option<Date> {
    Some(Timestamp::from_second(seconds).ok()?.to_zoned(TimeZone::UTC).date())
}

/// A part of the width in units of the stretched drawing.
fn across(x: f64) -> f64 {
    (x * ACROSS as f64).round()
}

// Writing to a string cannot fail.

/// A dot for each.
fn dots(points: impl Iterator<Item = (f64, f64)>) -> String {
    points.fold(String::new(), |mut out, (x, y)| {
        let _ = write!(out, "M{:.0} {y:.1}h0", across(x));
        out
    })
}

fn line(points: &[(f64, f64)], y: impl Fn(f64) -> f64) -> String {
    points.iter().enumerate().fold(String::new(), |mut out, (place, (x, value))| {
        let pen = if place == 0 { 'M' } else { 'L' };
        let _ = write!(out, "{pen}{:.0} {:.1}", across(*x), y(*value));
        out
    })
}

/// The target of each call, up to the next; from edge to edge.
fn target_path(points: &[TrendPoint], y: impl Fn(f64) -> f64) -> String {
    let Some(first) = points.first() else { return String::new() };
    let mut out = format!("M0 {:.1}", y(first.target));
    for pair in points.windows(2).filter(|pair| (pair[0].target - pair[1].target).abs() > f64::EPSILON) {
        let _ = write!(out, "H{:.0}V{:.1}", across(pair[1].x), y(pair[1].target));
    }
    let _ = write!(out, "H{ACROSS}");
    out
}

/// From what was felt to what was measured.
fn gaps(points: &[TrendPoint], y: impl Fn(f64) -> f64) -> String {
    points.iter().fold(String::new(), |mut out, point| {
        if let (Some(felt), Some(value)) = (point.perceived_share, point.value) {
            let _ = write!(out, "M{:.0} {:.1}V{:.1}", across(point.x), y(felt), y(value));
        }
        out
    })
}

/// What each mark is, as a list under the plot. `measured` is how many calls have a share.
pub(super) fn legend(language: Language, felt: bool, measured: usize) -> Markup {
    let (dot, dash) = ("M8 6h0", "M0 6H16");
    let window = trends::median_window(measured);
    let item = |shape: &Markup, words: &str| html! { li { (svg::swatch(shape)) (words) } };
    html! {
        ul.key {
            (item(&svg::path("dots", dot), language.pick("話した割合", "your talk share")))
            @if felt {
                @let ring = html! { (svg::path("ring", dot)) (svg::path("hole small", dot)) };
                (item(&ring, language.pick("感じた割合", "what you thought")))
            }
            (item(&svg::path("target", dash), language.pick("目標", "target")))
            // One median alone is no line.
            @if measured > window {
                @let words = language.pick(format!("{window}回の中央値"), format!("median of {window} calls"));
                (item(&svg::path("usual", dash), &words))
            }
        }
    }
}
