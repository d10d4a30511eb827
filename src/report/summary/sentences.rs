//! What a summary says in sentences: its title, what matters first, and a heading for each plot that says what it shows.

use crate::agenda::ItemState;
use crate::audio::Track;
use crate::dates::time_range;
use crate::dynamics::shape::Shape;
use crate::health::confidence::FigureGroup;
use crate::nudges::Mode;
use crate::records::TooLittle;
use crate::report::html::text::{addressed, clock, length, percent, quoted, seconds, times};
use crate::report::median::median_by;
use crate::report::summary::view::{Audience, SummaryView};
use crate::report::summary::{AimChange, CheckInEntry, Language, TrackSpan, derived, followed};
use crate::turns::Outcome;

/// The title: what call it was.
pub(super) fn title(view: &SummaryView<'_>) -> String {
    match (&view.summary.call.with, view.language) {
        _ if view.is_mirror() => view.pick("1on1のまとめ（共有用）", "Our 1on1").to_owned(),
        (Some(name), Language::Ja) => format!("{}との1on1", addressed(name, view.language)),
        (Some(name), Language::En) => format!("1on1 with {name}"),
        (None, Language::Ja) => "1on1のまとめ".to_owned(),
        (None, Language::En) => "Your 1on1".to_owned(),
    }
}

/// When it was, how long, and what for.
pub(super) fn about(view: &SummaryView<'_>) -> String {
    let call = &view.summary.call;
    let when = call.started_at.as_deref().and_then(|at| time_range(at, call.duration_ms, view.language));
    let from = match view.summary.echo {
        Some(_) => view.pick("録音", "Recording"),
        None => view.pick("文字起こし", "Transcript"),
    };
    let which = match (when, view.language) {
        (Some(when), _) => when,
        (None, Language::Ja) => format!("{from}「{}」", call.id),
        (None, Language::En) => format!("{from} “{}”", call.id),
    };
    let mut parts = vec![which, length(call.duration_ms, view.language)];
    if !view.is_mirror() {
        let purpose = purpose(view);
        parts.push(view.pick(format!("目的：{purpose}"), format!("purpose: {purpose}")));
    }
    parts.join(view.pick("・", " · "))
}

/// The sentence that matters first.
pub(super) fn headline(view: &SummaryView<'_>) -> String {
    let summary = view.summary;
    if let Some(why) = too_little(view) {
        return why;
    }
    let about = derived::lowest_confidence(summary, FigureGroup::Talk).map_or("", |_| view.pick("約", "about "));
    let (Some(mine), Some(theirs)) = (summary.talk.me.share, summary.talk.them.share) else {
        return nothing_heard(view);
    };
    let (mine, theirs) = (format!("{about}{}", percent(mine)), format!("{about}{}", percent(theirs)));
    let target = percent(derived::target(summary));
    let took = longest_of(view, Track::Me).map(|turn| length(turn.end_ms - turn.start_ms, view.language));
    match (view.audience, view.language, took) {
        (Audience::Both, Language::Ja, _) => {
            format!(
                "話した割合は、{}が{mine}、{}が{theirs}でした。",
                view.track_name(Track::Me),
                view.track_name(Track::Them)
            )
        }
        (Audience::Both, Language::En, _) => {
            let (me, them) = (view.track_heading(Track::Me), view.track_name(Track::Them));
            format!("{me} did {mine} of the talking, {them} {theirs}.")
        }
        (Audience::Manager, Language::Ja, Some(took)) => {
            format!("話した割合は{mine}（目標{target}）、いちばん長い話は{took}でした。")
        }
        (Audience::Manager, Language::En, Some(took)) => {
            format!("You did {mine} of the talking (target {target}). Your longest turn took {took}.")
        }
        (Audience::Manager, Language::Ja, None) => format!("話した割合は{mine}（目標{target}）でした。"),
        (Audience::Manager, Language::En, None) => format!("You did {mine} of the talking (target {target})."),
    }
}

/// Why the call has no share that says anything; `None` if it has one.
pub(super) fn too_little(view: &SummaryView<'_>) -> Option<String> {
    let call = &view.summary.call;
    let unheard = |track: Track| match (view.audience, track) {
        (Audience::Manager, Track::Me) => view
            .pick("自分の声が聞こえませんでした。割合は出せません。", "Your voice was not heard, so there is no share.")
            .to_owned(),
        (Audience::Manager, Track::Them) => view
            .pick(
                "相手の声が聞こえませんでした。割合は出せません。",
                "Their voice was not heard, so there is no share.",
            )
            .to_owned(),
        (Audience::Both, track) => view.pick(
            format!("{}の声が聞こえませんでした。割合は出せません。", view.track_name(track)),
            format!("{} was not heard, so there is no share.", view.track_heading(track)),
        ),
    };
    Some(match view.summary.figures.too_little(call.source)? {
        TooLittle::NothingHeard => nothing_heard(view),
        TooLittle::MeUnheard => unheard(Track::Me),
        TooLittle::ThemUnheard => unheard(Track::Them),
        TooLittle::Short => {
            let took = call.duration_ms / 1_000;
            view.pick(
                format!("{took}秒の通話でした。割合を出すには短すぎます。"),
                format!("This call took {took}\u{a0}s: too short for a share."),
            )
        }
    })
}

fn nothing_heard(view: &SummaryView<'_>) -> String {
    let words = "声が聞こえませんでした。次は「音の確認」で両方の音を確かめてください。";
    view.pick(words, "No voices were heard. Next time, look at the sound check first.").to_owned()
}

/// What the manager took their share to be; `None` if they did not say.
pub(super) fn perception(view: &SummaryView<'_>) -> Option<String> {
    let summary = view.summary;
    if too_little(view).is_some() {
        return None;
    }
    let (felt, share) = (percent(summary.perception?.share), share(view)?);
    Some(view.pick(
        format!("通話直後に感じた割合は{felt}、実際は{share}でした。"),
        format!("Right after, you thought {felt}; it was {share}."),
    ))
}

/// The manager's share in a sentence, with how sure it is.
pub(super) fn share(view: &SummaryView<'_>) -> Option<String> {
    let about = derived::lowest_confidence(view.summary, FigureGroup::Talk).map_or("", |_| view.pick("約", "about "));
    Some(format!("{about}{}", percent(view.summary.talk.me.share?)))
}

/// What the other person took the manager's share to be, and would like it to be; `None` if nothing came back.
pub(super) fn their_answer(view: &SummaryView<'_>) -> Option<String> {
    let summary = view.summary;
    let (answer, share) = (summary.their_answer?, share(view).filter(|_| too_little(view).is_none())?);
    let name = summary.call.with.as_deref().map(|name| addressed(name, view.language));
    let who = name.unwrap_or_else(|| view.pick("相手", "The other").to_owned());
    let guess = answer.guess.map(|guess| {
        let guess = percent(guess);
        view.pick(
            format!("{who}が感じた割合は{guess}、実際は{share}でした。"),
            format!("{who} thought you did {guess}; it was {share}."),
        )
    });
    let target = answer.target.map(|target| {
        let target = percent(target);
        view.pick(format!("{who}の希望は、{target}までです。"), format!("{who} would like up to {target} from you."))
    });
    let sentences: Vec<String> = guess.into_iter().chain(target).collect();
    Some(sentences.join(view.pick("", " ")))
}

/// The heading of the timeline.
pub(super) fn timeline(view: &SummaryView<'_>) -> String {
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
        (Audience::Manager, Language::Ja) => format!("いちばん長い話は{at}から{took}でした"),
        (Audience::Manager, Language::En) => format!("Your longest turn began at {at} and took {took}"),
        (Audience::Both, Language::Ja) => {
            format!("いちばん長い話は{at}から{took}（{}）でした", view.track_name(track))
        }
        (Audience::Both, Language::En) => {
            format!("The longest turn began at {at} and took {took}: {}", view.track_name(track))
        }
    }
}

/// The heading of the share over time.
pub(super) fn share_over_time(view: &SummaryView<'_>) -> String {
    let (target, over) =
        (percent(derived::target(view.summary)), derived::fraction_over_target(view.summary).map(percent));
    match (view.audience, over, view.language) {
        (Audience::Both, _, Language::Ja) => format!("{}が話した割合の移り変わり", view.track_name(Track::Me)),
        (Audience::Both, _, Language::En) => "How the talk was shared over time".to_owned(),
        (Audience::Manager, Some(over), Language::Ja) => {
            format!("目標の{target}を超えていたのは、通話の{over}です")
        }
        (Audience::Manager, Some(over), Language::En) => {
            format!("You were over your target of {target} for {over} of the call")
        }
        (Audience::Manager, None, Language::Ja) => "話した割合の移り変わり".to_owned(),
        (Audience::Manager, None, Language::En) => "Your share over time".to_owned(),
    }
}

/// What the share's plot needs said: its window, whose share it is, the band.
pub(super) fn share_over_time_note(view: &SummaryView<'_>) -> String {
    let window = length(derived::share_window_ms(view.summary), view.language);
    if view.is_mirror() {
        return view.pick(
            format!("{}の割合です。太い線はその時点までの{window}、細い線は通話のはじめから。残りが{}です。", view.track_name(Track::Me), view.track_name(Track::Them)),
            format!("{}’s share: the thick line over the last {window}, the thin one since the call began; the rest is {}’s.", view.track_heading(Track::Me), view.track_name(Track::Them)),
        );
    }
    let (low, high) = derived::band(view.summary);
    let (low, high) = (percent(low), percent(high));
    view.pick(
        format!("太い線は直近{window}、細い線は通話のはじめからの割合。緑の帯は目標の{low}〜{high}です。"),
        format!("The thick line is your share of the last {window}, the thin one of the call so far; the green band is your target, {low} to {high}."),
    )
}

/// The heading of the longest turns.
pub(super) fn longest(view: &SummaryView<'_>) -> String {
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
pub(super) fn waits(view: &SummaryView<'_>) -> String {
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
        return view.pick(words, "Without ends, waits are not known").to_owned();
    }
    let (asked, count) = (derived::questions(view.summary, Track::Me), waits.len());
    let Some(median) = median_by(waits.iter().filter_map(|one| one.wait_ms), u64::cmp) else {
        return view.pick("間のあいた質問はありませんでした", "No question of yours was followed by a wait").to_owned();
    };
    let median = seconds(median, view.language);
    match view.language {
        Language::Ja if count == 1 => format!("質問{asked}回のうち1回に間がありました（{median}）"),
        Language::Ja => format!("質問{asked}回のうち{count}回に間がありました（中央値{median}）"),
        Language::En if asked == 1 => format!("Your question was followed by a wait of {median}"),
        Language::En if count == 1 => format!("1 of your {asked} questions was followed by a wait ({median})"),
        Language::En => format!("{count} of your {asked} questions were followed by a wait (median {median})"),
    }
}

/// How many of the manager's questions were open.
pub(super) fn open_questions(open: usize, asked: usize, language: Language) -> String {
    language.pick(
        format!("質問{asked}回のうち、自由に答えられるものは{open}回でした"),
        format!("{open} of your {asked} questions were open"),
    )
}

/// The heading of a side's signs of listening.
pub(super) fn backchannels(view: &SummaryView<'_>, track: Track) -> String {
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
pub(super) fn interruptions(view: &SummaryView<'_>) -> String {
    if !view.summary.call.source.has_ends() {
        let words = "話し終わりの時刻がないため、割り込みは分かりません";
        return view.pick(words, "Without ends, interruptions are not known").to_owned();
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
        (Audience::Manager, Language::Ja) => {
            format!("割り込みは{mine}回、そのうち{taken}回で話し手が替わりました")
        }
        (Audience::Manager, Language::En) => {
            format!("You interrupted {} and took the floor {}", times(mine), times(taken))
        }
    }
}

/// The heading of the silences.
pub(super) fn silences(view: &SummaryView<'_>) -> String {
    if !view.summary.call.source.has_ends() {
        let words = "話し終わりの時刻がないため、沈黙は分かりません";
        return view.pick(words, "Without ends, silences are not known").to_owned();
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

/// What is neither side's alone, a sentence each.
pub(super) fn conversation_notes(view: &SummaryView<'_>) -> Vec<String> {
    let summary = view.summary;
    let mut found = Vec::new();
    if let Some(shape) = summary.shape {
        let words = match shape {
            Shape::Dominating => view.pick("どちらか一方が多く話しました。", "One side did most of the talking."),
            Shape::Alternating => {
                view.pick("途中で、多く話す側が替わりました。", "First one side talked more, then the other.")
            }
            Shape::BackAndForth => view.pick("話は行き来していました。", "The talk went back and forth."),
            Shape::Mixed => view.pick("話の分かれ方は時間によってまちまちでした。", "How the talk was shared varied."),
        };
        found.push(words.to_owned());
    }
    if let Some(switches) = summary.switches_per_min.filter(|switches| *switches > 0.0) {
        found.push(view.pick(
            format!("話し手は1分あたり{switches:.1}回替わりました。"),
            format!("The floor changed hands {switches:.1} times per minute."),
        ));
    }
    if !summary.long_overlaps.is_empty() {
        let count = summary.long_overlaps.len();
        found.push(view.pick(
            format!("1秒以上の声の重なりが{count}回ありました。"),
            format!("You both spoke at the same time for a second or longer {}.", times(count)),
        ));
    }
    found
}

/// The heading of the transcript.
pub(super) fn transcript(language: Language) -> &'static str {
    language.pick("書き起こし（聞き違いを含みます）", "Transcript (may contain mishearings)")
}

/// The heading of the nudges that were shown.
pub(super) fn nudges(shown: usize, language: Language) -> String {
    match (shown, language) {
        (shown, Language::Ja) => format!("ひとことは{shown}回でした"),
        (1, Language::En) => "One nudge was shown in the call".to_owned(),
        (shown, Language::En) => format!("{shown} nudges were shown in the call"),
    }
}

/// How many of the nudges were followed; `None` if none was: that is no news.
pub(super) fn followed(view: &SummaryView<'_>) -> Option<String> {
    Some(match (view.summary.nudges.len(), followed::followed(view.summary), view.language) {
        (_, 0, _) => return None,
        (1, _, Language::Ja) => "そのとおりにしました。".to_owned(),
        (1, _, Language::En) => "You did what it suggests.".to_owned(),
        (_, followed, Language::Ja) => format!("そのうち{followed}回は、そのとおりにしました。"),
        (_, followed, Language::En) => format!("You did what {followed} of them suggested."),
    })
}

/// The heading of the agenda.
pub(super) fn agenda(view: &SummaryView<'_>) -> String {
    let count = |is: fn(ItemState) -> bool| view.summary.agenda.iter().filter(|item| is(item.state)).count();
    let (done, all) = (count(|state| state == ItemState::Done), count(|state| state != ItemState::Dropped));
    match (done, all, view.language) {
        (_, 0, Language::Ja) => "話題はすべて見送りました".to_owned(),
        (_, 0, Language::En) => "All topics left for another time".to_owned(),
        (0, 1, Language::Ja) => "話題1件は持ち越しです".to_owned(),
        (0, 1, Language::En) => "One topic is carried over".to_owned(),
        (0, _, Language::Ja) => format!("話題は{all}件とも持ち越しです"),
        (0, _, Language::En) => format!("All {all} topics are carried over"),
        (1, 1, Language::Ja) => "話題1件を話しました".to_owned(),
        (1, 1, Language::En) => "One topic covered".to_owned(),
        (done, all, Language::Ja) if done == all => format!("話題は{all}件とも話しました"),
        (done, all, Language::En) if done == all => format!("All {all} topics covered"),
        (_, _, Language::Ja) => format!("話題{all}件のうち{done}件を話しました"),
        (_, _, Language::En) => format!("{done} of {all} topics covered"),
    }
}

/// How the other said they were.
pub(super) fn check_in(given: &CheckInEntry, language: Language) -> String {
    let (number, words) = (given.score, quoted(&given.words, language));
    let comma = if words.is_empty() { "" } else { "," };
    language.pick(format!("チェックイン：5段階の{number}{words}"), format!("Check-in: {number} of 5{comma}{words}"))
}

/// The heading of this call's figures beside those of earlier calls.
pub(super) fn prior_calls(calls: usize, language: Language) -> String {
    match (calls, language) {
        (calls, Language::Ja) => format!("自分の直近{calls}回と比べて"),
        (1, Language::En) => "Compared with your last call".to_owned(),
        (calls, Language::En) => format!("Compared with your last {calls} calls"),
    }
}

/// An interruption: who began it, and what came of it.
pub(super) fn interruption(view: &SummaryView<'_>, by: Track, outcome: Outcome) -> String {
    let (who, what) = match outcome {
        Outcome::Successful => (view.track_subject(by), view.pick("話し手が替わった", "took the floor")),
        Outcome::Failed => (view.track_subject(by), view.pick("譲った", "gave way")),
    };
    view.pick(format!("{who}が割り込み、{what}"), format!("{who} {what}"))
}

fn longest_of(view: &SummaryView<'_>, track: Track) -> Option<TrackSpan> {
    derived::longest_turns(view.summary, track).first().copied()
}

/// That the call was for something else from a moment on.
pub(super) fn aim_change(view: &SummaryView<'_>, one: &AimChange) -> String {
    let (from, to) = (percent(one.target_before), percent(one.target));
    if one.mode == one.mode_before {
        return view.pick(format!("目標を{from}から{to}に変更"), format!("Target changed from {from} to {to}"));
    }
    let (before, after) = (purpose_of(one.mode_before, view), purpose_of(one.mode, view));
    view.pick(
        format!("目的を{before}（目標{from}）から{after}（目標{to}）に変更"),
        format!("Purpose changed from {before} (target {from}) to {after} (target {to})"),
    )
}

/// What the figures are held against if it was.
pub(super) fn aim_changed(language: Language) -> &'static str {
    language.pick("数字は、最後の目的と目標に照らしています。", "Figures are held against the last purpose and target.")
}

fn purpose(view: &SummaryView<'_>) -> &'static str {
    purpose_of(view.summary.call.mode, view)
}

fn purpose_of(mode: Mode, view: &SummaryView<'_>) -> &'static str {
    match mode {
        Mode::Coaching => view.pick("コーチング", "coaching"),
        Mode::Feedback => view.pick("フィードバック", "feedback"),
        Mode::Teaching => view.pick("ティーチング", "teaching"),
        Mode::Listening => view.pick("傾聴", "listening"),
    }
}
