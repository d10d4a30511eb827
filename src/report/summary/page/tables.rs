//! What the plots show, as tables: folded under the two large ones, and beside the small ones for those who do not see
//! them. And the tables that are there for themselves.

use crate::audio::Track;
use crate::report::html::text::{clock, escape, length, percent, seconds};
use crate::report::html::{UNKNOWN, collapsible, screen_reader_only, table};
use crate::report::summary::page::sections::confidence_marks;
use crate::report::summary::view::SummaryView;
use crate::report::summary::{QuestionEntry, derived, figure_table};

/// Every turn.
pub(super) fn turns(view: &SummaryView<'_>) -> String {
    let rows = view.summary.turns.iter().map(|turn| {
        vec![clock(turn.start_ms), view.track_name(turn.track), length(turn.end_ms - turn.start_ms, view.language)]
    });
    let heads = [view.pick("はじまり", "From"), view.pick("話し手", "Who"), view.pick("長さ", "Length")];
    collapsible(&table(&heads, rows), view.language)
}

/// The share over time, at every tenth moment.
pub(super) fn share_over_time(view: &SummaryView<'_>) -> String {
    let said = |share: Option<f64>| share.map_or_else(|| UNKNOWN.to_owned(), percent);
    let moments = derived::share_over_time(view.summary);
    let rows = moments.iter().skip(11).step_by(12).map(|one| vec![clock(one.at_ms), said(one.recent), said(one.whole)]);
    let heads =
        [view.pick("時刻", "At"), view.pick("直近の割合", "Recent"), view.pick("ここまでの割合", "Call so far")];
    collapsible(&table(&heads, rows), view.language)
}

/// The longest turns.
pub(super) fn longest(view: &SummaryView<'_>) -> String {
    let rows = Track::BOTH.into_iter().flat_map(|track| {
        derived::longest_turns(view.summary, track).into_iter().map(move |turn| {
            vec![view.track_name(track), clock(turn.start_ms), length(turn.end_ms - turn.start_ms, view.language)]
        })
    });
    let heads = [view.pick("話し手", "Who"), view.pick("はじまり", "From"), view.pick("長さ", "Length")];
    screen_reader_only(&table(&heads, rows))
}

/// Each question's wait and answer.
pub(super) fn waits(view: &SummaryView<'_>, questions: &[QuestionEntry]) -> String {
    let rows = questions.iter().map(|one| {
        let wait = one.wait_ms.map_or_else(|| UNKNOWN.to_owned(), |wait| seconds(wait, view.language));
        let answer = one.answer_ms.map_or_else(|| UNKNOWN.to_owned(), |answer| length(answer, view.language));
        vec![clock(one.at_ms), wait, answer]
    });
    let heads = [view.pick("質問の終わり", "Asked at"), view.pick("間", "Wait"), view.pick("答えの長さ", "Answer")];
    screen_reader_only(&table(&heads, rows))
}

/// Signs of listening over the call.
pub(super) fn backchannels(view: &SummaryView<'_>, track: Track) -> String {
    let rows = derived::backchannels_over_time(view.summary, track).into_iter().map(|one| {
        let rate = one.per_min.map_or_else(|| UNKNOWN.to_owned(), |rate| format!("{rate:.1}"));
        vec![format!("{}–{}", clock(one.start_ms), clock(one.end_ms)), one.count.to_string(), rate]
    });
    let heads = [view.pick("時間", "Time"), view.pick("回数", "Count"), view.pick("1 分あたり", "A minute")];
    screen_reader_only(&table(&heads, rows))
}

/// One figure of the last calls and of this one.
pub(super) fn prior_calls(name: &str, values: &[Option<f64>], days: &[String], said: &dyn Fn(f64) -> String) -> String {
    let cell = |value: &Option<f64>| value.map_or_else(|| UNKNOWN.to_owned(), said);
    let rows = days.iter().zip(values).map(|(day, value)| vec![day.clone(), cell(value)]);
    screen_reader_only(&table(&["", name], rows))
}

/// All figures of both sides, group by group.
pub(super) fn figures(view: &SummaryView<'_>) -> String {
    let mut bodies = String::new();
    for group in figure_table::groups(view) {
        bodies.push_str(&format!(
            "<tbody>\n<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"3\">{}</th></tr>\n",
            group.name
        ));
        for row in group.rows {
            let marks = confidence_marks(view, row.figure);
            bodies.push_str(&format!(
                "<tr><th scope=\"row\">{}{marks}</th><td>{}</td><td>{}</td></tr>\n",
                escape(row.name),
                escape(&row.me),
                escape(&row.them)
            ));
        }
        bodies.push_str("</tbody>\n");
    }
    format!(
        "<table>\n<thead><tr><td></td><th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead>\n{bodies}</table>\n",
        escape(&view.track_heading(Track::Me)),
        escape(&view.track_heading(Track::Them))
    )
}

/// How each side sounded; nothing where there was no sound.
pub(super) fn sound(view: &SummaryView<'_>) -> String {
    let Some(sound) = &view.summary.sound else { return String::new() };
    let decibels = |level: Option<f64>| {
        level.map_or_else(|| UNKNOWN.to_owned(), |level| format!("{level:.0} dBFS").replace('-', "−"))
    };
    let long = |ms: Option<u64>| ms.map_or_else(|| UNKNOWN.to_owned(), |ms| seconds(ms, view.language));
    // Of a call that was cut off nobody knows it.
    let clipped = |ms: Option<u64>| {
        ms.map_or_else(|| view.pick("測れませんでした", "not measured").to_owned(), |ms| seconds(ms, view.language))
    };
    let coverage = &view.summary.coverage;
    let row = |name: &str, me: String, them: String| vec![name.to_owned(), me, them];
    let mut rows = vec![
        row(view.pick("声の大きさ", "Level of speech"), decibels(sound.me.level_dbfs), decibels(sound.them.level_dbfs)),
        row(
            view.pick("まわりの音", "Level of the rest"),
            decibels(sound.me.noise_dbfs),
            decibels(sound.them.noise_dbfs),
        ),
        row(view.pick("欠けた時間", "Lost"), long(coverage.me.lost_ms), long(coverage.them.lost_ms)),
        row(view.pick("割れた時間", "Clipped"), clipped(sound.me.clipped_ms), clipped(sound.them.clipped_ms)),
    ];
    if let Some(holes) = sound.holes_per_min {
        let holes = format!("{holes:.1}");
        rows.push(row(view.pick("途切れ（1 分あたり）", "Holes a minute"), String::new(), holes));
    }
    let (me, them) = (view.track_heading(Track::Me), view.track_heading(Track::Them));
    let heads = ["", me.as_str(), them.as_str()];
    table(&heads, rows.into_iter())
}
