//! What a summary says in words: shared by the Markdown and the page.

use crate::summary::words::{clock, length, percent, seconds};
use crate::summary::{Captured, Coverage, Doubt, Language, Pace, Stretch, Summary};

/// A figure with its name.
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) me: String,
    pub(super) them: String,
}

/// The title: what call it was.
pub(super) fn title(summary: &Summary, language: Language) -> String {
    match (&summary.call.with, language) {
        (Some(name), Language::Ja) => format!("{name}さんとの 1on1"),
        (Some(name), Language::En) => format!("1on1 with {name}"),
        (None, Language::Ja) => "1on1 のふりかえり".to_owned(),
        (None, Language::En) => "How the 1on1 went".to_owned(),
    }
}

/// When it was and how long.
pub(super) fn about(summary: &Summary, language: Language) -> String {
    let length = length(summary.call.duration_ms, language);
    let when = summary.call.started_at.as_deref().and_then(|at| at.get(..16)).map(|at| at.replace('T', " "));
    let mode = mode(summary, language);
    let from = match summary.echo {
        Some(_) => language.pick("録音", "Recording"),
        None => language.pick("文字起こし", "Transcript"),
    };
    match (when, language) {
        (Some(when), Language::Ja) => format!("{when} ・ 長さ {length} ・ {mode}"),
        (Some(when), Language::En) => format!("{when} · {length} long · {mode}"),
        (None, Language::Ja) => format!("{from}「{}」 ・ 長さ {length} ・ {mode}", summary.call.id),
        (None, Language::En) => format!("{from} “{}” · {length} long · {mode}", summary.call.id),
    }
}

/// The sentence that matters first.
pub(super) fn headline(summary: &Summary, language: Language) -> String {
    let target = percent(target(summary));
    let Some(share) = summary.talk.me.share.map(percent) else {
        return language
            .pick(
                "話し声が見つかりませんでした。マイクと再生音の設定を keicho doctor で確かめてください。",
                "No speech was heard. Check the microphone and the loopback with keicho doctor.",
            )
            .to_owned();
    };
    match (longest(summary, "me").map(|turn| length(turn.end_ms - turn.start_ms, language)), language) {
        (Some(longest), Language::Ja) => {
            format!("話した割合は {share}、目標は {target} でした。いちばん長い話は {longest}です。")
        }
        (Some(longest), Language::En) => {
            format!("You talked {share}; your target was {target}; your longest turn was {longest}.")
        }
        (None, Language::Ja) => format!("話した割合は {share}、目標は {target} でした。"),
        (None, Language::En) => format!("You talked {share}; your target was {target}."),
    }
}

/// What the manager took their share to be, where they said it.
pub(super) fn perception(summary: &Summary, language: Language) -> Option<String> {
    let (felt, share) = (percent(summary.perception?.share), percent(summary.talk.me.share?));
    Some(match language {
        Language::Ja => format!("通話の直後に感じた割合は {felt}、実際は {share} でした。"),
        Language::En => format!("Right after the call it felt like {felt}; it was {share}."),
    })
}

/// What makes a figure unsure, a sentence each.
pub(super) fn doubts(summary: &Summary, language: Language) -> Vec<String> {
    let mut doubts = Vec::new();
    let Some(echo) = &summary.echo else {
        let silent = language.pick(
            "文字起こしから計算しました。書き起こされなかった相づちや、話し声の重なりは入っていません。",
            "These figures come from a transcript: short signs of listening and overlaps that it leaves out are missing.",
        );
        return vec![silent.to_owned()];
    };
    if echo.detected {
        let time = length(echo.rejected_ms, language);
        doubts.push(match language {
            Language::Ja => format!("相手の声がスピーカーからマイクに {time}回り込みました。その分は除いてあります。"),
            Language::En => format!("Your speakers leaked into the microphone for {time}; that part was left out."),
        });
    }
    let mut lost = |of: Captured, ja: &str, en: &str| {
        if let Some(lost) = of.lost_ms.filter(|lost| *lost > 0) {
            let time = seconds(lost, language);
            doubts.push(match language {
                Language::Ja => format!("{ja}の音が {time} 欠けました。その間の数字はありません。"),
                Language::En => format!("{time} of {en} was lost; nothing is known of it."),
            });
        }
    };
    lost(summary.coverage.me, "マイク", "the microphone");
    lost(summary.coverage.them, "相手", "the other side");
    doubts.extend(unheard(&summary.coverage, language));
    let mut told = Vec::new();
    for doubt in &summary.confidence {
        let key = (doubt.reason, doubt.track);
        if !told.contains(&key) {
            told.push(key);
            doubts.extend(sounded(doubt, summary, language));
        }
    }
    doubts
}

/// What was wrong with the sound, and what that does to the figures; leaks, losses and missing text have their own
/// sentences.
fn sounded(doubt: &Doubt, summary: &Summary, language: Language) -> Option<String> {
    let mine = doubt.track == Some("me");
    let ja = if mine { "マイク" } else { "相手" };
    let en = if mine { "Your microphone" } else { "The other side's sound" };
    Some(match (doubt.reason, language) {
        ("choppy", _) => {
            let rate = summary.sound.as_ref().and_then(|sound| sound.holes_per_min).unwrap_or_default();
            match language {
                Language::Ja => format!("相手の声が 1 分に {rate:.0} 回途切れました。割り込みや間の数字は目安です。"),
                Language::En => format!(
                    "The other side's voice had {rate:.0} holes a minute, so interruptions and waits are about right only."
                ),
            }
        }
        ("clipping", Language::Ja) => format!("{ja}の音が大きすぎて割れました。話し方の数字は目安です。"),
        ("clipping", Language::En) => format!("{en} was too loud and clipped, so how it was said is about right only."),
        ("quiet", Language::Ja) => format!("{ja}の声が小さすぎました。聞き逃しがあるかもしれません。"),
        ("quiet", Language::En) => format!("{en} was very quiet, so some speech may be missing."),
        ("noisy", Language::Ja) => format!("{ja}に雑音が多くありました。数字は目安です（--vad silero をお試しください）。"),
        ("noisy", Language::En) => format!("{en} was noisy, so the figures are about right only; try --vad silero."),
        ("same_sound", Language::Ja) => {
            "マイクと再生音に同じ音が入っていました。どちらの声か分からないため、数字は当てになりません。".to_owned()
        }
        ("same_sound", Language::En) => {
            "Both tracks held the same sound, so whose voice it was cannot be told and the figures may be wrong altogether."
                .to_owned()
        }
        ("dead", Language::Ja) => format!("{ja}の音がまったく届かない時間がありました。その間の数字はありません。"),
        ("dead", Language::En) => format!("{en} was digitally silent for a while; nothing is known of that time."),
        _ => return None,
    })
}

/// Less of the speech than this was recognised: what text gives is then less than there was.
const RECOGNISED: f64 = 0.995;

fn unheard(coverage: &Coverage, language: Language) -> Option<String> {
    let part = coverage.transcribed_ms? as f64 / coverage.speech_ms.max(1) as f64;
    let part = (part < RECOGNISED).then(|| format!("{:.0} %", (part * 100.0).floor()))?;
    Some(match language {
        Language::Ja => format!("文字にできた話は {part} です。フィラーや質問の数は、実際より少なく出ています。"),
        Language::En => {
            format!("Only {part} of the speech was recognised, so fillers and questions are counted too few.")
        }
    })
}

/// The figures of both sides.
pub(super) fn rows(summary: &Summary, language: Language) -> Vec<Row> {
    let sure = |figure: &str, value: String| match gravest(summary, figure) {
        None => value,
        Some("low") => format!("{value} (?)"),
        Some(_) => format!("≈ {value}"),
    };
    let row = |figure, ja, en, me: String, them: String| Row {
        name: language.pick(ja, en),
        me: sure(figure, me),
        them: sure(figure, them),
    };
    let share = |share: Option<f64>| share.map_or_else(|| "–".to_owned(), percent);
    let count = |by: &str, of: &mut dyn Iterator<Item = &'static str>| of.filter(|who| *who == by).count().to_string();
    let interruptions = |by| {
        let own = || summary.interruptions.iter().filter(|one| one.by == by);
        match (own().count(), own().filter(|one| one.outcome == "successful").count()) {
            (0, _) => "0".to_owned(),
            (all, taken) => format!("{all} ({taken})"),
        }
    };
    let rate = |rate: Option<f64>| rate.map_or_else(|| "–".to_owned(), |rate| format!("{rate:.1}"));
    let backchannels = |by| count(by, &mut summary.backchannels.iter().map(|one| one.by));
    let longest =
        |track| longest(summary, track).map_or_else(|| "–".to_owned(), |turn| clock(turn.end_ms - turn.start_ms));
    let broken = |by| count(by, &mut summary.silences.iter().map(|one| one.broken_by));
    let talk = &summary.talk;
    let mut rows = vec![
        row(
            "talk",
            "話した割合（相づちを除く）",
            "Share of the talk (backchannels left out)",
            share(talk.me.share),
            share(talk.them.share),
        ),
        row("talk", "話した時間", "Talk time", clock(talk.me.speech_ms), clock(talk.them.speech_ms)),
        row("talk", "いちばん長い話", "Longest turn", longest("me"), longest("them")),
        row(
            "interruptions",
            "割り込み（話し手が替わったもの）",
            "Interruptions (that took the floor)",
            interruptions("me"),
            interruptions("them"),
        ),
        row("backchannels", "相づち", "Backchannels", backchannels("me"), backchannels("them")),
        row(
            "backchannels",
            "相手が話す 1 分あたりの相づち",
            "Backchannels a minute of the other's talk",
            rate(summary.rates.me.backchannels_per_min),
            rate(summary.rates.them.backchannels_per_min),
        ),
        row("silences", "沈黙を破った回数", "Silences broken", broken("me"), broken("them")),
    ];
    if let Some(patience) = summary.patience_ms {
        let median = seconds(patience.median, language);
        rows.push(row(
            "transfers",
            "相手の話のあと話し始めるまで（中央値）",
            "Patience (median)",
            median,
            "–".to_owned(),
        ));
    }
    if let Some(questions) = &summary.questions {
        let asked = |by| count(by, &mut questions.iter().map(|one| one.track));
        rows.push(row("questions", "質問", "Questions", asked("me"), asked("them")));
        let waited = |by| median(questions.iter().filter(|one| one.track == by).filter_map(|one| one.wait_ms));
        let waited = |by| waited(by).map_or_else(|| "–".to_owned(), |wait| seconds(wait, language));
        rows.push(row(
            "transfers",
            "質問のあとの間（中央値）",
            "Wait after a question (median)",
            waited("me"),
            waited("them"),
        ));
        let regrabbed = |by| count(by, &mut questions.iter().filter(|one| one.regrabbed).map(|one| one.track));
        rows.push(row(
            "questions",
            "3 秒待たずに話し出した",
            "Took a question back under 3 s",
            regrabbed("me"),
            regrabbed("them"),
        ));
        let chasing = |by| count(by, &mut questions.iter().filter(|one| one.kind == "progress").map(|one| one.track));
        rows.push(row(
            "questions",
            "進み具合を問う質問",
            "Questions that chase progress",
            chasing("me"),
            chasing("them"),
        ));
    }
    let hesitations = |kind: &'static str| {
        let of = |by| count(by, &mut summary.hesitations.iter().filter(|one| one.kind == kind).map(|one| one.track));
        (of("me"), of("them"))
    };
    let (mine, theirs) = hesitations("filled_pause");
    rows.push(row("hesitations", "フィラー（つなぎの言葉）", "Fillers (um, uh …)", mine, theirs));
    if summary.questions.is_some() {
        let (mine, theirs) = hesitations("repetition");
        rows.push(row("hesitations", "言い直し（くり返し）", "Words said twice", mine, theirs));
    }
    let (mine, theirs) = hesitations("pause");
    rows.push(row("hesitations", "話の途中の間（1 秒以上）", "Pauses inside a turn (1 s and longer)", mine, theirs));
    if summary.pace.me.is_some() || summary.pace.them.is_some() {
        let pace = |pace: Option<Pace>| pace.map_or_else(|| "–".to_owned(), |pace| spoken(pace, language));
        rows.push(row("pace", "話す速さ", "Pace", pace(summary.pace.me), pace(summary.pace.them)));
    }
    rows
}

/// How unsure a figure is at the worst.
fn gravest(summary: &Summary, figure: &str) -> Option<&'static str> {
    let doubts = summary.confidence.iter().filter(|doubt| doubt.figure == figure).map(|doubt| doubt.confidence);
    doubts.min()
}

/// What is neither side's alone, a sentence each.
pub(super) fn together(summary: &Summary, language: Language) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(shape) = summary.shape {
        let words = match shape {
            "dominating" => {
                language.pick("ほとんどの時間、一方が話を引っぱりました。", "One side led most of the call.")
            }
            "alternating" => {
                language.pick("話を引っぱる側が途中で入れ替わりました。", "First one side led, then the other.")
            }
            "back_and_forth" => language.pick("話は行き来していました。", "The talk went back and forth."),
            _ => language.pick("話の分かれ方は時間によってまちまちでした。", "How the talk was shared varied."),
        };
        found.push(words.to_owned());
    }
    if let Some(switches) = summary.switches_per_min.filter(|switches| *switches > 0.0) {
        found.push(match language {
            Language::Ja => format!("話し手は 1 分に {switches:.1} 回替わりました。"),
            Language::En => format!("The floor changed hands {switches:.1} times a minute."),
        });
    }
    if !summary.long_overlaps.is_empty() {
        let count = summary.long_overlaps.len();
        found.push(match language {
            Language::Ja => format!("1 秒以上の声の重なりが {count} 回ありました。"),
            Language::En if count == 1 => "You both spoke at the same time for a second or longer once.".to_owned(),
            Language::En => format!("You both spoke at the same time for a second or longer {count} times."),
        });
    }
    found
}

/// A half minute that is worth telling: a fifth over the own pace.
const FASTER: f64 = 1.2;

/// How fast somebody spoke, in the unit of their language.
fn spoken(pace: Pace, language: Language) -> String {
    let morae = pace.mora_per_s.map(|rate| format!("{rate:.1} {}", language.pick("モーラ/秒", "morae/s")));
    let words = pace.words_per_min.map(|rate| format!("{rate:.0} {}", language.pick("語/分", "words/min")));
    let fastest = pace.fastest.filter(|part| *part >= FASTER).map(|part| {
        let more = ((part - 1.0) * 100.0).round();
        match language {
            Language::Ja => format!("速いときはふだんより {more:.0} % 速め"),
            Language::En => format!("at times {more:.0} % over the usual"),
        }
    });
    morae.into_iter().chain(words).chain(fastest).collect::<Vec<_>>().join(language.pick("・", " · "))
}

/// The middle of the values; of two middle ones the lower.
fn median(values: impl Iterator<Item = u64>) -> Option<u64> {
    let mut values: Vec<_> = values.collect();
    values.sort_unstable();
    values.get(values.len().saturating_sub(1) / 2).copied()
}

/// The heading of the transcript.
pub(super) fn transcript(language: Language) -> &'static str {
    language.pick("話したこと（機械による書き起こし）", "What was said (as a machine heard it)")
}

/// The heading of the timeline: a sentence that says what it shows.
pub(super) fn timeline(summary: &Summary, language: Language) -> String {
    match (longest(summary, "me"), language) {
        (Some(turn), Language::Ja) => {
            let (at, length) = (clock(turn.start_ms), length(turn.end_ms - turn.start_ms, language));
            format!("いちばん長く話したのは {at} からの {length}です")
        }
        (Some(turn), Language::En) => {
            let (at, length) = (clock(turn.start_ms), length(turn.end_ms - turn.start_ms, language));
            format!("You held the floor longest at {at}, for {length}")
        }
        (None, language) => language.pick("話の流れ", "Who spoke when").to_owned(),
    }
}

/// The heading of the share over time.
pub(super) fn over_time(summary: &Summary, language: Language) -> String {
    let target = percent(target(summary));
    match language {
        Language::Ja => format!("話した割合の移り変わり（帯は目標 {target} まで）"),
        Language::En => format!("Your share over time (the band ends at your target, {target})"),
    }
}

/// The longest turn of a track.
fn longest<'a>(summary: &'a Summary, track: &str) -> Option<&'a Stretch> {
    let all = summary.turns.iter().chain(&summary.monologues);
    all.filter(|turn| turn.track == track).max_by_key(|turn| turn.end_ms - turn.start_ms)
}

/// The manager's target share, 0 to 1.
pub(super) fn target(summary: &Summary) -> f64 {
    summary.call.target
}

fn mode(summary: &Summary, language: Language) -> &'static str {
    match summary.call.mode {
        "coaching" => language.pick("コーチング", "coaching"),
        "feedback" => language.pick("フィードバック", "feedback"),
        "teaching" => language.pick("教える", "teaching"),
        _ => language.pick("聴く", "listening"),
    }
}
