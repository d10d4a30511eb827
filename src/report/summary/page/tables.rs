//! What the plots show, as tables: folded under the two large ones, and beside the small ones for those who do not see
//! them. And the tables that are there for themselves.

use maud::{Markup, html};

use crate::audio::Track;
use crate::report::html::text::{clock, length, percent, seconds};
use crate::report::html::{collapsible, or_unknown, screen_reader_only, table};
use crate::report::summary::page::confidence_marks::confidence_marks;
use crate::report::summary::plot::Series;
use crate::report::summary::view::SummaryView;
use crate::report::summary::{Language, QuestionEntry, derived, figure_table};
use crate::wire::{HistogramMessage, LatencyMessage};

/// Every turn.
pub(super) fn turns(view: &SummaryView<'_>) -> Markup {
    let rows = view.summary.turns.iter().map(|turn| {
        [clock(turn.start_ms), view.track_name(turn.track), length(turn.end_ms - turn.start_ms, view.language)]
    });
    let heads = [view.pick("はじまり", "From"), view.pick("話し手", "Who"), view.pick("長さ", "Length")];
    collapsible(&table(heads, rows), view.language)
}

/// The share over time, at every twelfth moment of the plot.
pub(super) fn share_over_time(view: &SummaryView<'_>) -> Markup {
    let moments = derived::share_at_steps(view.summary);
    let rows = moments
        .iter()
        .skip(11)
        .step_by(12)
        .map(|moment| [clock(moment.at_ms), or_unknown(moment.recent, percent), or_unknown(moment.whole, percent)]);
    let heads =
        [view.pick("時刻", "At"), view.pick("直近の割合", "Recent"), view.pick("ここまでの割合", "Call so far")];
    collapsible(&table(heads, rows), view.language)
}

/// The longest turns.
pub(super) fn longest(view: &SummaryView<'_>) -> Markup {
    let rows = Track::BOTH.into_iter().flat_map(|track| {
        derived::longest_turns(view.summary, track).into_iter().map(move |turn| {
            [view.track_name(track), clock(turn.start_ms), length(turn.end_ms - turn.start_ms, view.language)]
        })
    });
    let heads = [view.pick("話し手", "Who"), view.pick("はじまり", "From"), view.pick("長さ", "Length")];
    screen_reader_only(&table(heads, rows))
}

/// Each question's wait and answer.
pub(super) fn waits(view: &SummaryView<'_>, questions: &[QuestionEntry]) -> Markup {
    let rows = questions.iter().map(|one| {
        let wait = or_unknown(one.wait_ms, |wait| seconds(wait, view.language));
        let answer = or_unknown(one.answer_ms, |answer| length(answer, view.language));
        [clock(one.at_ms), wait, answer]
    });
    let heads = [view.pick("質問の終わり", "Asked at"), view.pick("間", "Wait"), view.pick("答えの長さ", "Answer")];
    screen_reader_only(&table(heads, rows))
}

/// Signs of listening over the call.
pub(super) fn backchannels(view: &SummaryView<'_>, track: Track) -> Markup {
    let rows = derived::backchannels_over_time(view.summary, track).into_iter().map(|one| {
        let rate = or_unknown(one.per_min, |rate| format!("{rate:.1}"));
        [format!("{}–{}", clock(one.start_ms), clock(one.end_ms)), one.count.to_string(), rate]
    });
    let heads = [view.pick("時間", "Time"), view.pick("回数", "Count"), view.pick("1分あたり", "Per minute")];
    screen_reader_only(&table(heads, rows))
}

/// One figure of the last calls and of this one.
pub(super) fn prior_calls(series: &Series<'_>) -> Markup {
    let rows = series.days.iter().zip(&series.values).enumerate();
    let rows =
        rows.map(|(place, (day, value))| [day.clone(), or_unknown(*value, |value| series.written(place, value))]);
    screen_reader_only(&table(["", series.description], rows))
}

/// All figures of both sides, group by group.
pub(super) fn figures(view: &SummaryView<'_>) -> Markup {
    html! {
        table {
            thead {
                tr { td {} @for track in Track::BOTH { th scope="col" { (view.track_heading(track)) } } }
            }
            @for group in figure_table::groups(view) {
                tbody {
                    tr.group { th scope="rowgroup" colspan="3" { (group.name) } }
                    @for row in group.rows {
                        tr {
                            th scope="row" {
                                (row.name)
                                @if row.is_known() { (confidence_marks(view, row.groups)) }
                            }
                            @for cell in [&row.me, &row.them] { td { (unbroken_rate(cell)) } }
                        }
                    }
                }
            }
        }
    }
}

/// A figure whose rate stays on one line: `/分` and `/min` belong to the number before them.
fn unbroken_rate(cell: &str) -> String {
    cell.replace('/', "/\u{2060}")
}

/// How each side sounded; nothing if there was no sound.
pub(super) fn sound(view: &SummaryView<'_>) -> Markup {
    let Some(sound) = &view.summary.sound else { return Markup::default() };
    let decibels = |level: Option<f64>| or_unknown(level, |level| format!("{level:.0} dBFS").replace('-', "−"));
    let lost = |ms: Option<u64>| or_unknown(ms, |ms| seconds(ms, view.language));
    // It is not known of a call that was cut off.
    let clipped = |ms: Option<u64>| {
        ms.map_or_else(|| view.pick("測れませんでした", "not measured").to_owned(), |ms| seconds(ms, view.language))
    };
    let (me, them, coverage) = (&sound.me, &sound.them, &view.summary.coverage);
    let row = |ja: &str, en: &str, me: String, them: String| [view.pick(ja, en).to_owned(), me, them];
    let rows = [
        row("声の大きさ", "Level of speech", decibels(me.level_dbfs), decibels(them.level_dbfs)),
        row("まわりの音", "Background", decibels(me.noise_dbfs), decibels(them.noise_dbfs)),
        row("欠けた時間", "Lost", lost(coverage.me.lost_ms), lost(coverage.them.lost_ms)),
        row("割れた時間", "Clipped", clipped(me.clipped_ms), clipped(them.clipped_ms)),
    ];
    let holes = sound.holes_per_min.map(|rate| format!("{rate:.1}"));
    let holes = holes.map(|holes| row("途切れ（1分あたり）", "Dropouts per minute", String::new(), holes));
    let heads = Track::BOTH.map(|track| view.track_heading(track));
    table(["", &heads[0], &heads[1]], rows.into_iter().chain(holes))
}

/// Milliseconds as seconds with two decimals: `0.14 s`, in Japanese `0.14秒`.
fn seconds_in_hundredths(ms: u64, language: Language) -> String {
    let hundredths = (ms + 5) / 10;
    format!("{}.{:02}{}", hundredths / 100, hundredths % 100, language.pick("秒", "\u{a0}s"))
}

/// How often each thing was shown how soon: the steps that any of them has, and what half and 95 of 100 took at most.
pub(super) fn latency(view: &SummaryView<'_>, latency: &LatencyMessage) -> Markup {
    let kinds = [&latency.mark, &latency.floor, &latency.text];
    let time = |ms: Option<u64>| or_unknown(ms, |ms| seconds_in_hundredths(ms, view.language));
    let row = |name: String, figure: &dyn Fn(&HistogramMessage) -> String| {
        let [mark, floor, text] = kinds.map(figure);
        [name, mark, floor, text]
    };
    let name = |ja: &str, en: &str| view.pick(ja, en).to_owned();
    let figures = [
        row(name("中央値", "Median"), &|kind| time(kind.median_ms)),
        row(name("100回のうち95回まで", "95 of 100 within"), &|kind| time(kind.p95_ms)),
        row(name("いちばん遅い", "The latest"), &|kind| time(kind.longest_ms)),
    ];
    let count = |kind: &HistogramMessage, step: usize| kind.steps.get(step).map_or(0, |step| step.count);
    let steps = latency.mark.steps.iter().enumerate().filter(|(n, _)| kinds.iter().any(|kind| count(kind, *n) > 0));
    let steps = steps.map(|(n, step)| {
        let name = match step.up_to_ms {
            Some(ms) => {
                let time = seconds_in_hundredths(ms, view.language);
                view.pick(format!("{time}まで（回）"), format!("Within {time} (times)"))
            }
            None => name("それより遅い（回）", "Later (times)"),
        };
        row(name, &|kind| count(kind, n).to_string())
    });
    let heads =
        ["", view.pick("声", "A voice"), view.pick("話し手の交代", "Who has the floor"), view.pick("言葉", "Words")];
    table(heads, figures.into_iter().chain(steps))
}
