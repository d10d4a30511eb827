use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::asr::{Heard, Missed, Transcription};
use crate::doubles::record::live_call;
use crate::dynamics::hesitation::HesitationKind;
use crate::health::SoundReport;
use crate::health::confidence::{Confidence, DoubtReason, DoubtfulFigure, FigureGroup};
use crate::language;
use crate::nudges::{Mode, Nudge, NudgeReason};
use crate::records::{Figures, Intention, Origin};
use crate::session::{HeldVowel, Latency, LatencyHistogram};
use crate::turns::{Outcome, TurnEvent};

mod doubts;

pub(in crate::report::summary) fn info() -> CallRecord {
    CallRecord { with: Some("佐藤 <b>*Ken*</b>".to_owned()), ..live_call("2026-04-01T10-00-00") }
}

/// Ten minutes in which I talk for 5, they for 2:30, with a nod, a silence, an interruption, a leak and a loss.
pub(in crate::report::summary) fn journal() -> Vec<(SampleTime, Event)> {
    let at = SampleTime::from_ms;
    let (me, them) = (Track::Me, Track::Them);
    let long = Span::from_ms(10_000, 310_000);
    let turn = |event| Event::Turn(event);
    vec![
        (at(100_600), turn(TurnEvent::Run { track: them, span: Span::from_ms(100_000, 100_400) })),
        (at(101_400), turn(TurnEvent::Backchannel { by: them, span: Span::from_ms(100_000, 100_400) })),
        (
            at(120_000),
            Event::Nudge(Nudge {
                why: NudgeReason::Monologue { tier: Samples::from_secs(60), length: Samples::from_secs(110) },
                at: at(120_000),
            }),
        ),
        (at(310_200), turn(TurnEvent::Run { track: me, span: long })),
        (at(313_000), turn(TurnEvent::Turn { track: me, span: long })),
        (at(313_000), turn(TurnEvent::Monologue { track: me, span: long })),
        (at(316_200), turn(TurnEvent::Silence { span: Span::from_ms(310_000, 316_000), after: me, broken_by: them })),
        (at(400_000), Event::Lost { track: them, span: Span::from_ms(390_000, 392_500) }),
        (at(466_200), turn(TurnEvent::Run { track: them, span: Span::from_ms(316_000, 466_000) })),
        (
            at(467_000),
            turn(TurnEvent::Interruption {
                by: me,
                at: at(465_000),
                overlap: Samples::from_ms(700),
                outcome: Outcome::Successful,
            }),
        ),
        (
            at(600_000),
            Event::Ended {
                leak: Leak {
                    detected: true,
                    level_db: Some(-15.0),
                    delay_ms: Some(45),
                    rejected: Samples::from_secs(180),
                    ..Leak::default()
                },
                sound: SoundReport::default(),
            },
        ),
    ]
}

/// The same call with words: my question before the silence, their answer, a filler, one utterance that was missed.
fn journal_with_words() -> Vec<(SampleTime, Event)> {
    let heard = |track, runs: &[(u64, u64)], text: &str| {
        let runs = runs.iter().map(|(start, end)| Span::from_ms(*start, *end)).collect();
        let said = Transcription {
            text: text.to_owned(),
            language: Language::Ja,
            reading: language::analyze(text, Language::Ja),
            written: false,
            doubtful: false,
        };
        Event::Heard(Heard { track, runs, transcription: Ok(Some(said)) })
    };
    let (me, them) = (Track::Me, Track::Them);
    let missed = Heard { track: them, runs: vec![Span::from_ms(400_000, 466_000)], transcription: Err(Missed::Behind) };
    let mut all = journal();
    let ended = all.pop();
    all.extend([
        (SampleTime::from_ms(102_000), heard(them, &[(100_000, 100_400)], "はい")),
        (
            SampleTime::from_ms(311_400),
            heard(me, &[(10_000, 302_000), (302_500, 310_000)], "えーと、資料は <b>来週</b> です。最近どうですか？"),
        ),
        (SampleTime::from_ms(401_000), heard(them, &[(316_000, 400_000)], "まあ、なんとかやっています。")),
        (SampleTime::from_ms(467_000), Event::Heard(missed)),
    ]);
    all.extend(ended);
    all
}

#[test]
fn a_call_that_says_too_little_has_no_share_no_advice_and_no_praise_of_its_sound() {
    let run = |track, from, to| {
        let span = Span::from_ms(from, to);
        [TurnEvent::Run { track, span }, TurnEvent::Turn { track, span }].map(|event| (span.end, Event::Turn(event)))
    };
    let ended = |at| {
        let event = Event::Ended { leak: Leak::default(), sound: SoundReport::default() };
        (SampleTime::from_ms(at), event)
    };
    let (mine, theirs) = (run(Track::Me, 1_000, 9_000), run(Track::Them, 10_000, 19_000));
    for (journal, says) in [
        (vec![ended(6_000)], "No voices were heard"),
        (run(Track::Me, 1_000, 1_200).into_iter().chain([ended(6_000)]).collect(), "No voices were heard"),
        (mine.iter().cloned().chain([ended(600_000)]).collect(), "Their voice was not heard"),
        (theirs.iter().cloned().chain([ended(600_000)]).collect(), "Your voice was not heard"),
        (mine.iter().chain(&theirs).cloned().chain([ended(47_000)]).collect(), "This call took 47\u{a0}s"),
    ] {
        let call = Summary::from_journal(&info(), &journal, Language::En);
        let (page, mirror) = (call.page(Language::En), call.mirror(Language::En));
        let short = says.starts_with("This call");
        assert_eq!(call.talk.me.share.is_some() && call.talk.them.share.is_some(), short, "{says}");
        assert_eq!(call.json().unwrap().contains("\"share\": null"), !short, "{says}");
        assert!(page.contains(says), "{says}: {page}");
        assert_eq!(Advice::for_summary(&call), None, "{says}");
        for text in [&page, &mirror, &call.markdown(Language::En)] {
            let shown = text.split("</style>").last().unwrap().replace("\"100%\"", "");
            assert!(!shown.contains("100%") && !shown.contains("sound was good"), "{shown}");
        }
    }
}

#[test]
fn words_become_fillers_questions_pace_and_lines() {
    let with = Summary::from_journal(&info(), &journal_with_words(), Language::En);
    let text = with.json().unwrap();
    let from = text.find("\"patience_ms\"").unwrap();
    insta::assert_snapshot!("with_words", &text[from..]);
    assert_eq!(with.call.language, Some(Language::Ja));
    assert_eq!(with.coverage.transcribed_ms, Some(300_000 - 500 + 84_000 + 400));
    assert_eq!(with.silences[0].after_question, Some(true));
    assert_eq!(with.backchannels[0].text.as_deref(), Some("はい"));
    insta::assert_snapshot!("markdown_with_words", with.markdown(Language::Ja));
    let page = with.page(Language::Ja);
    assert!(page.contains("&lt;b&gt;来週&lt;/b&gt;") && !page.contains("<b>"));
}

#[test]
fn words_that_are_not_kept_leave_their_figures_alone() {
    let strip = |(at, event)| match event {
        Event::Heard(heard) => (at, Event::Heard(heard.without_words())),
        other => (at, other),
    };
    let bare: Vec<_> = journal_with_words().into_iter().map(strip).collect();
    let (kept, without) = (
        Summary::from_journal(&info(), &journal_with_words(), Language::Ja),
        Summary::from_journal(&info(), &bare, Language::Ja),
    );
    assert_eq!((&without.questions, without.pace), (&kept.questions, kept.pace));
    assert_eq!(without.hesitations.len(), kept.hesitations.len());
    for text in [without.json().unwrap(), without.markdown(Language::Ja), without.page(Language::Ja)] {
        // What fillers are is no word of this call.
        let text = text.replace("（えーと、あのー）", "");
        for needle in ["来週", "えーと", "はい", "なんとか", "utterances"] {
            assert!(!text.contains(needle), "{needle} in {text}");
        }
    }
}

#[test]
fn what_is_saved_of_a_call_is_the_managers_own_side_of_it() {
    let mut events = journal_with_words();
    let ended = events.pop();
    let interruption = |by, second: u64, outcome| {
        let (at, overlap) = (SampleTime::from_ms(second * 1_000), Samples::from_ms(700));
        (at, Event::Turn(TurnEvent::Interruption { by, at, overlap, outcome }))
    };
    let (me, them) = (Track::Me, Track::Them);
    let span = Span::from_ms(500_000, 504_000);
    events.extend([
        interruption(me, 470, Outcome::Failed),
        interruption(me, 480, Outcome::Failed),
        interruption(them, 485, Outcome::Successful),
        (SampleTime::from_ms(504_200), Event::Turn(TurnEvent::Silence { span, after: them, broken_by: me })),
    ]);
    events.extend(ended);

    let figures = Summary::from_journal(&info(), &events, Language::En).figures;

    assert_eq!((figures.duration_ms, figures.talk_ms, figures.their_talk_ms), (600_000, 300_000, 150_000));
    assert_eq!((figures.monologues, figures.longest_turn_ms), (1, Some(300_000)));
    assert_eq!((figures.interruptions, figures.interruptions_failed), (1, 2), "theirs is not the manager's");
    assert_eq!((figures.silences, figures.nudges), (1, 1), "a silence after their speech is not the manager's");
    let questions = (figures.open_questions, figures.closed_questions, figures.progress_questions);
    assert_eq!((questions, figures.wait_ms), ((Some(1), Some(0), Some(0)), Some(6_000)));
    assert!((figures.share.unwrap() - 2.0 / 3.0).abs() < 0.001);

    let wordless = Summary::from_journal(&info(), &journal(), Language::En).figures;
    assert_eq!(
        (wordless.open_questions, wordless.regrabs, wordless.wait_ms),
        (None, None, None),
        "not known, not none"
    );
}

pub(in crate::report::summary) fn summary() -> Summary {
    Summary::from_journal(&info(), &journal(), Language::En)
}

pub(in crate::report::summary) fn with_words() -> Summary {
    Summary::from_journal(&info(), &journal_with_words(), Language::En)
}

/// Another purpose or target at this moment, in milliseconds.
pub(in crate::report::summary) fn aimed(at_ms: u64, before: (Mode, f64), after: (Mode, f64)) -> AimChange {
    AimChange { at_ms, mode: after.0, target: after.1, mode_before: before.0, target_before: before.1 }
}

/// A page as it is read: without what only sets its lines.
fn plain(page: &str) -> String {
    page.replace("<span class=\"clause\">", "").replace("<span>", "").replace("</span>", "").replace('\u{a0}', " ")
}

/// Calls before it, and everything that the manager alone has.
fn beside() -> (Summary, PriorCalls) {
    let mut call = with_words();
    call.perception = Some(Perception { share: 0.41 });
    call.agenda = vec![AgendaItem { text: "評価 <i>制度</i>".to_owned(), state: ItemState::Done }];
    call.check_in = Some(CheckInEntry { score: 4, words: "元気 <i>です</i>".to_owned() });
    let past = PriorCall {
        record: live_call("2026-03-18"),
        figures: Figures { share: Some(0.58), wait_ms: None, ..call.figures.clone() },
    };
    (call, PriorCalls { calls: vec![past; 7], ..PriorCalls::default() })
}

#[test]
fn the_json_is_a_contract() {
    insta::assert_snapshot!(summary().json().unwrap());
}

#[test]
fn how_late_a_live_call_was_shown_is_in_its_summary() {
    let time = |ms| Some(Samples::from_ms(ms));
    let mark = LatencyHistogram { counts: vec![0, 2, 1], median: time(90), p95: time(130), longest: time(130) };
    let mut journal = journal();
    journal.push((journal[0].0, Event::Latency(Latency { mark, ..Latency::default() })));
    let call = Summary::from_journal(&info(), &journal, Language::En);
    let json: serde_json::Value = serde_json::from_str(&call.json().unwrap()).unwrap();
    let mark = &json["latency"]["mark"];
    assert_eq!((&mark["count"], &mark["p95_ms"]), (&3.into(), &130.into()));
    assert_eq!(mark["steps"][1], serde_json::json!({ "up_to_ms": 100, "count": 2 }));
    assert_eq!(json["latency"]["text"]["median_ms"], serde_json::Value::Null);
    let page = plain(&call.page(Language::En));
    for words in ["How soon it was shown", "0.09 s", "Within 0.10 s (times)"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(call.page(Language::Ja).contains("0.15秒まで（回）"));
    assert!(!call.mirror(Language::En).contains("How soon"));
    let replayed = summary();
    assert!(!replayed.json().unwrap().contains("\"latency\"") && !replayed.page(Language::En).contains("How soon"));
}

#[test]
fn the_markdown_in_both_languages() {
    let summary = summary();
    insta::assert_snapshot!("markdown_en", summary.markdown(Language::En));
    insta::assert_snapshot!("markdown_ja", summary.markdown(Language::Ja));
}

#[test]
fn the_page_says_what_matters_first_in_both_languages() {
    let summary = summary();
    let (en, ja) = (plain(&summary.page(Language::En)), plain(&summary.page(Language::Ja)));
    assert!(en.contains("You did 67% of the talking (target 30%). Your longest turn took 5 min."));
    assert!(ja.contains("話した割合は67%（目標30%）、いちばん長い話は5分でした。"));
    assert!(en.contains("Your speakers leaked into the microphone for 3 min"));
    assert!(ja.contains("相手の音が2.5秒欠けました"));
    // How long it took is in the headline, and is not said twice.
    assert!(en.contains(">Your longest turn began at 0:10<") && ja.contains(">いちばん長い話は0:10からでした<"));
    assert!(en.contains("<html lang=\"en\">") && ja.contains("<html lang=\"ja\">"));
}

/// Tenths of a second say something of a short gap, and pretend to of a long one.
#[test]
fn a_long_gap_is_told_in_whole_seconds() {
    let mut call = summary();
    call.coverage.them.lost_ms = Some(15_000);
    assert!(
        plain(&call.page(Language::En)).contains("15 s of sound from their side was lost; that time has no figures.")
    );
    assert!(plain(&call.page(Language::Ja)).contains("相手の音が15秒欠けました"));
}

/// The headline has said the share and the target: the reason for a question instead of an explanation is not them again.
#[test]
fn the_headlines_figures_are_no_reason_for_the_thing_to_try() {
    let mut call = summary();
    call.monologues.clear();
    for turn in &mut call.turns {
        turn.end_ms = turn.end_ms.min(turn.start_ms + 20_000);
    }
    call.questions = None;
    let advice = Advice::for_summary(&call).expect("an advice");
    assert_eq!(advice.kind, advice::AdviceKind::Ask);
    let page = plain(&call.page(Language::En));
    assert_eq!(page.matches("of the talking (target").count(), 1);
    assert!(page.contains("The target comes with the purpose"));
}

#[test]
fn the_page_needs_nothing_from_outside_and_runs_nothing() {
    let page = summary().page(Language::En);
    for page in [page, summary().mirror(Language::Ja)] {
        for forbidden in ["http://", "https://", "javascript:", "src=", "@import", "url(", " style=", " onclick"] {
            assert!(!page.replace("http://www.w3.org/2000/svg", "").contains(forbidden), "{forbidden}");
        }
    }
}

#[test]
fn a_page_runs_its_own_style_and_script_alone() {
    use base64::Engine as _;
    use sha2::Digest as _;
    let page = summary().page(Language::En);
    for tag in ["style", "script"] {
        let [open, close] = [format!("<{tag}>"), format!("</{tag}>")];
        assert_eq!((page.matches(&format!("<{tag}")).count(), page.matches(&close).count()), (1, 1));
        let inside = page.split(&open).nth(1).unwrap().split(&close).next().unwrap();
        let hash = base64::prelude::BASE64_STANDARD.encode(sha2::Sha256::digest(inside));
        assert!(Summary::policy().contains(&format!("{tag}-src 'sha256-{hash}'")), "{tag}");
    }
    assert!(page.contains(&format!("content=\"{}\"", Summary::policy())));
}

#[test]
fn the_last_five_calls_stand_beside_this_one() {
    let (call, before) = beside();
    let page = call.page_with_prior_calls(Language::Ja, &before);
    assert!(page.contains("自分の直近5回と比べて"));
    assert!(page.contains("通話直後に感じた割合は41%、実際は67%でした。"));
    assert!(plain(&page).contains("話題1件を話しました"));
    let multiples = page.split("class=\"multiples\"").nth(1).unwrap();
    assert_eq!(multiples.matches("<th scope=\"row\">3/18</th>").count(), 4 * 5);
    assert!(!call.page(Language::Ja).contains("class=\"multiples\""), "a replay has no history");
}

#[test]
fn the_mirror_has_both_alike_and_nothing_of_the_managers_own() {
    let (call, before) = beside();
    let own = call.page_with_prior_calls(Language::Ja, &before);
    let body = |page: &str| page.split("</style>").nth(1).unwrap().split("<script>").next().unwrap().to_owned();
    let mirror = body(&call.mirror(Language::Ja));
    let advice = Advice::for_summary(&call).unwrap();
    let felt = "通話直後に感じた";
    for theirs in [
        advice.what.ja,
        "ひとことは",
        "相手の考えを聞く",
        felt,
        "元気",
        "制度",
        "来週",
        "（目標",
        "class=\"band\"",
        "自分",
        "相手の声",
    ] {
        assert!(!mirror.contains(theirs), "{theirs}");
    }
    for mine in [advice.what.ja, felt, "元気", "制度", "来週", "（目標", "class=\"band\""] {
        assert!(body(&own).contains(mine), "the manager's own page has {mine}");
    }
    assert!(mirror.contains("このページにあるもの") && mirror.contains("ないもの"));
    assert!(mirror.contains("マネージャー") && mirror.contains("佐藤 &lt;b&gt;*Ken*&lt;/b&gt;さん"));
    // Each figure of one side stands beside the other's.
    let rows = mirror.split("<tbody>").skip(1).flat_map(|body| body.split("<tr>").skip(1));
    assert!(rows.filter(|row| row.contains("scope=\"row\"")).all(|row| !row.contains("<td></td>")), "{mirror}");
}

#[test]
fn what_is_not_known_is_never_a_nought() {
    let page = plain(&summary().page(Language::En));
    assert!(page.contains("Questions were not counted: no words were recognised"));
    for absent in ["Questions</th>", "Spoke again within", "Repeated words", "Pace</th>"] {
        assert!(!page.contains(absent), "{absent}");
    }
    assert!(page.contains("<th scope=\"row\">Level of speech</th><td>–</td><td>–</td>"));
    assert!(page.contains("<th scope=\"row\">Fillers (not known without words)</th><td>–</td><td>–</td>"), "{page}");
    let page = plain(&summary().page(Language::Ja));
    assert!(page.contains("フィラー（言葉がないため分かりません）</th><td>–</td><td>–</td>"), "{page}");
    let bare = Summary::from_journal(&CallRecord { origin: Origin::Transcript, ..info() }, &journal(), Language::En)
        .page(Language::En);
    assert!(bare.contains("<th scope=\"row\">Fillers (not known without words)</th><td>–</td>"), "{bare}");
    assert!(!bare.contains("Level of speech") && bare.contains("These figures come from a transcript"));
}

#[test]
fn vowels_that_an_earlier_version_heard_still_count_in_its_calls() {
    let mut journal = journal();
    let ended = journal.pop();
    let span = Span::from_ms(20_000, 20_620);
    let pause = HeldVowel { span, f0_hz: 182.0, f0_spread: 0.4, change: 1.3 };
    journal.push((SampleTime::from_ms(320_000), Event::FilledPause { track: Track::Me, pause }));
    journal.extend(ended);
    let call = Summary::from_journal(&info(), &journal, Language::En);
    assert_eq!(call.rates.me.filled_pauses_per_min, Some(0.2));
    let first = &call.hesitations[0];
    assert_eq!((first.kind, first.start_ms, first.heard), (HesitationKind::FilledPause, 20_000, true));
}

#[test]
fn names_and_words_are_inert() {
    let (call, before) = beside();
    for page in [call.page_with_prior_calls(Language::Ja, &before), call.mirror(Language::En)] {
        assert!(!page.contains("<b>来") && !page.contains("<b>*") && !page.contains("<i>"));
    }
    let (page, markdown) = (summary().page(Language::En), summary().markdown(Language::En));
    assert!(page.contains("佐藤 &lt;b&gt;*Ken*&lt;/b&gt;") && !page.contains("<b>"));
    assert!(markdown.contains("佐藤 \\<b\\>\\*Ken\\*"));
}

#[test]
fn a_call_without_speech_says_what_to_do() {
    let silent = [(SampleTime::from_ms(60_000), Event::Ended { leak: Leak::default(), sound: SoundReport::default() })];
    let summary = Summary::from_journal(&CallRecord { with: None, ..info() }, &silent, Language::En);
    assert_eq!(summary.talk.me.share, None);
    assert_eq!(summary.talk.silence_ms, 60_000);
    assert!(summary.page(Language::En).contains("look at the sound check first"));
    assert!(summary.json().unwrap().contains("\"share\": null"));
}

#[test]
fn no_word_of_moods_or_grades() {
    let (summary, before) = beside();
    let text = |l| {
        let script = |page: String| page.split("<script>").next().unwrap().to_owned();
        script(summary.page_with_prior_calls(l, &before)) + &script(summary.mirror(l)) + &summary.markdown(l)
    };
    // What it says that it does not hold, and the other person's own words, are no words of ours.
    let denied = ["評価、本人の感想", "評価 &lt;i&gt;制度&lt;/i&gt;", "評価 \\<i\\>制度"];
    let texts =
        [Language::En, Language::Ja].map(text).map(|text| denied.iter().fold(text, |text, own| text.replace(own, "")));
    for word in crate::report::html::FORBIDDEN_WORDS {
        assert!(texts.iter().all(|text| !text.to_lowercase().contains(word)), "{word}");
    }
}

fn runs() -> impl Strategy<Value = Vec<Span>> {
    proptest::collection::vec((1_u64..50, 1_u64..50), 0..20).prop_map(|lengths| {
        let mut at = 0;
        let run = |(gap, length): (u64, u64)| {
            let start = at + gap;
            at = start + length;
            Span::from_ms(start * 100, at * 100)
        };
        lengths.into_iter().map(run).collect()
    })
}

proptest! {
    #[test]
    fn speech_and_silence_are_the_whole_call(me in runs(), them in runs()) {
        let run = |track| move |span: &Span| (span.end, Event::Turn(TurnEvent::Run { track, span: *span }));
        let mut journal: Vec<_> = me.iter().map(run(Track::Me)).chain(them.iter().map(run(Track::Them))).collect();
        journal.sort_by_key(|(at, _)| *at);
        let end = SampleTime::from_ms(500_000);
        journal.push((end, Event::Ended { leak: Leak::default(), sound: SoundReport::default() }));
        let summary = Summary::from_journal(&info(), &journal, Language::En);
        let spoken = summary.coverage.speech_ms - summary.talk.overlap_ms;
        prop_assert_eq!(spoken + summary.talk.silence_ms, 500_000);
        let both = (0..5_000).filter(|i| {
            let at = SampleTime::from_ms(i * 100);
            me.iter().any(|run| run.contains(at)) && them.iter().any(|run| run.contains(at))
        });
        prop_assert_eq!(both.count() as u64 * 100, summary.talk.overlap_ms);
    }
}

#[test]
fn a_topic_that_was_put_aside_has_no_tick() {
    let mut call = summary();
    let item = |text: &str, state| AgendaItem { text: text.to_owned(), state };
    call.agenda = vec![item("Goals", ItemState::Done), item("Salary", ItemState::Dropped)];
    assert!(call.markdown(Language::En).contains("- [x] Goals\n- [ ] Salary (not this time)\n"));
}

#[test]
fn a_recogniser_that_gave_nothing_leaves_the_words_unknown() {
    let mut events = journal();
    let ended = events.pop();
    let failed =
        |track, start, end| Heard { track, runs: vec![Span::from_ms(start, end)], transcription: Err(Missed::Failed) };
    events.extend([
        (SampleTime::from_ms(311_000), Event::Heard(failed(Track::Me, 10_000, 310_000))),
        (SampleTime::from_ms(467_000), Event::Heard(failed(Track::Them, 316_000, 466_000))),
    ]);
    events.extend(ended);
    let call = Summary::from_journal(&info(), &events, Language::En);
    assert_eq!(call.coverage.transcribed_ms, Some(0));
    assert_eq!((call.questions.as_ref(), call.rates.me.regrabs, call.rates.me.repetitions_per_min), (None, None, None));
    assert_eq!((call.figures.open_questions, call.figures.regrabs), (None, None));
    assert!(!call.page(Language::En).contains("You asked no questions"));
}
