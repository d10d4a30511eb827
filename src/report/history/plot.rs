//! A figure over the calls as SVG, on an axis of dates. A thousand marks are one path: a dot is a stroke of no length
//! with round ends.

use std::fmt::Write;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use crate::dates;
use crate::language::Language;
use crate::report::history::sentences::short_figure_value;
use crate::report::history::trends::{self, HistoryFigure};
use crate::report::html::text::percent;
use crate::report::html::{Svg, percent_width};
use crate::store::PastCall;

/// The stretched drawing is so many units across; a mark stands on one of them.
const ACROSS: u64 = 5_000;

/// No mark stands nearer to the edge.
const EDGE: f64 = 0.015;

const DAY: i64 = 86_400;

/// Axes of fewer days are marked by days.
const MONTHS_FROM: i64 = 70;

/// How a figure is drawn.
pub(super) struct TrendPlot<'a> {
    pub(super) figure: HistoryFigure,
    /// The newest first.
    pub(super) calls: &'a [&'a PastCall],
    /// For those who do not see it.
    pub(super) description: &'a str,
    /// The name of the table that has the same figures.
    pub(super) table: &'a str,
    /// How high the room for marks is.
    pub(super) height: f64,
    /// How many dates have room under it.
    pub(super) dates: usize,
    pub(super) language: Language,
}

/// A call's place across, and its values.
struct TrendPoint {
    x: f64,
    value: Option<f64>,
    unsure: bool,
    perceived_share: Option<f64>,
    target: f64,
}

const TOP: f64 = 20.0;

/// From so many marks on they are small, and what was felt has no thread to what was measured.
const DENSE: usize = 80;

impl TrendPlot<'_> {
    /// The plot. Nothing is drawn where nothing was measured.
    pub(super) fn draw(&self) -> String {
        let axis = DateAxis::spanning(self.calls);
        // In the order in which they were held, which after a journey is not that of the clocks' days.
        let points: Vec<TrendPoint> = self.calls.iter().rev().filter_map(|call| self.point(call, &axis)).collect();
        let share = self.figure == HistoryFigure::Share;
        let most = points.iter().filter_map(|point| point.value).fold(0.0, f64::max);
        let top = if share { 1.0 } else { most.max(f64::MIN_POSITIVE) };
        let y = |value: f64| self.height * (1.0 - value / top);
        let dense = points.len() >= DENSE;
        let class = ["trend", if share { "gutter" } else { "" }, if dense { "dense" } else { "" }];
        let class = class.join(" ");
        let mut svg =
            Svg::detailed(class.trim_end(), (TOP + self.height) as u32 + 22, self.description, Some(self.table));
        if share {
            for level in [0.0, 0.5, 1.0] {
                svg.horizontal_line(TOP + y(level));
                svg.margin_text("tick", TOP + y(level) + 4.0, &percent(level));
            }
        } else {
            svg.horizontal_line(TOP + self.height);
        }
        svg.begin_stretched("marks", ACROSS, TOP, self.height);
        if share {
            svg.add(&format!("<path class=\"target\" d=\"{}\"/>", target_path(&points, y)));
            if !dense {
                svg.add(&format!("<path class=\"gap\" d=\"{}\"/>", gaps(&points, y)));
            }
            let felt = dots(points.iter().filter_map(|point| Some((point.x, y(point.perceived_share?)))));
            svg.add(&format!("<path class=\"ring\" d=\"{felt}\"/><path class=\"hole small\" d=\"{felt}\"/>"));
        }
        let measured = |unsure: bool| {
            let some = points.iter().filter(move |point| point.unsure == unsure);
            dots(some.filter_map(|point| Some((point.x, y(point.value?)))))
        };
        svg.add(&format!("<path class=\"dots\" d=\"{}\"/>", measured(false)));
        if points.iter().any(|point| point.unsure && point.value.is_some()) {
            svg.add(&format!("<path class=\"dots\" d=\"{0}\"/><path class=\"hole\" d=\"{0}\"/>", measured(true)));
        }
        let values: Vec<(f64, f64)> = points.iter().filter_map(|point| Some((point.x, point.value?))).collect();
        let usual = line(&trends::running_median(&values, trends::median_window(values.len())), y);
        svg.add(&format!("<path class=\"under\" d=\"{usual}\"/><path class=\"usual\" d=\"{usual}\"/>"));
        svg.add("</svg>");
        self.label(&mut svg, &points, y);
        for (x, anchor, words) in axis.ticks(self.dates, self.language) {
            svg.text("tick", x, TOP + self.height + 17.0, anchor, &words);
        }
        svg.close()
    }

    fn point(&self, call: &PastCall, axis: &DateAxis) -> Option<TrendPoint> {
        Some(TrendPoint {
            x: axis.place(civil_seconds(call)?),
            value: self.figure.value_in(call),
            unsure: trends::is_unsure(call),
            perceived_share: trends::perceived_share(call),
            target: call.start.target,
        })
    }

    /// What the last call's mark says, and the target's name where its line begins.
    fn label(&self, svg: &mut Svg, points: &[TrendPoint], y: impl Fn(f64) -> f64) {
        let last = points.iter().rev().find_map(|point| Some((point.x, point.value?)));
        if let Some((x, value)) = last {
            let anchor = if x > 0.9 { "end" } else { "middle" };
            let (at, words) = (TOP + y(value), short_figure_value(self.figure, value, self.language));
            svg.add(&format!("<circle class=\"now\" cx=\"{}\" cy=\"{at:.1}\" r=\"4\"/>", percent_width(x)));
            svg.text("value now", if x > 0.9 { 1.0 } else { x }, at - 8.0, anchor, &words);
        }
        if let Some(first) = points.first().filter(|_| self.figure == HistoryFigure::Share) {
            let words = percent(first.target);
            let words = self.language.pick(format!("目標 {words}"), format!("target {words}"));
            svg.text("tick goal", 0.0, TOP + y(first.target) + 13.0, "start", &words);
        }
    }
}

/// Dates across.
struct DateAxis {
    /// Seconds by the clock of each call's own place.
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

    /// Where dates stand, so many at most: whole days, or the first of months.
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

/// The first of every so many months.
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

/// Every so many days.
fn days(first: Date, last: Date, most: usize) -> Vec<Date> {
    let every = |step: i32| -> Vec<Date> {
        let days = (0..).map(|place| first.saturating_add((place * step).days()));
        days.take_while(|day| *day <= last).collect()
    };
    let fits = [1, 2, 7, 14, 28, 56].into_iter().map(every).find(|found| found.len() <= most);
    fits.unwrap_or_else(|| vec![first])
}

/// When a call began by the clock of its own place.
fn civil_seconds(call: &PastCall) -> Option<i64> {
    let pieces = jiff::fmt::temporal::Pieces::parse(call.start.started_at.as_deref()?).ok()?;
    let civil = DateTime::from_parts(pieces.date(), pieces.time()?);
    Some(civil.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second())
}

fn day_of(seconds: i64) -> Option<Date> {
    Some(Timestamp::from_second(seconds).ok()?.to_zoned(TimeZone::UTC).date())
}

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

/// What a mark is, in the list under the plot.
pub(super) fn legend(language: Language, felt: bool, measured: usize) -> String {
    let dot = |class: &str| format!("<path class=\"{class}\" d=\"M8 6h0\"/>");
    let mut marks = vec![(dot("dots"), language.pick("話した割合", "your share"))];
    if felt {
        marks.push((dot("ring") + &dot("hole small"), language.pick("感じた割合", "what it felt like")));
    }
    marks.push(("<path class=\"target\" d=\"M0 6H16\"/>".to_owned(), language.pick("目標", "target")));
    let window = trends::median_window(measured);
    let words = language.pick(format!("{window} 回の中央値"), format!("median of {window} calls"));
    // One median alone is no line.
    if measured > window {
        marks.push(("<path class=\"usual\" d=\"M0 6H16\"/>".to_owned(), &words));
    }
    let mark = |(shape, words): (String, &str)| {
        format!("<li><svg class=\"swatch\" width=\"16\" height=\"12\" aria-hidden=\"true\">{shape}</svg>{words}</li>\n")
    };
    format!("<ul class=\"key\">\n{}</ul>\n", marks.into_iter().map(mark).collect::<String>())
}
