//! Every setting: its place in the file, what it means, and which values are allowed.

use std::fmt;
use std::path::PathBuf;

use serde::Serialize;

use crate::config::Config;
use crate::i18n::Bilingual;
use crate::nudges::{Mode, NudgeKind};
use crate::time::Samples;

/// A setting.
pub(super) struct Setting {
    pub(super) section: &'static str,
    /// Its name in the file, with its unit at the end if it has one.
    pub(super) name: &'static str,
    /// What it means, as a sentence: in the file in English, on the page in its language.
    pub(super) about: Bilingual,
    pub(super) kind: SettingKind,
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}] {}", self.section, self.name)
    }
}

/// The values that a setting may have, and its place in [`Config`]. The place is given to be changed; a copy serves for
/// reading.
#[derive(Clone, Copy)]
pub(super) enum SettingKind {
    Flag(fn(&mut Config) -> &mut bool),
    Count(AllowedRange<u32>, fn(&mut Config) -> &mut u32),
    /// A share of 0 to 1.
    Share(AllowedRange<f64>, fn(&mut Config) -> &mut f64),
    Length(SettingUnit, AllowedRange<u64>, fn(&mut Config) -> &mut Samples),
    /// Three lengths, each longer than the one before.
    Lengths(SettingUnit, AllowedRange<u64>, fn(&mut Config) -> &mut [Samples; 3]),
    /// A path, from the root or from `~/`, the user's own folder.
    Path(fn(&mut Config) -> &mut Option<PathBuf>),
    /// Words, none of them empty.
    Words(fn(&mut Config) -> &mut Vec<String>),
}

/// A range of values, both ends included.
#[derive(Clone, Copy)]
pub(super) struct AllowedRange<T> {
    pub(super) low: T,
    pub(super) high: T,
}

/// The unit of a length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SettingUnit {
    /// Milliseconds.
    Milliseconds,
    /// Seconds.
    Seconds,
    /// Minutes.
    Minutes,
}

impl SettingUnit {
    pub(super) fn length(self, count: u64) -> Samples {
        Samples::from_ms(count * self.ms())
    }

    pub(super) fn count(self, length: Samples) -> u64 {
        length.as_ms() / self.ms()
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Milliseconds => "milliseconds",
            Self::Seconds => "seconds",
            Self::Minutes => "minutes",
        }
    }

    fn ms(self) -> u64 {
        match self {
            Self::Milliseconds => 1,
            Self::Seconds => 1_000,
            Self::Minutes => 60_000,
        }
    }
}

impl SettingKind {
    /// The allowed values, as the rest of a sentence.
    pub(super) fn allowed_values(&self) -> String {
        match self {
            Self::Flag(_) => "true or false".to_owned(),
            Self::Count(AllowedRange { low, high }, _) => format!("a whole number from {low} to {high}"),
            Self::Share(AllowedRange { low, high }, _) => format!("a number from {low} to {high}"),
            Self::Length(unit, AllowedRange { low, high }, _) => {
                format!("a whole number of {} from {low} to {high}", unit.name())
            }
            Self::Lengths(unit, AllowedRange { low, high }, _) => {
                format!("three rising whole numbers of {} from {low} to {high}", unit.name())
            }
            Self::Words(_) => "a list of words, such as [\"one\", \"another\"]".to_owned(),
            Self::Path(_) => "a path that begins with / or ~/, or \"\" for none".to_owned(),
        }
    }

    /// The value, as the file writes it.
    pub(super) fn format_value(&self, config: &Config) -> String {
        let mut copy = config.clone();
        match self {
            Self::Flag(place) => place(&mut copy).to_string(),
            Self::Count(_, place) => place(&mut copy).to_string(),
            Self::Share(_, place) => format_share(*place(&mut copy)),
            Self::Length(unit, _, place) => unit.count(*place(&mut copy)).to_string(),
            Self::Lengths(unit, _, place) => {
                let counts = place(&mut copy).map(|length| unit.count(length).to_string());
                format!("[{}]", counts.join(", "))
            }
            Self::Words(place) => {
                let words = place(&mut copy).iter().map(|word| format!("{word:?}"));
                format!("[{}]", words.collect::<Vec<_>>().join(", "))
            }
            Self::Path(place) => {
                let path = place(&mut copy).take().unwrap_or_default();
                format!("{:?}", path.to_string_lossy())
            }
        }
    }
}

/// A share with two decimal places, or with more if it needs them.
fn format_share(value: f64) -> String {
    let short = format!("{value:.2}");
    if short.parse() == Ok(value) { short } else { value.to_string() }
}

/// A setting that must stay under another one.
pub(super) struct Constraint {
    pub(super) low: (&'static str, &'static str),
    pub(super) high: (&'static str, &'static str),
    pub(super) is_met: fn(&Config) -> bool,
}

/// What must hold between settings.
pub(super) const CONSTRAINTS: &[Constraint] = &[
    Constraint {
        low: ("nudges", "share_rearms"),
        high: ("nudges", "share_arms"),
        is_met: |config| config.policy.share_rearms < config.policy.share_arms,
    },
    Constraint {
        low: ("nudges", "pause_ms"),
        high: ("nudges", "handed_over_ms"),
        is_met: |config| config.policy.pause < config.policy.handover_pause,
    },
    Constraint {
        low: ("nudges", "good_wait_from_ms"),
        high: ("nudges", "good_wait_to_s"),
        is_met: |config| config.policy.good_wait_from < config.policy.good_wait_to,
    },
];

/// The sections, in the order of the file, and what each is about.
pub(super) const SECTIONS: &[(&str, Bilingual)] = &[
    ("targets", Bilingual { en: "Targets", ja: "目標" }),
    ("kinds", Bilingual { en: "Nudges that appear", ja: "出すひとこと" }),
    ("nudges", Bilingual { en: "When and how often nudges appear", ja: "ひとことの時期と回数" }),
    ("start", Bilingual { en: "Before a call", ja: "通話の前" }),
    ("off_record", Bilingual { en: "Off the record", ja: "オフレコ" }),
    ("keep", Bilingual { en: "What is kept", ja: "残すもの" }),
    ("notes", Bilingual { en: "Your own notes", ja: "自分のメモ" }),
    ("calendar", Bilingual { en: "Your own calendar", ja: "自分のカレンダー" }),
    ("agent", Bilingual { en: "Noticing a call", ja: "通話に気づく" }),
];

/// Headings inside a long section: the section, the setting that a group begins with, and what the group is about.
pub(super) const GROUPS: &[(&str, &str, Bilingual)] = &[
    ("nudges", "trial", Bilingual { en: "All nudges", ja: "すべてのひとこと" }),
    ("nudges", "share_from_s", Bilingual { en: "Talk share", ja: "話した割合" }),
    ("nudges", "monologue_s", Bilingual { en: "Long turns", ja: "長い話" }),
    ("nudges", "cut_in_within_s", Bilingual { en: "Interruptions", ja: "割り込み" }),
    ("nudges", "listening_after_s", Bilingual { en: "Signs of listening", ja: "相づち" }),
    ("nudges", "regrab_under_ms", Bilingual { en: "Wait after a question", ja: "質問のあとの間" }),
    ("nudges", "closed_run", Bilingual { en: "Yes-or-no questions", ja: "はい・いいえの質問" }),
    ("nudges", "pace_over", Bilingual { en: "Pace", ja: "話す速さ" }),
    ("nudges", "fillers", Bilingual { en: "Fillers", ja: "フィラー" }),
    ("nudges", "audio_lost_s", Bilingual { en: "Sound", ja: "音" }),
    ("nudges", "good_wait_from_ms", Bilingual { en: "Good waits", ja: "いい間" }),
    ("nudges", "baseline_calls", Bilingual { en: "Targets that are proposed", ja: "目標の提案" }),
];

const fn range<T>(low: T, high: T) -> AllowedRange<T> {
    AllowedRange { low, high }
}

/// A table of settings, in shorthand: the name, what it means in both languages, and the kind with its place.
macro_rules! keys {
    ($($section:literal { $($name:literal $en:literal $ja:literal $kind:expr;)* })*) => {
        &[$($(Setting { section: $section, name: $name, about: Bilingual { ja: $ja, en: $en }, kind: $kind },)*)*]
    };
}

use SettingKind::{Count, Flag, Length, Lengths, Path, Share, Words};
use SettingUnit::{Milliseconds, Minutes, Seconds};

/// Every setting, in the order of the file.
pub(super) const SETTINGS: &[Setting] = keys! {
    "targets" {
        "listening"
            "When the purpose is listening, at most this much of the talking is yours."
            "目的が傾聴のとき、自分が話すのはここまでです。"
            Share(range(0.1, 0.9), |c| c.policy.targets.get_mut(Mode::Listening));
        "coaching"
            "When the purpose is coaching, at most this much of the talking is yours."
            "目的がコーチングのとき、自分が話すのはここまでです。"
            Share(range(0.1, 0.9), |c| c.policy.targets.get_mut(Mode::Coaching));
        "feedback"
            "When the purpose is feedback, at most this much of the talking is yours."
            "目的がフィードバックのとき、自分が話すのはここまでです。"
            Share(range(0.1, 0.9), |c| c.policy.targets.get_mut(Mode::Feedback));
        "teaching"
            "When the purpose is teaching, at most this much of the talking is yours."
            "目的がティーチングのとき、自分が話すのはここまでです。"
            Share(range(0.1, 0.9), |c| c.policy.targets.get_mut(Mode::Teaching));
    }
    "kinds" {
        "share"
            "You talk more than your target."
            "話した割合が目標を超えたときに出します。"
            Flag(|c| &mut c.policy.kinds[NudgeKind::Share]);
        "monologue"
            "You have been talking for a long time."
            "長く話しているときに出します。"
            Flag(|c| &mut c.policy.kinds[NudgeKind::Monologue]);
        "cut_in"
            "You interrupted them, and they gave way."
            "割り込んで、相手が譲ったときに出します。"
            Flag(|c| &mut c.policy.kinds[NudgeKind::CutIn]);
        "listening"
            "They have been talking for a long time without a sign of listening."
            "相手の長い話に相づちがないときに出します。"
            Flag(|c| &mut c.policy.kinds[NudgeKind::Listening]);
        "regrab"
            "You spoke again soon after your own questions."
            "質問のあと、すぐに自分で話したときに出します。"
            Flag(|c| &mut c.policy.kinds[NudgeKind::Regrab]);
        "closed_run"
            "Your questions in a row were yes-or-no or progress questions."
            "はい・いいえか進捗の質問が続いたときに出します。"
            Flag(|c| &mut c.policy.kinds[NudgeKind::ClosedRun]);
        "pace"
            "You speak faster than you usually do."
            "いつもより早口のときに出します。"
            Flag(|c| &mut c.policy.kinds[NudgeKind::Pace]);
        "fillers"
            "You say many fillers in a short time."
            "短い間にフィラーが続いたときに出します。"
            Flag(|c| &mut c.policy.kinds[NudgeKind::Fillers]);
        "audio"
            "There is trouble with the sound of the call."
            "通話の音に不調があるときに出します。"
            Flag(|c| &mut c.policy.kinds[NudgeKind::Audio]);
    }
    "nudges" {
        "trial"
            "Calls with and without nudges take turns, a quiet one first; after ten the history compares them."
            "ひとことのある回とない回を、ない回から交互にします。10回になると、これまでの1on1で比べられます。"
            Flag(|c| &mut c.nudge_trial);
        "apart_s"
            "At most one nudge appears in this time; trouble with the sound does not wait."
            "この時間に出すひとことは一つまでです。音の不調は待ちません。"
            Length(Seconds, range(20, 3_600), |c| &mut c.policy.spacing);
        "kind_apart_s"
            "At most one nudge of the same kind appears in this time."
            "同じ種類のひとことは、この時間に一つまでです。"
            Length(Seconds, range(20, 7_200), |c| &mut c.policy.kind_spacing);
        "most"
            "At most this many nudges appear in the time that comes next."
            "次の時間に出すひとことの数の上限です。"
            Count(range(1, 60), |c| &mut c.policy.max_nudges);
        "most_in_min"
            "The time in which that number of nudges is counted."
            "ひとことの数は、この時間で数えます。"
            Length(Minutes, range(5, 240), |c| &mut c.policy.max_nudges_window);
        "shown_s"
            "A nudge stays for this long."
            "ひとことは、この時間出ています。"
            Length(Seconds, range(3, 60), |c| &mut c.policy.shown_for);
        "dismissed_times"
            "Each nudge that you close multiplies the time until the next of its kind by this."
            "ひとことを閉じるたびに、同じ種類の間隔がこの倍になります。"
            Count(range(1, 10), |c| &mut c.policy.dismissal_factor);
        "dismissals_mute"
            "After you have closed this many of a kind, it does not appear again in that call."
            "この回数だけ閉じた種類は、その通話では出しません。"
            Count(range(1, 20), |c| &mut c.policy.dismissals_mute);
        "share_from_s"
            "A nudge about your talk share comes no sooner than this into the call."
            "話した割合のひとことは、通話のはじめのこの時間には出しません。"
            Length(Seconds, range(0, 3_600), |c| &mut c.policy.share_from);
        "share_recent_s"
            "The bar shows your talk share of this much of the call, up to now."
            "バーは、いままでのこの長さで話した割合を示します。"
            Length(Seconds, range(60, 1_800), |c| &mut c.policy.share_recent);
        "share_arms"
            "A nudge about your talk share needs a share this far over the target."
            "話した割合のひとことは、目標をこれだけ超えたときに出します。"
            Share(range(0.01, 0.5), |c| &mut c.policy.share_arms);
        "share_held_s"
            "Your talk share has to stay that far over for this long."
            "それだけ超えたまま、この時間がたってから出します。"
            Length(Seconds, range(0, 600), |c| &mut c.policy.share_held);
        "share_rearms"
            "The nudge can come again once your share is less than this over the target."
            "超えた分がこれより小さくなると、もう一度出せます。"
            Share(range(0.0, 0.5), |c| &mut c.policy.share_rearms);
        "monologue_s"
            "You are told of a long turn at these three lengths."
            "長い話は、この三つの長さで知らせます。"
            Lengths(Seconds, range(10, 3_600), |c| &mut c.policy.monologue_tiers);
        "pause_ms"
            "A nudge about a long turn comes in a pause of yours that is at least this long."
            "長い話のひとことは、自分の話がこの長さ途切れたときに出します。"
            Length(Milliseconds, range(200, 2_000), |c| &mut c.policy.pause);
        "handed_over_ms"
            "A pause that is longer than this hands over to them."
            "これより長く途切れたら、相手に渡したとみなします。"
            Length(Milliseconds, range(500, 3_000), |c| &mut c.policy.handover_pause);
        "cut_in_within_s"
            "A nudge about an interruption comes no later than this after they gave way."
            "割り込みのひとことは、相手が譲ってからこの時間のうちに出します。"
            Length(Seconds, range(2, 30), |c| &mut c.policy.cut_in_within);
        "listening_after_s"
            "A sign of listening is suggested after they have talked for this long without one."
            "相手がこの時間話す間に相づちがないと、ひとことを出します。"
            Length(Seconds, range(15, 1_800), |c| &mut c.policy.listening_after);
        "regrab_under_ms"
            "Speaking again sooner than this after your own question is counted."
            "質問のあと、これより早く自分で話した回数を数えます。"
            Length(Milliseconds, range(500, 10_000), |c| &mut c.policy.regrab_under);
        "regrabs"
            "A nudge comes after you have spoken again this many times."
            "その回数がこれだけになると、ひとことを出します。"
            Count(range(1, 20), |c| &mut c.policy.regrabs);
        "closed_run"
            "A nudge comes after this many yes-or-no or progress questions in a row."
            "はい・いいえか進捗の質問がこの数続くと、ひとことを出します。"
            Count(range(2, 20), |c| &mut c.policy.closed_run);
        "closed_run_within_s"
            "It comes no later than this after the last of these questions."
            "最後の質問からこの時間がたつと、もう出しません。"
            Length(Seconds, range(10, 1_800), |c| &mut c.policy.closed_run_within);
        "pace_over"
            "A nudge comes when you speak this much faster than you usually do."
            "いつもの速さをこれだけ超えると、ひとことを出します。"
            Share(range(0.05, 1.0), |c| &mut c.policy.pace_over);
        "pace_over_s"
            "Your pace is taken over this much of your own talk."
            "速さは、自分の話のこの長さで測ります。"
            Length(Seconds, range(10, 300), |c| &mut c.policy.pace_over_time);
        "fillers"
            "A nudge comes after this many fillers."
            "フィラーがこの数になると、ひとことを出します。"
            Count(range(2, 50), |c| &mut c.policy.fillers);
        "fillers_in_s"
            "Fillers are counted over this much of your own talk."
            "フィラーは、自分の話のこの長さで数えます。"
            Length(Seconds, range(5, 300), |c| &mut c.policy.fillers_in);
        "audio_lost_s"
            "You are told once sound has been missing for this long."
            "音がこの時間届かないと、知らせます。"
            Length(Seconds, range(1, 60), |c| &mut c.policy.audio_lost);
        "good_wait_from_ms"
            "A silence after your own words is shown as a good wait from this length on."
            "自分の話のあとの沈黙は、この長さから「いい間」と示します。"
            Length(Milliseconds, range(500, 10_000), |c| &mut c.policy.good_wait_from);
        "good_wait_to_s"
            "A good wait is shown up to this length."
            "「いい間」は、この長さまで示します。"
            Length(Seconds, range(2, 60), |c| &mut c.policy.good_wait_to);
        "baseline_calls"
            "After this many calls a target of your own is proposed."
            "この回数の通話のあと、自分に合わせた目標を提案します。"
            Count(range(3, 50), |c| &mut c.policy.baseline_calls);
        "step"
            "A target that is proposed is at most this far under your usual share."
            "提案する目標は、いつもの割合からここまで下げます。"
            Share(range(0.01, 0.3), |c| &mut c.policy.target_step);
    }
    "start" {
        "icebreaker_min"
            "The call begins with this much small talk, in which only trouble with the sound is told; 0 is none."
            "通話のはじめの雑談の長さです。その間は音の不調だけを知らせます。0なら雑談の時間はありません。"
            Length(Minutes, range(0, 30), |c| &mut c.start_defaults.icebreaker);
    }
    "off_record" {
        "last_min"
            "Off the record erases this much of what was said before, five minutes at the most."
            "オフレコは、それまでのこの長さを消します（長くて5分）。"
            Length(Minutes, range(0, 60), |c| &mut c.off_record.last);
        "next_min"
            "Off the record lasts this long, unless you end it sooner."
            "オフレコは、先に終えなければこの長さ続きます。"
            Length(Minutes, range(1, 60), |c| &mut c.off_record.next);
    }
    "keep" {
        "transcript"
            "What was said is kept as text; tell the other person first."
            "話した言葉を文字で残します。先に相手に伝えてください。"
            Flag(|c| &mut c.retention.transcript);
        "days"
            "A call is deleted at the first start after this many days."
            "この日数がたった通話は、その後の起動時に消えます。"
            Count(range(1, 3_650), |c| &mut c.retention.days);
    }
    "notes" {
        "folder"
            "Each call adds its figures, agenda, notes and check-in to a file for that person in this folder, where nothing is deleted."
            "通話ごとに、数字・話題・メモ・チェックインを、このフォルダーの相手ごとのファイルに書き足します。ここからは何も消えません。"
            Path(|c| &mut c.notes_folder);
    }
    "calendar" {
        "path"
            "The next 1on1 within the hour, with its length, is looked up in this calendar file (.ics) or folder of them."
            "1時間以内の次の1on1と長さを、このカレンダーのファイル（.ics）かフォルダーから読みます。"
            Path(|c| &mut c.calendar);
    }
    "agent" {
        "applications"
            "An application is one for calls if its name holds one of these words."
            "名前にこの言葉のどれかがあるアプリを、通話のアプリとみなします。"
            Words(|c| &mut c.agent.applications);
        "asks_after_s"
            "You are asked once it has used the microphone and played sound for this long."
            "マイクと再生の両方をこの時間使うと、1on1かどうかをたずねます。"
            Length(Seconds, range(0, 600), |c| &mut c.agent.asks_after);
        "ends_after_s"
            "A call begun this way ends once the application has recorded no more for this long."
            "そうしてはじめた通話は、アプリの録音がこの時間止まると終わります。"
            Length(Seconds, range(1, 3_600), |c| &mut c.agent.ends_after);
        "shows_nudges"
            "The tray and a notification show the call's nudges as well; others may see your screen."
            "トレイと通知にも、通話中のひとことを出します。画面を見ている人の目に入ることがあります。"
            Flag(|c| &mut c.agent.shows_nudges);
        "shortcuts"
            "The desktop asks you for keys that pause, go off the record, hide the page's words and figures, and open it, whatever window is in front."
            "どの画面からでも一時停止・オフレコ・表示を隠す・ページを開くが使えるよう、デスクトップにキーの割り当てを頼みます。"
            Flag(|c| &mut c.agent.shortcuts);
    }
};
