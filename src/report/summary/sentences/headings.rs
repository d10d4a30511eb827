//! The heading of each part of a summary: a sentence that says what is shown, and carries its figure.

use crate::agenda::ItemState;
use crate::audio::Track;
use crate::dynamics::shape::Shape;
use crate::health::confidence::{Confidence, FigureGroup};
use crate::report::html::text::{clock, length, percent, quoted, seconds, times};
use crate::report::median::median_by;
use crate::report::summary::derived::TargetSpan;
use crate::report::summary::sentences::counted::{all, begin, was_or_were, your_questions};
use crate::report::summary::sentences::longest_of;
use crate::report::summary::view::{Audience, SummaryView};
use crate::report::summary::{CheckInEntry, Language, derived, followed};
use crate::turns::Outcome;

/// The heading of the timeline. How long the manager's own longest turn took is in the headline above it.
pub(in crate::report::summary) fn timeline(view: &SummaryView<'_>) -> String {
    let turn = match view.audience {
        Audience::Manager => longest_of(view, Track::Me).map(|turn| (turn, Track::Me)),
        Audience::Both => Track::BOTH
            .into_iter()
            .filter_map(|track| Some((longest_of(view, track)?, track)))
            .max_by_key(|(turn, _)| turn.end_ms - turn.start_ms),
    };
    let Some((turn, track)) = turn else { return view.pick("話の流れ", "Who spoke when").to_owned() };
    let (at, took) = (clock(turn.start_ms), length(turn.end_ms - turn.start_ms, view.language));
    match (view.audience, view.language) {
        (Audience::Manager, Language::Ja) => format!("いちばん長い話は{at}からでした"),
        (Audience::Manager, Language::En) => format!("Your longest turn began at {at}"),
        (Audience::Both, Language::Ja) => {
            format!("いちばん長い話は、{}の{took}（{at}から）でした", view.track_name(track))
        }
        (Audience::Both, Language::En) => {
            format!("The longest turn was {}’s: {took} from {at}", view.track_name(track))
        }
    }
}

/// The heading of the share over time.
pub(in crate::report::summary) fn share_over_time(view: &SummaryView<'_>) -> String {
    let targets = derived::targets_over_time(view.summary);
    let target = match targets.as_slice() {
        [_, _, ..] => view.pick("そのときの目標", "the target you had then").to_owned(),
        _ => {
            let target = percent(targets.first().map_or(derived::target(view.summary), |only| only.target));
            view.pick(format!("目標の{target}"), format!("your target of {target}"))
        }
    };
    let over = derived::fraction_over_target(view.summary).map(percent);
    match (view.audience, over, view.language) {
        (Audience::Both, _, Language::Ja) => format!("{}が話した割合の移り変わり", view.track_name(Track::Me)),
        (Audience::Both, _, Language::En) => "How the talk was shared over time".to_owned(),
        (Audience::Manager, Some(over), Language::Ja) => {
            format!("{target}を超えていたのは、通話の{over}です")
        }
        (Audience::Manager, Some(over), Language::En) => {
            format!("You were over {target} for {over} of the call")
        }
        (Audience::Manager, None, Language::Ja) => "話した割合の移り変わり".to_owned(),
        (Audience::Manager, None, Language::En) => "Your share over time".to_owned(),
    }
}

/// What the share's plot needs said: its window, whose share it is, the band.
pub(in crate::report::summary) fn share_over_time_note(view: &SummaryView<'_>) -> String {
    let window = length(derived::share_window_ms(view.summary), view.language);
    if view.is_mirror() {
        return view.pick(
            format!("{}の割合です。太い線はその時点までの{window}、細い線は通話のはじめから。残りが{}です。", view.track_name(Track::Me), view.track_name(Track::Them)),
            format!("{}’s share: the thick line over the last {window}, the thin one since the call began; the rest is {}’s.", view.track_heading(Track::Me), view.track_name(Track::Them)),
        );
    }
    let bands: Vec<String> = derived::targets_over_time(view.summary).iter().map(|span| band(span, view)).collect();
    let (last, earlier) = bands.split_last().map_or(("", &[][..]), |(last, earlier)| (last, earlier));
    let bands = match earlier {
        [] => last.to_owned(),
        earlier => format!("{}{}{last}", earlier.join(view.pick("、", ", ")), view.pick("、のちに", ", later ")),
    };
    view.pick(
        format!("太い線は直近{window}、細い線は通話のはじめからの割合。緑の帯は目標の{bands}です。"),
        format!("The thick line is your share of the last {window}, the thin one of the call so far; the green band is your target, {bands}."),
    )
}

fn band(span: &TargetSpan, view: &SummaryView<'_>) -> String {
    let (low, high) = derived::band(span.target);
    let (low, high) = (percent(low), percent(high));
    view.pick(format!("{low}〜{high}"), format!("{low} to {high}"))
}

/// The heading of the longest turns.
pub(in crate::report::summary) fn longest(view: &SummaryView<'_>) -> String {
    let lengths = |track| -> Vec<String> {
        let turns = derived::longest_turns(view.summary, track);
        turns.iter().map(|turn| length(turn.end_ms - turn.start_ms, view.language)).collect()
    };
    let (mine, theirs) = (lengths(Track::Me), lengths(Track::Them));
    let comma = view.pick("、", ", ");
    match (view.audience, view.language) {
        (Audience::Both, Language::Ja) => "それぞれのいちばん長い話".to_owned(),
        (Audience::Both, Language::En) => "The longest turns of each".to_owned(),
        (Audience::Manager, Language::Ja) if mine.is_empty() => format!("相手の長い話は{}です", theirs.join(comma)),
        (Audience::Manager, Language::En) if mine.is_empty() => {
            format!("Their longest turns took {}", theirs.join(comma))
        }
        (Audience::Manager, Language::Ja) => format!("長い話は{}でした", mine.join(comma)),
        (Audience::Manager, Language::En) if mine.len() == 1 => format!("Your longest turn took {}", mine.join(comma)),
        (Audience::Manager, Language::En) => format!("Your longest turns took {}", mine.join(comma)),
    }
}

/// The heading of the waits after questions.
pub(in crate::report::summary) fn waits(view: &SummaryView<'_>) -> String {
    let Some(waits) = derived::questions_with_wait(view.summary, Track::Me) else {
        return view
            .pick(
                "言葉を認識していないため、質問は数えていません",
                "Questions were not counted: no words were recognised",
            )
            .to_owned();
    };
    if !view.summary.call.source.has_ends() {
        let words = "話し終わりの時刻がないため、質問のあとの間は分かりません";
        return view.pick(words, "The transcript has no end times, so waits are not known").to_owned();
    }
    let (asked, count) = (derived::questions(view.summary, Track::Me), waits.len());
    let Some(median) = median_by(waits.iter().filter_map(|one| one.wait_ms), u64::cmp) else {
        let none = if asked == 0 {
            view.pick("質問はありませんでした", "You asked no questions")
        } else {
            view.pick("間のあいた質問はありませんでした", "There was no wait after your questions")
        };
        return none.to_owned();
    };
    let median = seconds(median, view.language);
    match view.language {
        Language::Ja if asked == 1 => format!("質問のあとの間は{median}でした"),
        Language::Ja if count == 1 => format!("質問{asked}回のうち1回に間がありました（{median}）"),
        Language::Ja if count == asked => format!("質問{asked}回とも、あとに間がありました（中央値{median}）"),
        Language::Ja => format!("質問{asked}回のうち{count}回に間がありました（中央値{median}）"),
        Language::En if asked == 1 => format!("After your question there was a wait of {median}"),
        Language::En if count == 1 => {
            format!("After {} there was a wait of {median}", your_questions(count, asked))
        }
        Language::En => format!("After {} there was a wait (typically {median})", your_questions(count, asked)),
    }
}

/// How many of the manager's questions were open.
pub(in crate::report::summary) fn open_questions(open: usize, asked: usize, language: Language) -> String {
    match (open, asked, language) {
        (_, 0, Language::Ja) => "質問はありませんでした".to_owned(),
        (_, 0, Language::En) => "You asked no questions".to_owned(),
        (0, _, Language::Ja) => format!("質問は{asked}回で、自由に答えられるものはありませんでした"),
        (1, 1, Language::Ja) => "質問は1回で、自由に答えられるものでした".to_owned(),
        (open, asked, Language::Ja) if open == asked => format!("質問は{asked}回とも、自由に答えられるものでした"),
        (open, asked, Language::Ja) => format!("質問{asked}回のうち{open}回は、自由に答えられるものでした"),
        (open, asked, Language::En) => format!("{} {} open", begin(&your_questions(open, asked)), was_or_were(open)),
    }
}

/// The heading of a side's signs of listening.
pub(in crate::report::summary) fn backchannels(view: &SummaryView<'_>, track: Track) -> String {
    let Some(rate) = view.summary.rates[track].backchannels_per_min else {
        return view.pick("相づちは数えられませんでした", "Signs of listening could not be counted").to_owned();
    };
    match (view.audience, view.language) {
        (Audience::Manager, Language::Ja) => format!("相づちは、相手が話す1分あたり{rate:.1}回でした"),
        (Audience::Manager, Language::En) => format!("{rate:.1} signs of listening per minute of their talk"),
        (Audience::Both, Language::Ja) => {
            format!("{}の相づちは、もう一方が話す1分あたり{rate:.1}回", view.track_name(track))
        }
        (Audience::Both, Language::En) => {
            format!("{}: {rate:.1} signs of listening per minute of the other’s talk", view.track_heading(track))
        }
    }
}

/// The heading of the interruptions; what came of them is in the list under it.
pub(in crate::report::summary) fn interruptions(view: &SummaryView<'_>) -> String {
    if !view.summary.call.source.has_ends() {
        let words = "話し終わりの時刻がないため、割り込みは分かりません";
        return view.pick(words, "The transcript has no end times, so interruptions are not known").to_owned();
    }
    if view.summary.talk.me.share.is_none() {
        // Nobody could interrupt whoever was not heard, and nothing is known of it.
        return view.pick("誰が割り込んだかは分かりません", "Who interrupted is not known").to_owned();
    }
    let (mine, taken) = derived::interruption_counts(view.summary, Track::Me);
    let (theirs, _) = derived::interruption_counts(view.summary, Track::Them);
    match (view.audience, view.language) {
        (_, Language::Ja) if mine + theirs == 0 => "割り込みはありませんでした".to_owned(),
        (_, Language::En) if mine + theirs == 0 => "Nobody interrupted".to_owned(),
        (Audience::Both, Language::Ja) => {
            format!(
                "割り込みは、{}が{mine}回、{}が{theirs}回",
                view.track_name(Track::Me),
                view.track_name(Track::Them)
            )
        }
        (Audience::Both, Language::En) => {
            format!(
                "{} interrupted {}, {} {}",
                view.track_heading(Track::Me),
                times(mine),
                view.track_name(Track::Them),
                times(theirs)
            )
        }
        (Audience::Manager, Language::Ja) if mine == 0 => {
            format!("自分からの割り込みはなく、相手からは{theirs}回でした")
        }
        (Audience::Manager, Language::En) if mine == 0 => format!("You did not interrupt; they did {}", times(theirs)),
        (Audience::Manager, Language::Ja) if taken == 0 => format!("割り込みは{mine}回で、話し手は替わりませんでした"),
        (Audience::Manager, Language::En) if taken == 0 => {
            format!("You interrupted {} without taking the floor", times(mine))
        }
        (Audience::Manager, Language::Ja) if mine == 1 => "1回割り込み、話し手が替わりました".to_owned(),
        (Audience::Manager, Language::En) if mine == 1 => "You interrupted once and took the floor".to_owned(),
        (Audience::Manager, Language::Ja) if mine == taken => {
            format!("{mine}回割り込み、{mine}回とも話し手が替わりました")
        }
        (Audience::Manager, Language::En) if mine == taken => {
            let each = if mine == 2 { "both times" } else { "each time" };
            format!("You interrupted {} and took the floor {each}", times(mine))
        }
        (Audience::Manager, Language::Ja) => {
            format!("{mine}回割り込み、うち{taken}回で話し手が替わりました")
        }
        (Audience::Manager, Language::En) => {
            format!("You interrupted {} and took the floor {}", times(mine), times(taken))
        }
    }
}

/// The heading of the silences.
pub(in crate::report::summary) fn silences(view: &SummaryView<'_>) -> String {
    if !view.summary.call.source.has_ends() {
        let words = "話し終わりの時刻がないため、沈黙は分かりません";
        return view.pick(words, "The transcript has no end times, so silences are not known").to_owned();
    }
    let all = &view.summary.silences;
    let count = all.len();
    let total: u64 = all.iter().map(|one| one.end_ms - one.start_ms).sum();
    let total = length(total, view.language);
    match view.language {
        Language::Ja if count == 0 => "3秒以上の沈黙はありませんでした".to_owned(),
        Language::En if count == 0 => "There was no silence of 3\u{a0}s or longer".to_owned(),
        Language::Ja if count == 1 => format!("3秒以上の沈黙は1回、{total}でした"),
        Language::Ja => format!("3秒以上の沈黙は{count}回、合わせて{total}でした"),
        Language::En if count == 1 => format!("One silence of 3\u{a0}s or longer: {total}"),
        Language::En => format!("{count} silences of 3\u{a0}s or longer, {total} in all"),
    }
}

/// A sentence on the conversation of both.
pub(in crate::report::summary) struct ConversationNote {
    /// The groups of the figures that it tells.
    pub(in crate::report::summary) groups: &'static [FigureGroup],
    pub(in crate::report::summary) words: String,
}

/// What is neither side's alone, a sentence each.
pub(in crate::report::summary) fn conversation_notes(view: &SummaryView<'_>) -> Vec<ConversationNote> {
    let summary = view.summary;
    let mut found = Vec::new();
    let mut note = |groups: &'static [FigureGroup], words: String| found.push(ConversationNote { groups, words });
    if let Some(shape) = summary.shape.filter(|_| summary.talk.me.share.is_some()) {
        let words = match shape {
            Shape::Dominating => view.pick("どちらか一方が多く話しました。", "One side did most of the talking."),
            Shape::Alternating => {
                view.pick("途中で、多く話す側が替わりました。", "First one side talked more, then the other.")
            }
            Shape::BackAndForth => view.pick("話は行き来していました。", "The talk went back and forth."),
            Shape::Mixed => {
                view.pick("話した割合は、時間によってまちまちでした。", "Who talked more changed from time to time.")
            }
        };
        note(&[FigureGroup::Talk], words.to_owned());
    }
    if let Some(switches) = summary.switches_per_min.filter(|switches| *switches > 0.0) {
        let words = view.pick(
            format!("話し手は1分あたり{switches:.1}回替わりました。"),
            format!("The floor changed hands {switches:.1} times per minute."),
        );
        note(&[FigureGroup::Transfers], words);
    }
    if !summary.long_overlaps.is_empty() {
        let count = summary.long_overlaps.len();
        let words = view.pick(
            format!("1秒以上の声の重なりが{count}回ありました。"),
            format!("You both spoke at the same time for a second or longer {}.", times(count)),
        );
        note(&[FigureGroup::Interruptions], words);
    }
    // What may be wrong altogether is not said.
    found.retain(|note| derived::lowest_confidence(summary, note.groups) != Some(Confidence::Low));
    found
}

/// The heading of the transcript.
pub(in crate::report::summary) fn transcript(language: Language) -> &'static str {
    language.pick("書き起こし（聞き違いを含みます）", "Transcript (may contain mishearings)")
}

/// The heading of the nudges that were shown.
pub(in crate::report::summary) fn nudges(shown: usize, language: Language) -> String {
    match (shown, language) {
        (shown, Language::Ja) => format!("ひとことは{shown}回でした"),
        (1, Language::En) => "One nudge was shown in the call".to_owned(),
        (shown, Language::En) => format!("{shown} nudges were shown in the call"),
    }
}

/// How many of the nudges were followed; `None` if none was: that is no news.
pub(in crate::report::summary) fn followed(view: &SummaryView<'_>) -> Option<String> {
    Some(match (view.summary.nudges.len(), followed::followed(view.summary), view.language) {
        (_, 0, _) => return None,
        (1, _, Language::Ja) => "そのとおりにしました。".to_owned(),
        (1, _, Language::En) => "You did what it suggested.".to_owned(),
        (shown, followed, Language::Ja) if shown == followed => "どれも、そのとおりにしました。".to_owned(),
        (2, 2, Language::En) => "You did what both suggested.".to_owned(),
        (shown, followed, Language::En) if shown == followed => "You did what each of them suggested.".to_owned(),
        (_, followed, Language::Ja) => format!("うち{followed}回は、そのとおりにしました。"),
        (_, followed, Language::En) => format!("You did what {followed} of them suggested."),
    })
}

/// The heading of the agenda.
pub(in crate::report::summary) fn agenda(view: &SummaryView<'_>) -> String {
    let count = |is: fn(ItemState) -> bool| view.summary.agenda.iter().filter(|item| is(item.state)).count();
    let (done, meant) = (count(|state| state == ItemState::Done), count(|state| state != ItemState::Dropped));
    match (done, meant, view.language) {
        (_, 0, Language::Ja) => "話題はすべて見送りました".to_owned(),
        (_, 0, Language::En) => "All topics left for another time".to_owned(),
        (0, 1, Language::Ja) => "話題1件は持ち越しです".to_owned(),
        (0, 1, Language::En) => "One topic is carried over".to_owned(),
        (0, many, Language::Ja) => format!("話題は{many}件とも持ち越しです"),
        (0, many, Language::En) => format!("{} topics are carried over", begin(&all(many))),
        (1, 1, Language::Ja) => "話題1件を話しました".to_owned(),
        (1, 1, Language::En) => "One topic covered".to_owned(),
        (done, many, Language::Ja) if done == many => format!("話題は{many}件とも話しました"),
        (done, many, Language::En) if done == many => format!("{} topics covered", begin(&all(many))),
        (done, many, Language::Ja) => format!("話題{many}件のうち{done}件を話しました"),
        (done, many, Language::En) => format!("{done} of {many} topics covered"),
    }
}

/// How the other said they were.
pub(in crate::report::summary) fn check_in(given: &CheckInEntry, language: Language) -> String {
    let (number, words) = (given.score, quoted(&given.words, language));
    let comma = if words.is_empty() { "" } else { "," };
    language.pick(format!("チェックイン：5段階の{number}{words}"), format!("Check-in: {number} of 5{comma}{words}"))
}

/// The heading of this call's figures beside those of earlier calls.
pub(in crate::report::summary) fn prior_calls(calls: usize, language: Language) -> String {
    match (calls, language) {
        (1, Language::Ja) => "自分の前回と比べて".to_owned(),
        (calls, Language::Ja) => format!("自分の直近{calls}回と比べて"),
        (1, Language::En) => "Compared with your last call".to_owned(),
        (calls, Language::En) => format!("Compared with your last {calls} calls"),
    }
}

/// An interruption: who began it, and what came of it.
pub(in crate::report::summary) fn interruption(view: &SummaryView<'_>, by: Track, outcome: Outcome) -> String {
    let (who, what) = match outcome {
        Outcome::Successful => (view.track_subject(by), view.pick("話し手が替わった", "took the floor")),
        Outcome::Failed => (view.track_subject(by), view.pick("譲った", "gave way")),
    };
    view.pick(format!("{who}が割り込み、{what}"), format!("{who} {what}"))
}
