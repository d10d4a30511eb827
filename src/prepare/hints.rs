//! What may help in the coming call: at most three sentences, each with the reason for it.
//!
//! They come from what the manager means to do, from what the other person says of how they like to talk, and from the
//! manager's own figures of the last call. What was left open is listed beside them and is no hint. Nothing here judges the
//! other person.

use crate::calendar::Meeting;
use crate::health::confidence::{Confidence, FigureGroup, WAITS};
use crate::i18n::Bilingual;
use crate::people::{Preference, StatedCard};
use crate::records::{Figures, Intention};

/// How many hints there are at most: more would be a list to work through.
const MAX_HINTS: usize = 3;

/// A share this far over the target (0.1 is ten points) is worth a thought before the next call.
const OVER_TARGET: f64 = 0.10;

/// This many cut-ins or re-grabs in a call are a habit rather than an accident (ours).
const HABITUAL_COUNT: u32 = 2;

/// A turn of this many milliseconds reached the last tier of a monologue (Gong).
const LONG_MS: u64 = 150_000;

/// Fewer backchannels than this in a minute of the other's talk are few; in recorded talk there are more than ten
/// (CANDOR 2023).
const FEW_BACKCHANNELS_PER_MIN: f64 = 2.0;

/// The other's talk in milliseconds in which backchannels say something (ours).
const THEIR_TALK_MS: u64 = 180_000;

/// One thing that may help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreparationHint {
    /// What to do.
    pub text: Bilingual<String>,
    /// What the hint rests on.
    pub reason: Bilingual<String>,
}

/// What is known before a call with somebody.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HintInput {
    /// The share of the talk that is aimed at, 0 to 1.
    pub target: f64,
    /// The other person's card, if they have one.
    pub card: Option<StatedCard>,
    /// What the manager means to do in this call, chosen after one before it.
    pub intention: Option<Intention>,
    /// The share of the talk that they asked the manager to keep to, 0 to 1.
    pub their_target: Option<f64>,
    /// The manager's figures of the last call with them.
    pub last: Option<Figures>,
}

/// At most three hints: what was meant for this call, one of each other kind if there is one, then more of the first kind.
pub fn preparation_hints(known: &HintInput) -> Vec<PreparationHint> {
    let meant = known.intention.map(hint_from_intention).into_iter().collect();
    let asked = known.their_target.map(hint_from_their_target).into_iter().collect();
    let grounds = [meant, asked, hints_from_card(known), hints_from_last_call(known)];
    let (mut first, mut more) = (Vec::new(), Vec::new());
    for ground in grounds {
        let mut ground = ground.into_iter();
        first.extend(ground.next());
        more.extend(ground);
    }
    first.extend(more);
    first.truncate(MAX_HINTS);
    first
}

/// Why a person and a length are chosen already.
pub fn hint_from_meeting(meeting: &Meeting) -> PreparationHint {
    PreparationHint {
        text: meeting_sentence(meeting),
        reason: Bilingual::owned(
            "設定の[calendar]にある予定表で、いちばん近い1on1です。違うときは、相手と予定の長さを選び直してください。",
            "The nearest 1on1 in the calendar that [calendar] of your settings names. If it’s another one, choose the person and the length.",
        ),
    }
}

/// What the user's calendar says of a meeting.
pub fn meeting_sentence(meeting: &Meeting) -> Bilingual<String> {
    let (with, at, minutes) = (&meeting.with, meeting.start.strftime("%H:%M"), meeting.length.as_mins());
    Bilingual::owned(
        format!("予定表では、{at}から{minutes}分、{with}さんとの1on1です。"),
        format!("Your calendar has a 1on1 with {with} at {at}, for {minutes}\u{a0}min."),
    )
}

fn hint_from_intention(intention: Intention) -> PreparationHint {
    let words = intention.words();
    PreparationHint {
        text: Bilingual::owned(format!("{}。", words.ja), format!("{}.", words.en)),
        reason: Bilingual::owned("前の通話のあとに選んだ心がけです。", "Your intention, chosen after an earlier call."),
    }
}

fn hint_from_their_target(target: f64) -> PreparationHint {
    let target = (target * 100.0).round();
    PreparationHint {
        text: Bilingual::owned(format!("話すのは{target}%までにする。"), format!("Keep to {target}% of the talking.")),
        reason: Bilingual::owned(
            "共有用のまとめで、本人が希望した割合です。",
            "They asked for that on the shared summary.",
        ),
    }
}

fn hints_from_card(known: &HintInput) -> Vec<PreparationHint> {
    let Some(StatedCard { card, stated_on }) = &known.card else { return Vec::new() };
    let hint = |point: &Preference| {
        let (text, liking) = (advice(*point), preference_text(*point));
        let because = Bilingual::owned(
            format!("本人のカード（{stated_on}）：{}", liking.ja),
            format!("Their card ({stated_on}): {}", liking.en),
        );
        PreparationHint { text, reason: because }
    };
    card.points.iter().map(hint).collect()
}

/// What a point on the card asks of the manager.
fn advice(point: Preference) -> Bilingual<String> {
    match point {
        Preference::ConclusionFirst => Bilingual::owned("結論から話す。", "Say the conclusion first."),
        Preference::DetailsFirst => Bilingual::owned("経緯を先に聞く。", "Hear the details before the conclusion."),
        Preference::TimeToThink => Bilingual::owned("質問のあと、急かさず待つ。", "After a question, leave time."),
        Preference::QuickPace => Bilingual::owned("間延びさせず、てきぱきと。", "Keep a quick pace."),
        Preference::CameraOn => Bilingual::owned("カメラをオンにする。", "Turn your camera on."),
        Preference::CameraOff => Bilingual::owned("カメラはオフでよいと伝える。", "Say that cameras may stay off."),
        Preference::WrittenBefore => Bilingual::owned("話題を先に送る。", "Send the topics beforehand."),
        Preference::WrittenAfter => {
            Bilingual::owned("終わったら要点を書いて送る。", "Afterwards, send the points in writing.")
        }
        Preference::DirectFeedback => Bilingual::owned("フィードバックは率直に。", "Give feedback directly."),
        Preference::GentleFeedback => Bilingual::owned("フィードバックはやわらかく。", "Give feedback gently."),
        Preference::SmallTalkFirst => Bilingual::owned("まずは雑談から。", "Begin with small talk."),
        Preference::StraightToTopic => Bilingual::owned("すぐ本題に入る。", "Go straight to the topic."),
    }
}

/// A point as the other person put it.
fn preference_text(point: Preference) -> Bilingual<String> {
    match point {
        Preference::ConclusionFirst => Bilingual::owned("結論から話してほしい", "conclusion first, please"),
        Preference::DetailsFirst => Bilingual::owned("経緯から聞いてほしい", "let me tell the story first"),
        Preference::TimeToThink => Bilingual::owned("考える時間がほしい", "time to think"),
        Preference::QuickPace => Bilingual::owned("テンポよく話したい", "a quick pace"),
        Preference::CameraOn => Bilingual::owned("カメラはオンがよい", "camera on"),
        Preference::CameraOff => Bilingual::owned("カメラはオフがよい", "camera off"),
        Preference::WrittenBefore => Bilingual::owned("前もって文字でほしい", "in writing before"),
        Preference::WrittenAfter => Bilingual::owned("あとから文字でほしい", "in writing after"),
        Preference::DirectFeedback => Bilingual::owned("率直に言ってほしい", "direct feedback"),
        Preference::GentleFeedback => Bilingual::owned("やわらかく言ってほしい", "gentle feedback"),
        Preference::SmallTalkFirst => Bilingual::owned("はじめに雑談がほしい", "small talk first"),
        Preference::StraightToTopic => Bilingual::owned("すぐ本題に入りたい", "straight to the topic"),
    }
}

/// What stands before a figure of these groups, in Japanese and English; `None` if it may be wrong altogether and no reason for
/// anything.
fn about(figures: &Figures, groups: &[FigureGroup]) -> Option<[&'static str; 2]> {
    match figures.confidence(groups) {
        None => Some(["", ""]),
        Some(Confidence::Medium) => Some(["約", "about "]),
        Some(Confidence::Low) => None,
    }
}

fn hints_from_last_call(known: &HintInput) -> Vec<PreparationHint> {
    // Without a share it is not known who talked, and nothing is concluded from who did not.
    let Some(last) = known.last.as_ref().filter(|last| last.share.is_some()) else { return Vec::new() };
    let mut found = Vec::new();
    if let Some(share) = last.share.filter(|share| *share >= known.target + OVER_TARGET)
        && let Some([ja, en]) = about(last, &[FigureGroup::Talk])
    {
        let (share, target) = (percent(share), percent(known.target));
        found.push(PreparationHint {
            text: Bilingual::owned("話す前に、ひとつ質問する。", "Ask before you tell."),
            reason: Bilingual::owned(
                format!("前回は話した割合が{ja}{share}%（目標{target}%）。"),
                format!("Last time you did {en}{share}% of the talking (target {target}%)."),
            ),
        });
    }
    if let Some(count) = last.regrabs.filter(|count| *count >= HABITUAL_COUNT)
        && let Some([ja, en]) = about(last, WAITS)
    {
        found.push(PreparationHint {
            text: Bilingual::owned("質問のあと、3秒待ってみる。", "After a question, wait 3\u{a0}s."),
            reason: Bilingual::owned(
                format!("前回は質問のあと、すぐ話し出したのが{ja}{count}回。"),
                format!("Last time you spoke again within 3\u{a0}s, {en}{}.", times(count)),
            ),
        });
    }
    if last.interruptions >= HABITUAL_COUNT
        && let Some([ja, en]) = about(last, &[FigureGroup::Interruptions])
    {
        let count = last.interruptions;
        found.push(PreparationHint {
            text: Bilingual::owned("続きを最後まで聞く。", "Let them finish."),
            reason: Bilingual::owned(
                format!("前回は、割り込みで話し手が替わったのが{ja}{count}回。"),
                format!("Last time you interrupted and took the floor {en}{}.", times(count)),
            ),
        });
    }
    if let Some(longest_ms) = last.longest_turn_ms.filter(|longest_ms| *longest_ms >= LONG_MS)
        && let Some([ja, en]) = about(last, &[FigureGroup::Talk])
    {
        // Rounded as the summary rounds it.
        let seconds = (longest_ms + 500) / 1_000;
        let (minutes, seconds) = (seconds / 60, seconds % 60);
        let (ja_rest, en_rest) = match seconds {
            0 => (String::new(), String::new()),
            rest => (format!("{rest}秒"), format!("\u{a0}{rest}\u{a0}s")),
        };
        found.push(PreparationHint {
            text: Bilingual::owned("長くなったら相手に渡す。", "Hand over before it gets long."),
            reason: Bilingual::owned(
                format!("前回のいちばん長い話は{ja}{minutes}分{ja_rest}。"),
                format!("Your longest turn last time took {en}{minutes}\u{a0}min{en_rest}."),
            ),
        });
    }
    if let Some(rate) = last.backchannels_per_min.filter(|rate| *rate < FEW_BACKCHANNELS_PER_MIN)
        && last.their_talk_ms >= THEIR_TALK_MS
        && let Some([ja, en]) = about(last, &[FigureGroup::Backchannels])
    {
        found.push(PreparationHint {
            text: Bilingual::owned("相づちを少し増やす。", "A few more signs of listening."),
            reason: Bilingual::owned(
                format!("前回の相づちは、相手が話す1分あたり{ja}{rate:.1}回。"),
                format!("Last time you gave {en}{rate:.1} signs of listening per minute of their talk."),
            ),
        });
    }
    found
}

fn percent(share: f64) -> u32 {
    // A half goes to the even one, as in the summary.
    (share * 100.0).round_ties_even() as u32
}

/// A count from two on, as English sentences have it.
fn times(count: u32) -> String {
    if count == 2 { "twice".to_owned() } else { format!("{count} times") }
}
