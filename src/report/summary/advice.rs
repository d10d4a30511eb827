//! One thing to try next time, and why: rules over the manager's own figures, each with its source.
//!
//! The first rule that holds speaks, from the most concrete to the most general; if a figure may be wrong altogether
//! its rule is silent. Nothing here looks at how the other side did: they give counts and times.

use crate::audio::Track;
use crate::health::confidence::{Confidence, FigureGroup, WAITS};
use crate::i18n::Bilingual;
use crate::language::QuestionKind;
use crate::report::html::text::{self, clock, percent};
use crate::report::summary::{Language, Summary, derived, sentences};

/// One thing to try next time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// Which rule spoke.
    pub kind: AdviceKind,
    /// What to try.
    pub what: Bilingual,
    /// The figures that it rests on: Japanese, and English.
    pub because: [String; 2],
    /// The source of the rule.
    pub source: Bilingual,
}

/// Which rule speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AdviceKind {
    /// Questions were taken back.
    Wait,
    /// Turns were taken while the other spoke.
    Finish,
    /// One turn was long.
    HandOver,
    /// The share was over the target.
    Ask,
    /// Most questions were closed.
    Open,
    /// There were few signs of listening.
    Listening,
    /// The share was the target's.
    Keep,
}

/// Silences after own questions that were broken too soon: from here on they are a habit (as the nudge `regrab`).
const REGRABS: usize = 2;

/// Turns that were taken while the other spoke: from here on.
const TAKEN: usize = 2;

/// A monologue from here on is one that listeners drop out of (Gong: 150 s).
const LONG_MS: u64 = 150_000;

/// Over the target by more than this, as the nudge `share` arms.
const OVER: f64 = 0.10;

/// Over the target by no more than this is kept to it, as the nudge `share` re-arms.
const KEPT_TO_TARGET: f64 = 0.03;

/// Fewer questions say nothing of how somebody asks …
const QUESTIONS: usize = 5;

/// … and half of them at the least should be open (MITI 3.1.1).
const OPEN: f64 = 0.5;

/// The other's talk in which signs of listening are counted …
const THEIR_TALK_MS: u64 = 180_000;

/// … and fewer a minute are few: CANDOR has about 1,000 an hour of conversation.
const SIGNS_PER_MIN: f64 = 1.0;

/// If both together talked for less than this, no share is said.
const TALK_MS: u64 = 60_000;

impl AdviceKind {
    /// The groups of the figures that it rests on.
    pub(in crate::report::summary) fn groups(self) -> &'static [FigureGroup] {
        match self {
            Self::Wait => WAITS,
            Self::Finish => &[FigureGroup::Interruptions],
            Self::HandOver | Self::Ask | Self::Keep => &[FigureGroup::Talk],
            Self::Open => &[FigureGroup::Questions],
            Self::Listening => &[FigureGroup::Backchannels],
        }
    }
}

impl Advice {
    /// The first rule that holds; `None` if none does.
    pub fn for_summary(summary: &Summary) -> Option<Self> {
        if summary.figures.too_little(summary.call.source).is_some() {
            return None;
        }
        let rules = [wait, finish, hand_over, ask, open, listening, keep];
        rules.iter().find_map(|rule| rule(summary))
    }

    /// The figures that it rests on, as a sentence.
    pub fn because(&self, language: Language) -> &str {
        let [ja, en] = &self.because;
        language.pick(ja, en)
    }
}

fn is_reliable(summary: &Summary, groups: &[FigureGroup]) -> bool {
    derived::lowest_confidence(summary, groups) != Some(Confidence::Low)
}

fn wait(summary: &Summary) -> Option<Advice> {
    let mine = || summary.questions.iter().flatten().filter(|one| one.track == Track::Me);
    let (asked, taken) = (mine().count(), mine().filter(|one| one.regrabbed).count());
    (taken >= REGRABS && is_reliable(summary, WAITS)).then(|| Advice {
        kind: AdviceKind::Wait,
        what: Bilingual {
            ja: "質問したら、心の中で3つ数えてから口を開いてみましょう。",
            en: "After a question, count to three before you speak again.",
        },
        because: [
            match asked == taken {
                true => format!("質問{asked}回とも、3秒以内に自分から話していました。"),
                false => format!("質問{asked}回のうち{taken}回は、3秒以内に自分から話していました。"),
            },
            format!("After {} you spoke again within 3\u{a0}s.", sentences::your_questions(taken, asked)),
        ],
        source: Bilingual {
            ja: "3秒以上待つと答えが長くなります（Rowe 1986、教室での研究）",
            en: "Waits of 3\u{a0}s and more bring longer answers (Rowe 1986, in classrooms)",
        },
    })
}

fn finish(summary: &Summary) -> Option<Advice> {
    let (_, taken) = derived::interruption_counts(summary, Track::Me);
    (taken >= TAKEN && is_reliable(summary, &[FigureGroup::Interruptions])).then(|| Advice {
        kind: AdviceKind::Finish,
        what: Bilingual {
            ja: "相手の文が終わってから、ひと呼吸おいて話し始めてみましょう。",
            en: "Let their sentence end, and take one breath before you begin.",
        },
        because: [
            format!("割り込んで話し手が替わったことが{taken}回ありました。"),
            format!("You interrupted and took the floor {}.", text::times(taken)),
        ],
        source: Bilingual {
            ja: "割り込みの数え方はSchegloff 2000によります",
            en: "What counts as an interruption follows Schegloff 2000",
        },
    })
}

fn hand_over(summary: &Summary) -> Option<Advice> {
    let longest = *derived::longest_turns(summary, Track::Me).first()?;
    let length = longest.end_ms - longest.start_ms;
    (length >= LONG_MS && is_reliable(summary, &[FigureGroup::Talk])).then(|| Advice {
        kind: AdviceKind::HandOver,
        what: Bilingual {
            ja: "1分ほど話したら「ここまで、どう思いますか」と渡してみましょう。",
            en: "After a minute of your own, hand over: “How does that sound to you?”",
        },
        because: [
            format!("{}から{}、続けて話していました。", clock(longest.start_ms), text::length(length, Language::Ja)),
            format!(
                "You spoke for {} without a break, from {}.",
                text::length(length, Language::En),
                clock(longest.start_ms)
            ),
        ],
        source: Bilingual {
            ja: "2分30秒を超える話を、長い話とみなします（Gong）",
            en: "A turn of more than two and a half minutes is long (Gong)",
        },
    })
}

fn ask(summary: &Summary) -> Option<Advice> {
    let (share, target) = (measured_share(summary)?, derived::target(summary));
    (share >= target + OVER).then(|| Advice {
        kind: AdviceKind::Ask,
        what: Bilingual {
            ja: "次の話題をひとつ、説明ではなく質問から始めてみましょう。",
            en: "Begin one topic with a question instead of an explanation.",
        },
        because: because_of_share(summary, share, target),
        source: match has_own_target(summary) {
            false => Bilingual {
                ja: "目標は目的に合わせたものです。日本の1on1ではマネージャーが平均63%話しています",
                en: "The target comes with the purpose; in Japanese 1on1s managers do 63% of the talking on average",
            },
            true => Bilingual {
                ja: "目標は自分で設定したものです。日本の1on1ではマネージャーが平均63%話しています",
                en: "The target is your own; in Japanese 1on1s managers do 63% of the talking on average",
            },
        },
    })
}

fn open(summary: &Summary) -> Option<Advice> {
    let mine = || summary.questions.iter().flatten().filter(|one| one.track == Track::Me);
    let (asked, open) = (mine().count(), mine().filter(|one| one.kind == QuestionKind::Open).count());
    (asked >= QUESTIONS && (open as f64) < OPEN * asked as f64 && is_reliable(summary, &[FigureGroup::Questions])).then(
        || Advice {
            kind: AdviceKind::Open,
            what: Bilingual {
                ja: "質問をひとつ「どう」「何」で始めてみましょう。",
                en: "Begin one question with “what” or “how”.",
            },
            because: [
                format!("{}。", sentences::open_questions(open, asked, Language::Ja)),
                format!("{}.", sentences::open_questions(open, asked, Language::En)),
            ],
            source: Bilingual {
                ja: "半分以上を自由に答えられる質問に（動機づけ面接の指標MITI 3.1.1）",
                en: "Half or more open (MITI 3.1.1, motivational interviewing)",
            },
        },
    )
}

fn listening(summary: &Summary) -> Option<Advice> {
    let rate = summary.rates.me.backchannels_per_min?;
    let enough = summary.talk.them.speech_ms >= THEIR_TALK_MS;
    (enough && rate < SIGNS_PER_MIN && is_reliable(summary, &[FigureGroup::Backchannels])).then(|| Advice {
        kind: AdviceKind::Listening,
        what: Bilingual {
            ja: "相手が話している間に「はい」「なるほど」と、聞いていることを声にしてみましょう。",
            en: "While they speak, let a short “mm-hm” or “I see” be heard.",
        },
        because: [
            format!("相づちは、相手が話す1分あたり{rate:.1}回でした。"),
            format!("You gave {rate:.1} signs of listening per minute of their talk."),
        ],
        source: Bilingual {
            ja: "英語の会話では1時間に約1,000回、日本語ではもっと多くなります（CANDOR 2023）",
            en: "Conversations in English have about 1,000 an hour, in Japanese more (CANDOR 2023)",
        },
    })
}

fn keep(summary: &Summary) -> Option<Advice> {
    let (share, target) = (measured_share(summary)?, derived::target(summary));
    (share <= target + KEPT_TO_TARGET).then(|| Advice {
        kind: AdviceKind::Keep,
        what: Bilingual { ja: "この配分を続けてみましょう。", en: "Stay with this share." },
        because: because_of_share(summary, share, target),
        source: match has_own_target(summary) {
            false => {
                Bilingual { ja: "目標は目的に合わせたものです", en: "The target comes with the purpose" }
            }
            true => Bilingual { ja: "目標は自分で設定したものです", en: "The target is your own" },
        },
    })
}

/// The share, said to be approximate if it is, and the target.
fn because_of_share(summary: &Summary, share: f64, target: f64) -> [String; 2] {
    let [ja, en] = match derived::lowest_confidence(summary, &[FigureGroup::Talk]) {
        Some(_) => ["約", "about "],
        None => ["", ""],
    };
    let (share, target) = (percent(share), percent(target));
    [
        format!("話した割合は{ja}{share}（目標{target}）でした。"),
        format!("You did {en}{share} of the talking (target {target})."),
    ]
}

/// Whether the target is another than the one that comes with the purpose.
fn has_own_target(summary: &Summary) -> bool {
    (derived::target(summary) - summary.call.mode.target()).abs() > 0.001
}

/// The manager's share of the talk, if there was enough talk and the share is sure enough.
fn measured_share(summary: &Summary) -> Option<f64> {
    let talk = &summary.talk;
    let enough = talk.me.speech_ms + talk.them.speech_ms >= TALK_MS;
    talk.me.share.filter(|_| enough && is_reliable(summary, &[FigureGroup::Talk]))
}

#[cfg(test)]
mod tests;
