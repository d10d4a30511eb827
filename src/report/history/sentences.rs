//! What a history says in sentences.

use crate::dates;
use crate::language::Language;
use crate::people::Person;
use crate::report::history::History;
use crate::report::history::trends::{self, Comparison, HistoryFigure};
use crate::report::html::text::{count, length, percent, seconds};
use crate::store::PastCall;

/// What the page is called.
pub(super) fn title(history: &History, language: Language) -> String {
    match (&history.with, language) {
        (Some(name), Language::Ja) => format!("{name}さんとの 1on1"),
        (Some(name), Language::En) => format!("1on1s with {name}"),
        (None, Language::Ja) => "これまでの 1on1".to_owned(),
        (None, Language::En) => "Your 1on1s so far".to_owned(),
    }
}

/// That there is nothing yet, and how something comes.
pub(super) fn nothing(language: Language) -> &'static str {
    language.pick(
        "まだ通話がありません。`keicho live` を通話のとなりで動かすと、ここに並びます。",
        "There is no call yet. `keicho live` runs beside one.",
    )
}

/// How many calls, and from when to when.
pub(super) fn period(calls: &[&PastCall], language: Language) -> String {
    // By the calendar of each call's own place, which after a journey is not their order.
    let days = || calls.iter().filter_map(|call| call.record.started_at.as_deref().and_then(dates::date));
    let many = calls_counted(calls.len(), language);
    match (days().min(), days().max()) {
        (Some(first), Some(last)) if first != last => {
            let (first, last) = (dates::day(first, language), dates::day(last, language));
            language.pick(format!("{many}、{first}〜{last}"), format!("{many}, {first} – {last}"))
        }
        (_, Some(only)) => {
            let only = dates::day(only, language);
            language.pick(format!("{many}、{only}"), format!("{many}, {only}"))
        }
        _ => many,
    }
}

/// When somebody was last talked to.
pub(super) fn last_call(person: &Person, language: Language) -> String {
    let (Some(at), Some(days)) = (&person.last_at, person.days) else {
        return language.pick("まだ 1on1 はありません", "There was no 1on1 yet").to_owned();
    };
    let (ago, began) = (dates::ago(days, language), dates::start_day_and_time(at, language).unwrap_or_default());
    let many = calls_counted(person.calls as usize, language);
    language.pick(
        format!("前回の 1on1：{ago}、{began}。ぜんぶで {many}"),
        format!("The last 1on1 was {ago}: {began}. {many} in all"),
    )
}

fn calls_counted(calls: usize, language: Language) -> String {
    match (calls, language) {
        (calls, Language::Ja) => format!("{} 回", count(calls)),
        (1, Language::En) => "1 call".to_owned(),
        (calls, Language::En) => format!("{} calls", count(calls)),
    }
}

/// The heading of a figure's plot: the last call beside those before it.
pub(super) fn heading(figure: HistoryFigure, compared: Option<Comparison>, language: Language) -> String {
    let Some(compared) = compared else {
        let [ja, en] = match figure {
            HistoryFigure::Share => ["話した割合", "Your share of the talk"],
            HistoryFigure::Patience => ["相手の話のあと、話し始めるまでの間", "How long you let them finish"],
            HistoryFigure::CutIns => ["割り込んで話し手が替わった回数", "How often you cut in and took the floor"],
            HistoryFigure::Longest => ["いちばん長い話", "Your longest turn"],
        };
        return language.pick(ja, en).to_owned();
    };
    let last = figure_value(figure, compared.last, language);
    let unsure = compared.unsure && figure == HistoryFigure::Share;
    let before = compared.baseline.map(|(usual, calls)| (figure_value(figure, usual, language), calls));
    let before = match (before, language) {
        (None, _) => String::new(),
        (Some((usual, 1)), Language::Ja) => format!("、その前の回は {usual}"),
        (Some((usual, calls)), Language::Ja) => format!("、その前の {calls} 回は {usual}（中央値）"),
        (Some((usual, 1)), Language::En) => format!("; {usual} in the one before"),
        (Some((usual, calls)), Language::En) => format!("; {usual} in the {calls} before (median)"),
    };
    let [when, which] = if compared.newer_unmeasured {
        ["数字のある直近の回で", "your last measured call"]
    } else {
        ["前回", "your last call"]
    };
    let [ja, en] = match figure {
        HistoryFigure::Share => {
            let [ja, en] = if unsure { ["約 ", "About "] } else { ["", ""] };
            [format!("{when}話した割合は {ja}{last}"), format!("{en}{last} of the talk was yours in {which}")]
        }
        HistoryFigure::Patience => [
            format!("{when}、相手の話のあと話し始めるまでの間は {last}"),
            format!("You let them finish for {last} in {which}"),
        ],
        HistoryFigure::CutIns => [
            format!("{when}、割り込んで話し手が替わったのは {last}"),
            format!("You cut in and took the floor {last} in {which}"),
        ],
        HistoryFigure::Longest => {
            [format!("{when}いちばん長い話は {last}"), format!("Your longest turn took {last} in {which}")]
        }
    };
    let ja = ja + &before;
    let space = if ja.ends_with('%') { " " } else { "" };
    language.pick(format!("{ja}{space}でした"), format!("{en}{before}"))
}

/// A value of a figure within a sentence.
pub(super) fn figure_value(figure: HistoryFigure, value: f64, language: Language) -> String {
    match figure {
        HistoryFigure::Share => percent(value),
        HistoryFigure::Patience => seconds(value as u64, language),
        HistoryFigure::Longest => length(value as u64, language),
        HistoryFigure::CutIns => times(value as usize, language),
    }
}

/// A value for a place that has room for a number only.
pub(super) fn short_figure_value(figure: HistoryFigure, value: f64, language: Language) -> String {
    match figure {
        HistoryFigure::CutIns => format!("{value:.0}"),
        HistoryFigure::Longest => crate::report::html::text::clock(value as u64),
        other => figure_value(other, value, language),
    }
}

fn times(number: usize, language: Language) -> String {
    match (number, language) {
        (number, Language::Ja) => format!("{number} 回"),
        (0, Language::En) => "0 times".to_owned(),
        (1, Language::En) => "once".to_owned(),
        (2, Language::En) => "twice".to_owned(),
        (number, Language::En) => format!("{number} times"),
    }
}

/// How far the manager's guess of their share was from what it was; `None` if they never said one.
pub(super) fn perception_gap(calls: &[&PastCall], language: Language) -> Option<String> {
    let (gap, answers) = trends::perception_gap(calls)?;
    let points = (gap * 100.0).round();
    let of = match (answers, language) {
        (1, Language::Ja) => "感じた割合を答えた 1 回では".to_owned(),
        (answers, Language::Ja) => format!("感じた割合を答えた直近 {answers} 回では（中央値）"),
        (1, Language::En) => "Where you said how it felt, once".to_owned(),
        (answers, Language::En) => format!("Where you said how it felt, in the median of the last {answers}"),
    };
    Some(match (points, language) {
        (0.0, Language::Ja) => format!("{of}、感じた割合と実際が同じでした。"),
        (0.0, Language::En) => format!("{of}, it was as you thought."),
        (points, Language::Ja) => {
            let which = if points > 0.0 { "多め" } else { "少なめ" };
            format!("{of}、実際に話した割合は感じたより {:.0} ポイント{which}でした。", points.abs())
        }
        (points, Language::En) => {
            let which = if points > 0.0 { "more" } else { "less" };
            format!("{of}, you talked {:.0} points {which} than you thought.", points.abs())
        }
    })
}

/// How many of the calls have no share; `None` if all have one.
pub(super) fn unmeasured(calls: &[&PastCall], language: Language) -> Option<String> {
    let without = calls.iter().filter(|call| HistoryFigure::Share.value_in(call).is_none()).count();
    (without > 0).then(|| match (without, language) {
        (without, Language::Ja) => format!("{} 回は割合が測れていないため、印がありません。", count(without)),
        (1, Language::En) => "One call has no share, and no mark here.".to_owned(),
        (without, Language::En) => format!("{} calls have no share, and no mark here.", count(without)),
    })
}

/// How many calls are not counted as they were too short or a side was not heard; `None` if there are none.
pub(super) fn left_out(calls: usize, language: Language) -> Option<String> {
    (calls > 0).then(|| match (calls, language) {
        (calls, Language::Ja) => {
            format!(
                "ほかに、1分に満たないか、声が聞こえなかった通話が{}回あります。ここには数えていません。",
                count(calls)
            )
        }
        (1, Language::En) => {
            "One more call took less than a minute, or a side was not heard. It is not counted here.".to_owned()
        }
        (calls, Language::En) => {
            format!(
                "{} more calls took less than a minute, or a side was not heard. They are not counted here.",
                count(calls)
            )
        }
    })
}

/// That marks are about right only; `None` if none of them is in doubt.
pub(super) fn unsure(calls: &[&PastCall], language: Language) -> Option<&'static str> {
    calls.iter().any(|call| trends::is_unsure(call)).then(|| {
        language.pick(
            "白抜きの印と ≈ の付いた数字は目安です。理由はその回のまとめにあります。",
            "Hollow marks and figures with ≈ are about right only; the summary of the call says why.",
        )
    })
}

/// The heading of what is still open.
pub(super) fn open_items(items: usize, language: Language) -> String {
    match (items, language) {
        (items, Language::Ja) => format!("まだ話していないことが {items} 件あります"),
        (1, Language::En) => "One thing is still to talk about".to_owned(),
        (items, Language::En) => format!("{items} things are still to talk about"),
    }
}

/// The heading of what somebody said of how they were.
pub(super) fn check_ins(name: &str, language: Language) -> String {
    language.pick(
        format!("{name}さんが答えた調子（言葉のまま、新しい順）"),
        format!("What {name} said of how they were, as they gave it, the newest first"),
    )
}

/// The heading of the table of calls.
pub(super) fn calls(shown: usize, all: usize, language: Language) -> String {
    match (all, language) {
        (all, Language::Ja) if shown < all => format!("直近 {shown} 回（ぜんぶで {} 回）", count(all)),
        (all, Language::Ja) => format!("ぜんぶで {all} 回"),
        (1, Language::En) => "The one call so far".to_owned(),
        (all, Language::En) if shown < all => format!("The last {shown} of {} calls", count(all)),
        (all, Language::En) => format!("All {all} calls"),
    }
}

/// What opens the rest of that table.
pub(super) fn rest(calls: usize, language: Language) -> String {
    match (calls, language) {
        (calls, Language::Ja) => format!("それより前の {} 回", count(calls)),
        (1, Language::En) => "The call before them".to_owned(),
        (calls, Language::En) => format!("The {} calls before them", count(calls)),
    }
}

/// What is counted and how, and what is not done.
pub(super) fn about_figures(language: Language) -> &'static str {
    language.pick(
        "数字はすべて自分のものです。比べるのは自分のこれまでの回だけで、人どうしを比べることはしません。調子は本人が答えたとおりに並べるだけで、線も平均もありません。割合は、話した時間 ÷ 両者の話した時間の合計です。割り込みは、話し手が替わったものだけを数えます。日付と時刻は、通話した場所のものです。",
        "All figures are your own, and stand beside your own calls alone, never beside other people’s. How somebody was is listed as they gave it, with no line and no average. A share is one side’s talk ÷ the talk of both. Cutting in counts where it took the floor. Dates and times are those of the place where the call was held.",
    )
}
