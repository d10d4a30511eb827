//! What a history says in sentences.

use crate::audio::Track;
use crate::dates;
use crate::language::Language;
use crate::people::Person;
use crate::report::history::History;
use crate::report::history::trends::{self, Comparison, HistoryFigure, Progress};
use crate::report::history::trial::{self, TrialComparison, TrialProgress};
use crate::report::html::text::{addressed, count, length, percent, seconds, times};
use crate::store::PastCall;

/// What the page is called.
pub(super) fn title(history: &History, language: Language) -> String {
    match (&history.with, language) {
        (Some(name), Language::Ja) => format!("{}との1on1", addressed(name, language)),
        (Some(name), Language::En) => format!("1on1s with {name}"),
        (None, Language::Ja) => "これまでの1on1".to_owned(),
        (None, Language::En) => "Your past 1on1s".to_owned(),
    }
}

/// That there is nothing yet, and how something comes, on a page.
pub(super) fn nothing(language: Language) -> &'static str {
    language.pick("まだ1on1がありません。終わった1on1がここに並びます。", "No 1on1s yet. They will appear here.")
}

/// The same in a terminal, which has the program's name.
pub(super) fn nothing_in_terminal(language: Language) -> &'static str {
    language
        .pick("まだ1on1がありません。`keicho live` ではじめられます。", "No calls yet. Start one with `keicho live`.")
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
        return language.pick("まだ1on1はありません", "No 1on1 yet").to_owned();
    };
    let (ago, began) = (dates::ago(days, language), dates::start_day_and_time(at, language).unwrap_or_default());
    let many = count(person.calls as usize);
    language.pick(format!("前回：{ago}（{began}）・全{many}回"), format!("Last: {ago} ({began}) · {many} in all"))
}

fn calls_counted(calls: usize, language: Language) -> String {
    match (calls, language) {
        (calls, Language::Ja) => format!("{}回", count(calls)),
        (1, Language::En) => "1 call".to_owned(),
        (calls, Language::En) => format!("{} calls", count(calls)),
    }
}

/// The heading of a figure's plot: the last call beside those before it.
pub(super) fn heading(figure: HistoryFigure, compared: Option<Comparison>, language: Language) -> String {
    let Some(compared) = compared else {
        let [ja, en] = match figure {
            HistoryFigure::Share => ["話した割合", "Your talk share"],
            HistoryFigure::Patience => ["話し始めるまでの間", "Your pause before you speak"],
            HistoryFigure::CutIns => ["割り込んで話し手が替わった回数", "How often you interrupted and took the floor"],
            HistoryFigure::Longest => ["いちばん長い話", "Your longest turn"],
        };
        return language.pick(ja, en).to_owned();
    };
    let about = |unsure: bool, value| {
        let about = match (unsure, value == 0.0) {
            (false, _) => "",
            (true, false) => language.pick("約", "about "),
            (true, true) => language.pick("おそらく", "probably "),
        };
        format!("{about}{}", figure_value(figure, value, language))
    };
    let last = about(compared.unsure, compared.last);
    let earlier = |usual| about(compared.baseline_unsure, usual);
    let before = compared.baseline.map(|(usual, calls)| (earlier(usual), calls));
    let before = match (before, language) {
        (None, _) => String::new(),
        (Some((usual, 1)), Language::Ja) => format!("、その前の回は{usual}"),
        (Some((usual, calls)), Language::Ja) => format!("、その前の{calls}回は{usual}（中央値）"),
        (Some((usual, 1)), Language::En) => format!("; {usual} in the one before"),
        (Some((usual, calls)), Language::En) => format!("; {usual} in the {calls} before (median)"),
    };
    let [when, which] = if compared.newer_unmeasured {
        ["数字のある直近の回で", "in your last measured call"]
    } else {
        ["前回", "last time"]
    };
    let [ja, en] = match figure {
        HistoryFigure::Share => {
            [format!("{when}、話した割合は{last}"), format!("You did {last} of the talking {which}")]
        }
        HistoryFigure::Patience => {
            [format!("{when}、話し始めるまでの間は{last}"), format!("You waited {last} before you spoke {which}")]
        }
        HistoryFigure::CutIns => [
            format!("{when}、割り込んで話し手が替わったのは{last}"),
            format!("You interrupted and took the floor {last} {which}"),
        ],
        HistoryFigure::Longest => {
            [format!("{when}、いちばん長い話は{last}"), format!("Your longest turn took {last} {which}")]
        }
    };
    language.pick(format!("{ja}{before}でした"), format!("{en}{before}"))
}

/// How the share moved against the target; what a first call has instead is that there will be something to see.
pub(super) fn progress(calls: &[&PastCall], language: Language) -> Option<String> {
    let Some(Progress { target, shares, unsure, .. }) = trends::progress(calls) else {
        let one = calls.len() == 1;
        return one.then(|| {
            language.pick("2回目から、変化が見えます。", "Change shows from your second call on.").to_owned()
        });
    };
    let kept = shares.last().is_some_and(|last| *last <= target);
    let nearer = shares.last() < shares.first();
    let target = percent(target);
    let [ja, en] = match (kept, nearer) {
        (true, _) => [format!("目標{target}以内"), format!("Within {target}")],
        (false, true) => [format!("目標{target}へ"), format!("Toward {target}")],
        (false, false) => [format!("目標{target}"), format!("Target {target}")],
    };
    let step = |(share, unsure)| format!("{}{}", if unsure { "≈\u{a0}" } else { "" }, percent(share));
    let steps = shares.into_iter().zip(unsure).map(step).collect::<Vec<_>>().join(" → ");
    Some(language.pick(format!("{ja}：{steps}"), format!("{en}: {steps}")))
}

/// What the steps of [`progress`] are; `None` if each is a call.
pub(super) fn progress_note(calls: &[&PastCall], language: Language) -> Option<String> {
    let Progress { calls, .. } = trends::progress(calls).filter(|progress| progress.calls > progress.shares.len())?;
    Some(language.pick(
        format!("同じ目標の{calls}回を古い順に三つに分けた、それぞれの中央値です。"),
        format!("Medians of the first, second and last third of your {calls} calls with this target."),
    ))
}

/// A value of a figure within a sentence.
pub(super) fn figure_value(figure: HistoryFigure, value: f64, language: Language) -> String {
    match figure {
        HistoryFigure::Share => percent(value),
        HistoryFigure::Patience => seconds(value as u64, language),
        HistoryFigure::Longest => length(value as u64, language),
        HistoryFigure::CutIns => language.pick(format!("{value:.0}回"), times(value as usize)),
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

/// How far the manager's guess of their share was from what it was; `None` if they never said one.
pub(super) fn perception_gap(calls: &[&PastCall], language: Language) -> Option<String> {
    let (gap, answers, unsure) = trends::perception_gap(calls)?;
    let points = (gap * 100.0).round();
    let of = match (answers, language) {
        (1, Language::Ja) => "1回".to_owned(),
        (answers, Language::Ja) => format!("直近{answers}回の中央値"),
        (1, Language::En) => "one answer".to_owned(),
        (answers, Language::En) => format!("median of the last {answers}"),
    };
    let (size, more) = (points.abs(), points > 0.0);
    let [ja, en] = if unsure { ["約", "about "] } else { ["", ""] };
    Some(match (points, language) {
        (0.0, Language::Ja) => format!("実際は、{}感じたとおりでした（{of}）。", if unsure { "ほぼ" } else { "" }),
        (0.0, Language::En) => format!("You talked {en}as much as you thought ({of})."),
        (_, Language::Ja) => {
            format!("実際は、感じたより{ja}{size:.0}ポイント{}でした（{of}）。", if more { "多め" } else { "少なめ" })
        }
        (_, Language::En) => {
            format!("You talked {en}{size:.0} points {} than you thought ({of}).", if more { "more" } else { "less" })
        }
    })
}

/// How the trial of nudges stands, as a heading; `None` if no call was in one.
pub(super) fn trial(calls: &[&PastCall], language: Language) -> Option<String> {
    Some(match trial::trial_progress(calls)? {
        TrialProgress::Going { calls } => {
            let needed = trial::TRIAL_CALLS.max(calls + 1);
            language.pick(
                format!("ひとことのある回とない回の比較：{needed}回のうち{calls}回"),
                format!("With and without nudges: {calls} of {needed} calls so far"),
            )
        }
        TrialProgress::Compared(found) => {
            let points = (found.difference * 100.0).round();
            let (size, more) = (points.abs(), points > 0.0);
            match (found.is_told_apart() && points != 0.0, language) {
                (true, Language::Ja) => {
                    format!("ひとことのある回は、割合が{size:.0}ポイント{}です", if more { "高め" } else { "低め" })
                }
                (true, Language::En) => {
                    format!("With nudges you talked {size:.0} points {}", if more { "more" } else { "less" })
                }
                (false, Language::Ja) => "ひとことの有無による違いは、まだはっきりしません".to_owned(),
                (false, Language::En) => "No clear difference between calls with and without nudges".to_owned(),
            }
        }
    })
}

/// How sure the comparison of the trial is, and what it leaves open; `None` before there is one.
pub(super) fn trial_note(calls: &[&PastCall], language: Language) -> Option<String> {
    let TrialProgress::Compared(TrialComparison { nudged, quiet, interval: (low, high), .. }) =
        trial::trial_progress(calls)?
    else {
        return None;
    };
    let points = |by: f64| format!("{:+.0}", by * 100.0).replace('-', "−").replace("+0", "0").replace("−0", "0");
    let (low, high) = (points(low), points(high));
    Some(language.pick(
        format!("目標に対する割合の差。ひとことあり{nudged}回・なし{quiet}回。95%の範囲は{low}〜{high}ポイントです。通話ごとのほかの違いは除けません。"),
        format!("Your share against its target, in {nudged} calls with nudges and {quiet} without. The 95% range is {low} to {high} points. What else differed between the calls is not taken out."),
    ))
}

/// How many of the calls have no share; `None` if all have one.
pub(super) fn unmeasured(calls: &[&PastCall], language: Language) -> Option<String> {
    let without = calls.iter().filter(|call| HistoryFigure::Share.value_in(call).is_none()).count();
    (without > 0).then(|| match (without, language) {
        (without, Language::Ja) => format!("{}回は割合が測れていないため、印がありません。", count(without)),
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

/// That marks are approximate; `None` if none of them is in doubt.
pub(super) fn unsure(calls: &[&PastCall], language: Language) -> Option<&'static str> {
    let unsure = |call: &&PastCall| HistoryFigure::ALL.into_iter().any(|figure| figure.is_unsure_in(call));
    calls.iter().any(unsure).then(|| {
        language.pick(
            "白抜きの印と≈の付いた数字は目安です。理由はその回のまとめにあります。",
            "Hollow marks and figures with ≈ are approximate; the call’s summary says why.",
        )
    })
}

/// The heading of what is still open.
pub(super) fn open_items(items: usize, language: Language) -> String {
    match (items, language) {
        (items, Language::Ja) => format!("持ち越しの話題が{items}件あります"),
        (1, Language::En) => "One topic is carried over".to_owned(),
        (items, Language::En) => format!("{items} topics are carried over"),
    }
}

/// The heading of what is still to be done.
pub(super) fn open_actions(items: usize, language: Language) -> String {
    match (items, language) {
        (items, Language::Ja) => format!("やることが{items}件あります"),
        (1, Language::En) => "One action item is open".to_owned(),
        (items, Language::En) => format!("{items} action items are open"),
    }
}

/// Who does it.
pub(super) fn owner(owner: Track, language: Language) -> &'static str {
    match owner {
        Track::Me => language.pick("自分", "you"),
        Track::Them => language.pick("相手", "them"),
    }
}

/// The heading of what somebody said of how they were.
pub(super) fn check_ins(language: Language) -> &'static str {
    language.pick("チェックイン（本人の言葉、新しい順）", "Check-ins, newest first")
}

/// The heading of the table of calls.
pub(super) fn calls(shown: usize, all: usize, language: Language) -> String {
    match (all, language) {
        (all, Language::Ja) if shown < all => format!("直近{shown}回（全{}回）", count(all)),
        (all, Language::Ja) => format!("全{all}回"),
        (1, Language::En) => "One 1on1".to_owned(),
        (all, Language::En) if shown < all => format!("The last {shown} of {} 1on1s", count(all)),
        (all, Language::En) => format!("All {all} 1on1s"),
    }
}

/// What opens the rest of that table.
pub(super) fn rest(calls: usize, language: Language) -> String {
    match (calls, language) {
        (calls, Language::Ja) => format!("それより前の{}回", count(calls)),
        (calls, Language::En) => format!("{} earlier", count(calls)),
    }
}

/// What is counted and how, and what is not done.
pub(super) fn about_figures(language: Language) -> &'static str {
    language.pick(
        "数字はすべて自分のものです。比べるのは自分のこれまでの回だけで、人どうしを比べることはしません。チェックインは本人が答えたとおりに並べるだけで、線も平均もありません。割合は、話した時間 ÷ 両者の話した時間の合計です。割り込みは、話し手が替わったものだけを数えます。日付と時刻は、通話した場所のものです。",
        "All figures are your own, and stand beside your own calls alone, never beside other people’s. Check-ins are listed as they were given, with no line and no average. A share is one side’s talk ÷ the talk of both. Interruptions count if they took the floor. Dates and times are those of the place where the call was held.",
    )
}
