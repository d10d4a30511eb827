//! The plots of the page as SVG: who spoke when, and the share over time, on one axis of time.

use std::fmt::Write;

use crate::summary::words::{clock, html, percent};
use crate::summary::{Language, Summary, sentences};

/// The drawing's width, its left margin for labels, and the width of the axis, in its own units.
const WIDTH: f64 = 680.0;
const LEFT: f64 = 44.0;
const AXIS: f64 = WIDTH - LEFT - 8.0;

/// The window of the share over time: 5 minutes, or less in a short call.
const WINDOW_MS: u64 = 300_000;

/// Two lanes of speech with what happened on them.
pub(super) fn timeline(summary: &Summary, language: Language) -> String {
    let mut svg = open(112.0, &sentences::timeline(summary, language));
    let at = |ms: u64| x(ms, summary.call.duration_ms);
    for (lane, track, label, runs) in [
        (12.0, "me", language.pick("自分", "me"), &summary.speech.me),
        (48.0, "them", language.pick("相手", "them"), &summary.speech.them),
    ] {
        add(&mut svg, &format!(r#"<text class="label" x="0" y="{:.0}">{label}</text>"#, lane + 17.0));
        add(
            &mut svg,
            &format!(
                r#"<line class="rule" x1="{LEFT}" x2="{:.0}" y1="{:.0}" y2="{:.0}"/>"#,
                LEFT + AXIS,
                lane + 13.0,
                lane + 13.0
            ),
        );
        for (start, end) in runs {
            let listening =
                summary.backchannels.iter().any(|b| b.by == track && b.start_ms < *end && *start < b.end_ms);
            let (class, top, height) =
                if listening { ("listening", lane + 8.0, 10.0) } else { (track, lane + 2.0, 22.0) };
            let width = (at(*end) - at(*start)).max(0.8);
            let title = format!("{label} {}–{}", clock(*start), clock(*end));
            add(
                &mut svg,
                &format!(
                    r#"<rect class="{class} {track}" x="{:.1}" y="{top}" width="{width:.1}" height="{height}"><title>{title}</title></rect>"#,
                    at(*start)
                ),
            );
        }
        for one in summary.interruptions.iter().filter(|one| one.by == track) {
            let (px, tip) = (at(one.at_ms), lane + 1.0);
            let title = format!("{} {}", clock(one.at_ms), language.pick("割り込み", "interruption"));
            add(
                &mut svg,
                &format!(r#"<path class="mark" d="M{px:.1} {tip:.0} l-4 -8 h8 z"><title>{title}</title></path>"#),
            );
        }
    }
    for one in &summary.silences {
        let (left, right) = (at(one.start_ms), at(one.end_ms));
        let title = format!("{}–{} {}", clock(one.start_ms), clock(one.end_ms), language.pick("沈黙", "silence"));
        add(
            &mut svg,
            &format!(
                r#"<rect class="silence" x="{left:.1}" y="12" width="{:.1}" height="62"><title>{title}</title></rect>"#,
                right - left
            ),
        );
    }
    for one in &summary.nudges {
        let px = at(one.at_ms);
        add(
            &mut svg,
            &format!(
                r#"<path class="nudge" d="M{px:.1} 78 v8"><title>{} {}</title></path>"#,
                clock(one.at_ms),
                one.text
            ),
        );
    }
    axis(&mut svg, summary.call.duration_ms, 106.0);
    svg + "</svg>\n"
}

/// The share of the last minutes against the target's band, and the whole call's share so far as a hairline.
pub(super) fn share(summary: &Summary, language: Language) -> String {
    const TOP: f64 = 8.0;
    const HEIGHT: f64 = 100.0;
    let mut svg = open(TOP + HEIGHT + 24.0, &sentences::over_time(summary, language));
    let y = |share: f64| TOP + HEIGHT * (1.0 - share);
    let target = sentences::target(summary);
    add(
        &mut svg,
        &format!(
            r#"<rect class="band" x="{LEFT}" y="{:.1}" width="{AXIS:.1}" height="{:.1}"/>"#,
            y(target),
            HEIGHT * target
        ),
    );
    for level in [0.0, 0.5, 1.0] {
        add(
            &mut svg,
            &format!(r#"<line class="rule" x1="{LEFT}" x2="{:.0}" y1="{1:.1}" y2="{1:.1}"/>"#, LEFT + AXIS, y(level)),
        );
        add(
            &mut svg,
            &format!(
                r#"<text class="tick" x="{:.0}" y="{:.1}" text-anchor="end">{}</text>"#,
                LEFT - 4.0,
                y(level) + 4.0,
                percent(level)
            ),
        );
    }
    let points = share_over_time(summary);
    for (class, pick) in [("whole", 1), ("recent", 0)] {
        let line: Vec<String> = points
            .iter()
            .filter_map(|(ms, shares)| Some(format!("{:.1},{:.1}", x(*ms, summary.call.duration_ms), y(shares[pick]?))))
            .collect();
        add(&mut svg, &format!(r#"<polyline class="{class}" points="{}"/>"#, line.join(" ")));
    }
    axis(&mut svg, summary.call.duration_ms, TOP + HEIGHT + 18.0);
    svg + "</svg>\n"
}

/// At a hundred moments: my share of the window before it, and of the call so far; `None` before anybody spoke.
pub(super) fn share_over_time(summary: &Summary) -> Vec<(u64, [Option<f64>; 2])> {
    let duration = summary.call.duration_ms;
    let window = WINDOW_MS.min(duration / 4).max(1);
    let talk = |track: &str, runs: &[(u64, u64)], from: u64, to: u64| -> u64 {
        let listening = |start: u64, end: u64| {
            summary.backchannels.iter().any(|b| b.by == track && b.start_ms < end && start < b.end_ms)
        };
        let inside = runs.iter().filter(|(start, end)| *end > from && *start < to && !listening(*start, *end));
        inside.map(|(start, end)| (*end).min(to) - (*start).max(from)).sum()
    };
    let share = |from: u64, to: u64| {
        let me = talk("me", &summary.speech.me, from, to);
        let them = talk("them", &summary.speech.them, from, to);
        (me + them > 0).then(|| me as f64 / (me + them) as f64)
    };
    (1..=100)
        .map(|step| duration * step / 100)
        .map(|now| (now, [share(now.saturating_sub(window), now), share(0, now)]))
        .collect()
}

fn open(height: f64, title: &str) -> String {
    format!(r#"<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{}">"#, html(title)) + "\n"
}

fn add(svg: &mut String, shape: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(svg, "{shape}");
}

fn x(ms: u64, duration: u64) -> f64 {
    LEFT + AXIS * ms as f64 / duration.max(1) as f64
}

/// Labels of whole minutes, at most eight of them.
fn axis(svg: &mut String, duration: u64, baseline: f64) {
    let steps = [15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000];
    let step = steps.into_iter().find(|step| duration / step <= 8).unwrap_or(3_600_000);
    for ms in (0..=duration).step_by(step as usize) {
        let anchor = if ms == 0 { "start" } else { "middle" };
        add(
            svg,
            &format!(
                r#"<text class="tick" x="{:.1}" y="{baseline:.0}" text-anchor="{anchor}">{}</text>"#,
                x(ms, duration),
                clock(ms)
            ),
        );
    }
}
