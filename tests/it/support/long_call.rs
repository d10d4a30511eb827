//! A call of most of an hour with everything in it that a summary can show, made up from a seed.

use keicho::agenda::{CheckIn, ItemState};
use keicho::asr::{Heard, Transcription};
use keicho::audio::Track;
use keicho::frontend::echo::Leak;
use keicho::health::SoundReport;
use keicho::language::{self, Language};
use keicho::nudges::{Nudge, NudgeReason};
use keicho::records::{CallRecord, Figures};
use keicho::report::summary::{PriorCall, PriorCalls};
use keicho::session::Event;
use keicho::time::{SampleTime, Samples, Span};
use keicho::turns::{Outcome, TurnEvent};
use strum::VariantArray;

use super::doubles::random::Random;
use super::doubles::record::live_call;

/// What is said, by turns.
const SAID: [(&str, &str); 8] = [
    ("最近の仕事はどうですか？", "How has your work been lately?"),
    ("えーと、いつまでに終わりますか？", "When will it be done?"),
    ("それはいいですね。", "That sounds good."),
    ("なるほど、<script>alert(1)</script>ですか？", "I see, is it <script>alert(1)</script>?"),
    ("資料は来週までにまとめます。", "I will have the document by next week."),
    ("もう少し詳しく教えてもらえますか？", "Could you tell me more?"),
    ("うーん、少し考えさせてください。", "Um, let me think about that."),
    ("チームのことで相談があります。", "There is something about the team I would like to discuss."),
];

/// How often each is said.
const SAY: [usize; 16] = [0, 1, 2, 2, 2, 3, 4, 4, 4, 5, 6, 6, 7, 7, 7, 7];

/// What is known of the call besides its events.
pub fn info() -> CallRecord {
    CallRecord { with: Some("佐藤 <b>Ken</b>".to_owned()), ..live_call("2026-04-01T10-00-00") }
}

/// The manager's own calls before it.
pub fn before() -> PriorCalls {
    let past = |day: &str, share, longest_turn_ms, wait_ms, backchannels_per_min| PriorCall {
        record: live_call(&format!("2026-0{day}")),
        figures: Figures { share, longest_turn_ms, wait_ms, backchannels_per_min, ..Figures::default() },
    };
    PriorCalls {
        calls: vec![
            past("1-07", Some(0.71), Some(244_000), None, Some(2.1)),
            past("1-21", Some(0.66), Some(180_000), Some(900), Some(3.0)),
            past("2-04", Some(0.62), Some(201_000), Some(1_300), Some(2.8)),
            past("2-18", None, None, None, None),
            past("3-04", Some(0.55), Some(122_000), Some(2_100), Some(4.4)),
            past("3-18", Some(0.58), Some(133_000), Some(1_800), Some(4.1)),
        ],
        ..PriorCalls::default()
    }
}

/// The call's events, in the order of their moments.
pub fn journal(language: Language) -> Vec<(SampleTime, Event)> {
    let mut random = Random::new(4_649);
    let mut all: Vec<(SampleTime, Event)> = Vec::new();
    let mut now = 4_000;
    let mut speaker = Track::Me;
    let end = 47 * 60_000;
    while now < end - 120_000 {
        now = turn(&mut random, &mut all, now, speaker, language);
        speaker = !speaker;
        now += 200 + random.below(1_600);
        if random.below(9) == 0 {
            let silence = Span::from_ms(now, now + 3_000 + random.below(6_000));
            now = silence.end.as_ms();
            all.push((
                silence.end,
                Event::Turn(TurnEvent::Silence { span: silence, after: !speaker, broken_by: speaker }),
            ));
        }
    }
    let at = SampleTime::from_ms;
    let nudge = |ms, why| (at(ms), Event::Nudge(Nudge { why, at: at(ms) }));
    let tier =
        |tier, length| NudgeReason::Monologue { tier: Samples::from_secs(tier), length: Samples::from_secs(length) };
    all.push(nudge(400_000, tier(60, 63)));
    all.push(nudge(1_130_000, NudgeReason::Share { recent: 0.61, call: 0.55, target: 0.3 }));
    all.push(nudge(2_100_000, tier(90, 92)));
    all.push((at(1_505_000), Event::Lost { track: Track::Them, span: Span::from_ms(1_490_000, 1_505_000) }));
    all.push((at(1_900_000), Event::Paused));
    all.push((at(1_960_000), Event::Resumed));
    all.push((at(2_400_000), Event::OffRecord { span: Span::from_ms(2_280_000, 2_400_000) }));
    all.push((at(700_000), Event::Muted));
    all.push((at(730_000), Event::Unmuted));
    let texts = language.pick(
        ["今月のふりかえりと、来月からの担当の分け方について、決めておきたいこと", "評価の <制度> について", "夏休み"],
        ["The month behind us, and who does what from next month on", "The new <reviews>", "Summer holidays"],
    );
    for (id, (text, state)) in (1..).zip(texts.into_iter().zip(ItemState::VARIANTS.iter().copied()).cycle().take(8)) {
        all.push((at(1_000), Event::Agenda { id, text: text.to_owned(), state }));
    }
    all.push((at(60_000), Event::CheckIn(CheckIn::new(4, "忙しいけれど元気").unwrap())));
    all.sort_by_key(|(at, _)| *at);
    let leak = Leak {
        detected: true,
        level_db: Some(-15.0),
        delay_ms: Some(45),
        rejected: Samples::from_secs(180),
        ..Leak::default()
    };
    all.push((at(end), Event::Ended { leak, sound: SoundReport::default() }));
    all
}

/// One turn with its runs, its words, now and then a sign of listening or an interruption; gives its end.
fn turn(random: &mut Random, all: &mut Vec<(SampleTime, Event)>, from: u64, track: Track, language: Language) -> u64 {
    let long = random.below(14) == 0;
    let count = if long { 14 + random.below(26) } else { 1 + random.below(5) };
    let mut now = from;
    for _ in 0..count {
        let span = Span::from_ms(now, now + 1_200 + random.below(3_800));
        now = span.end.as_ms();
        let (ja, en) = SAID[SAY[random.below(SAY.len() as u64) as usize]];
        let text = language.pick(ja, en).to_owned();
        let said = Transcription {
            reading: language::analyze(&text, language),
            text,
            language,
            written: false,
            doubtful: false,
        };
        all.push((span.end, Event::Turn(TurnEvent::Run { track, span })));
        all.push((span.end, Event::Heard(Heard { track, runs: vec![span], transcription: Ok(Some(said)) })));
        if random.below(3) == 0 {
            let nod = Span::from_ms(now + 50, now + 500);
            all.push((nod.end, Event::Turn(TurnEvent::Run { track: !track, span: nod })));
            all.push((nod.end, Event::Turn(TurnEvent::Backchannel { by: !track, span: nod })));
        }
        now += 250 + random.below(650);
    }
    let span = Span::from_ms(from, now - 250);
    all.push((span.end, Event::Turn(TurnEvent::Turn { track, span })));
    all.push((span.end, Event::Turn(TurnEvent::FloorSpan { track, span })));
    if span.len() >= Samples::from_secs(60) {
        all.push((span.end, Event::Turn(TurnEvent::Monologue { track, span })));
    }
    if random.below(5) == 0 {
        let outcome = if random.below(3) == 0 { Outcome::Failed } else { Outcome::Successful };
        let overlap = Samples::from_ms(300 + random.below(1_100));
        all.push((span.end, Event::Turn(TurnEvent::Interruption { by: !track, at: span.end, overlap, outcome })));
    }
    now
}
