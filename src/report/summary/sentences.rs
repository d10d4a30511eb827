//! What a summary says in sentences: its title, what matters first, and what the call was for; a heading for each part.

mod counted;
mod headings;

use crate::audio::Track;
use crate::dates::time_range;
use crate::health::confidence::{DoubtReason, DoubtfulFigure, FigureGroup};
use crate::nudges::Mode;
use crate::records::TooLittle;
use crate::report::html::text::{addressed, length, percent};
use crate::report::summary::view::{Audience, SummaryView};
use crate::report::summary::{AimChange, Language, TrackSpan, derived};

pub(super) use counted::{all, begin, was_or_were, your_questions};
pub(super) use headings::{
    agenda, backchannels, check_in, conversation_notes, followed, interruption, interruptions, longest, nudges,
    open_questions, prior_calls, share_over_time, share_over_time_note, silences, timeline, transcript, waits,
};

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
    let about = derived::lowest_confidence(summary, &[FigureGroup::Talk]).map_or("", |_| view.pick("約", "about "));
    let (Some(mine), Some(theirs)) = (summary.talk.me.share, summary.talk.them.share) else {
        return unknown_share(view);
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

/// Why nobody knows the share of a call in which enough was said.
fn unknown_share(view: &SummaryView<'_>) -> String {
    let is_noise = |doubt: &DoubtfulFigure| matches!(doubt.reason, DoubtReason::NoVoice);
    let words = match (view.summary.confidence.iter().any(is_noise), view.audience) {
        (true, Audience::Manager) => view.pick(
            "マイクからは雑音だけが届いたため、割合は分かりません。",
            "Your microphone gave noise alone, so the share is not known.",
        ),
        (true, Audience::Both) => view.pick(
            "マネージャー側のマイクからは雑音だけが届いたため、割合は分かりません。",
            "The manager’s microphone gave noise alone, so the share is not known.",
        ),
        (false, _) => view.pick(
            "両側に同じ音が入っていたため、割合は分かりません。",
            "Both sides held the same sound, so the share is not known.",
        ),
    };
    words.to_owned()
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
    let about =
        derived::lowest_confidence(view.summary, &[FigureGroup::Talk]).map_or("", |_| view.pick("約", "about "));
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
    language
        .pick("数字は、最後の目的と目標に照らしています。", "Figures are compared with the last purpose and target.")
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
