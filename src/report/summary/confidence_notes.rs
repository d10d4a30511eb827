//! What makes figures unsure, a numbered sentence each; the figures themselves carry the number.

use crate::audio::Track;
use crate::health::confidence::{DoubtReason, DoubtfulFigure, FigureGroup};
use crate::report::html::text::{length, seconds};
use crate::report::summary::Language;
use crate::report::summary::view::SummaryView;

/// A sentence that says what was wrong.
pub(super) struct ConfidenceNote {
    cause: NoteCause,
    pub(super) words: String,
}

/// What a sentence is about, without its size: a figure and its sentence are joined by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NoteCause {
    /// The figures come from a transcript.
    Transcript,
    LostAudio(Track),
    Leak,
    Choppy,
    Clipping(Track),
    Quiet(Track),
    Noisy(Track),
    SameSound,
    VoiceReturns,
    NoVoice,
    OtherVoices,
    Dead(Track),
    TextMissing,
    GuessedEnds,
}

impl From<DoubtReason> for NoteCause {
    fn from(reason: DoubtReason) -> Self {
        match reason {
            DoubtReason::LostAudio { track, .. } => Self::LostAudio(track),
            DoubtReason::Leak { .. } => Self::Leak,
            DoubtReason::Choppy { .. } => Self::Choppy,
            DoubtReason::Clipping(track) => Self::Clipping(track),
            DoubtReason::Quiet(track) => Self::Quiet(track),
            DoubtReason::Noisy(track) => Self::Noisy(track),
            DoubtReason::SameSound => Self::SameSound,
            DoubtReason::VoiceReturns => Self::VoiceReturns,
            DoubtReason::NoVoice => Self::NoVoice,
            DoubtReason::OtherVoices => Self::OtherVoices,
            DoubtReason::Dead(track) => Self::Dead(track),
            DoubtReason::TextMissing { .. } => Self::TextMissing,
            DoubtReason::GuessedEnds => Self::GuessedEnds,
        }
    }
}

/// What an application leaves out of its transcripts.
pub(super) const OF_TRANSCRIPTS: [FigureGroup; 2] = [FigureGroup::Interruptions, FigureGroup::Backchannels];

/// Every reason for doubt once.
pub(super) fn notes(view: &SummaryView<'_>) -> Vec<ConfidenceNote> {
    let (summary, language) = (view.summary, view.language);
    if !summary.call.source.has_ends() {
        let words = language.pick(
            "文字起こしに話し終わりの時刻がないため、次の発言の始まりと文の長さから推し量りました。割合は目安で、沈黙、割り込み、重なり、相づち、間、話す速さは分かりません。",
            "The transcript does not state when lines end, so the ends are guessed from the next beginning and the length of \
             the text: shares are approximate, and silences, interruptions, overlaps, signs of listening, waits and pace are \
             not known.",
        );
        return vec![ConfidenceNote { cause: NoteCause::GuessedEnds, words: words.to_owned() }];
    }
    let Some(echo) = &summary.echo else {
        let words = language.pick(
            "文字起こしから計算しました。書き起こされなかった相づちや、話し声の重なりは入っていません。",
            "These figures come from a transcript: short signs of listening and overlaps that it leaves out are missing.",
        );
        return vec![ConfidenceNote { cause: NoteCause::Transcript, words: words.to_owned() }];
    };
    let mut notes = Vec::new();
    if echo.detected {
        let time = length(echo.rejected_ms, language);
        let words = match (view.is_mirror(), language) {
            (true, Language::Ja) => {
                format!("マネージャーのスピーカーの音がマイクに{time}回り込みました。その分は除いてあります。")
            }
            (false, Language::Ja) => {
                format!("相手の声がスピーカーからマイクに{time}回り込みました。その分は除いてあります。")
            }
            (false, Language::En) => {
                format!("Your speakers leaked into the microphone for {time}; that part was left out.")
            }
            (true, Language::En) => {
                format!("The manager’s speakers leaked into the microphone for {time}; that part was left out.")
            }
        };
        notes.push(ConfidenceNote { cause: NoteCause::Leak, words });
    }
    for (track, lost) in [(Track::Me, summary.coverage.me.lost_ms), (Track::Them, summary.coverage.them.lost_ms)] {
        if let Some(lost) = lost.filter(|lost| *lost > 0) {
            // Tenths of a second say something of a short gap alone.
            let time = if lost < 10_000 { seconds(lost, language) } else { length(lost, language) };
            let whose = track_sound_name(track, view);
            let words = match language {
                Language::Ja => format!("{whose}の音が{time}欠けました。その間の数字はありません。"),
                Language::En => format!("{time} of sound from {whose} was lost; that time has no figures."),
            };
            notes.push(ConfidenceNote { cause: NoteCause::LostAudio(track), words });
        }
    }
    // Words are hardly ever recognised to the last one: they are missing once a figure is in doubt for it.
    notes.extend(summary.confidence.iter().find_map(|doubt| text_missing_note(doubt.reason, view)));
    for doubt in &summary.confidence {
        if note_number(&notes, doubt).is_none()
            && let Some(words) = sound_note(doubt, view)
        {
            notes.push(ConfidenceNote { cause: NoteCause::from(doubt.reason), words });
        }
    }
    notes
}

/// The numbers, from 1, of the notes that make a figure that belongs to these groups unsure.
pub(super) fn note_numbers(view: &SummaryView<'_>, notes: &[ConfidenceNote], groups: &[FigureGroup]) -> Vec<usize> {
    let is_left_out = || groups.iter().any(|group| OF_TRANSCRIPTS.contains(group));
    if view.summary.echo.is_none() && view.summary.call.source.has_ends() && is_left_out() {
        return vec![1];
    }
    let doubts = view.summary.confidence.iter().filter(|doubt| groups.contains(&doubt.figure));
    let mut numbers: Vec<usize> = doubts.filter_map(|doubt| note_number(notes, doubt)).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

fn note_number(notes: &[ConfidenceNote], doubt: &DoubtfulFigure) -> Option<usize> {
    let cause = NoteCause::from(doubt.reason);
    notes.iter().position(|note| note.cause == cause).map(|place| place + 1)
}

/// Whose sound, within a sentence.
fn track_sound_name(track: Track, view: &SummaryView<'_>) -> &'static str {
    match (track, view.is_mirror()) {
        (Track::Me, false) => view.pick("マイク", "the microphone"),
        (Track::Me, true) => view.pick("マネージャー側", "the manager’s side"),
        (Track::Them, false) => view.pick("相手", "their side"),
        (Track::Them, true) => view.pick("メンバー側", "the other’s side"),
    }
}

/// What was wrong with the sound, and what that does to the figures; leaks, losses and missing text have their own
/// sentences.
fn sound_note(doubt: &DoubtfulFigure, view: &SummaryView<'_>) -> Option<String> {
    let track = doubt.reason.track().unwrap_or(Track::Me);
    let ja = track_sound_name(track, view);
    let en = match (track, view.is_mirror()) {
        (Track::Me, false) => "Your microphone",
        (Track::Me, true) => "The manager’s sound",
        (Track::Them, false) => "Their sound",
        (Track::Them, true) => "The other’s sound",
    };
    let [manager, other, whose, their] = match view.is_mirror() {
        false => ["自分", "相手", "Your own", "their"],
        true => ["マネージャー", "メンバー", "The manager’s", "the other’s"],
    };
    let words = match doubt.reason {
        DoubtReason::Choppy { .. } => {
            // How often it was is the manager's to know.
            let rate = view.summary.sound.as_ref().and_then(|sound| sound.holes_per_min);
            let rate = rate.filter(|_| !view.is_mirror());
            let [ja_rate, en_rate] = match rate {
                Some(rate) => [format!("1分あたり{rate:.0}回"), format!("dropped out {rate:.0} times per minute")],
                None => ["何度も".to_owned(), "broke up".to_owned()],
            };
            [
                format!("{ja}の声が{ja_rate}途切れました。割り込みや間の数字は目安です。"),
                format!("{en} {en_rate}, so interruptions and waits are approximate."),
            ]
        }
        DoubtReason::Clipping(_) => [
            format!("{ja}の音が大きすぎて割れました。フィラーや間の数字は目安です。"),
            format!("{en} was too loud and clipped, so fillers and pauses are approximate."),
        ],
        DoubtReason::Quiet(_) => [
            format!("{ja}の声が小さすぎました。聞き逃しがあるかもしれません。"),
            format!("{en} was very quiet, so some speech may be missing."),
        ],
        DoubtReason::Noisy(_) => [
            format!("{ja}に雑音が多くありました。数字は目安です。"),
            format!("{en} was noisy, so the figures are approximate."),
        ],
        DoubtReason::SameSound => [
            "マイクと出力に同じ音が入っていました。どちらの声か分からないため、数字は当てになりません。".to_owned(),
            "Both sides held the same sound, so whose voice it was cannot be told and the figures may be wrong altogether."
                .to_owned(),
        ],
        DoubtReason::VoiceReturns => [
            format!("{manager}の声が{other}のスピーカーから戻っていました。取り除いていますが、数字は目安です。"),
            format!("{whose} voice came back on {their} side; it was taken off, so the figures are approximate."),
        ],
        DoubtReason::NoVoice => [
            format!("{ja}からは雑音だけが届きました。ミュートだったかもしれず、割合は分かりません。"),
            format!("{en} gave noise only: muted? The share is then unknown."),
        ],
        DoubtReason::OtherVoices => [
            format!("{manager}のそばで別の人の声がしていました。大部分は除いていますが、数字は目安です。"),
            format!(
                "Somebody else was heard near {}; most of it was left out, so the figures are approximate.",
                if view.is_mirror() { "the manager" } else { "you" }
            ),
        ],
        DoubtReason::Dead(_) => [
            format!("{ja}の音がまったく届かない時間がありました。その間の数字はありません。"),
            format!("{en} sent no sound for a while; nothing is known of that time."),
        ],
        DoubtReason::LostAudio { .. }
        | DoubtReason::Leak { .. }
        | DoubtReason::TextMissing { .. }
        | DoubtReason::GuessedEnds => return None,
    };
    let [ja, en] = words;
    Some(view.pick(ja, en))
}

fn text_missing_note(reason: DoubtReason, view: &SummaryView<'_>) -> Option<ConfidenceNote> {
    let DoubtReason::TextMissing { track, coverage } = reason else { return None };
    let part = format!("{:.0}%", (coverage * 100.0).floor());
    let [ja, en] = match (track, view.is_mirror()) {
        (None, _) => ["", "the talk"],
        (Some(Track::Me), false) => ["自分の話のうち、", "your talk"],
        (Some(Track::Me), true) => ["マネージャーの話のうち、", "the manager’s talk"],
        (Some(Track::Them), false) => ["相手の話のうち、", "their talk"],
        (Some(Track::Them), true) => ["メンバーの話のうち、", "the other’s talk"],
    };
    let words = view.pick(
        format!("{ja}言葉を認識できたのは{part}です。フィラーと質問は少なめに出ます。"),
        format!("Words were recognised for {part} of {en}, so fillers and questions are counted low."),
    );
    Some(ConfidenceNote { cause: NoteCause::TextMissing, words })
}
