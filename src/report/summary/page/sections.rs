//! The sections of a page. Each heading is a sentence that says what is shown, and carries a mark where the figure is
//! unsure.

use crate::agenda::ItemState;
use crate::audio::Track;
use crate::dates::{date, short_day};
use crate::health::confidence::FigureGroup;
use crate::report::html::text::{clock, escape, length, percent, seconds, typeset};
use crate::report::html::{PageLink, PageLocation};
use crate::report::summary::page::tables;
use crate::report::summary::plot::{self, Series};
use crate::report::summary::view::SummaryView;
use crate::report::summary::{AgendaItem, PriorCall, PriorCalls, confidence_notes, derived, sentences};
use crate::wire::track_name;

/// So many items of a list are shown at once.
const SHOWN: usize = 5;

/// A heading, or a paragraph in its place, with the marks of its figure's doubts.
pub(super) fn heading(tag: &str, class: &str, words: &str, view: &SummaryView<'_>, figure: FigureGroup) -> String {
    let marks = confidence_marks(view, figure);
    let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
    format!("<{tag}{class}>{}</{tag}>\n", typeset(words, &marks))
}

/// `≈ 1`: about right only, and where it is said why.
pub(super) fn confidence_marks(view: &SummaryView<'_>, figure: FigureGroup) -> String {
    let notes = confidence_notes::notes(view);
    let numbers = confidence_notes::note_numbers(view, &notes, figure);
    let links: Vec<String> = numbers
        .iter()
        .map(|number| {
            let says = view.pick(format!("目安です。注 {number}"), format!("about right only, note {number}"));
            format!("<a class=\"unsure\" href=\"#note-{number}\" aria-label=\"{says}\">≈{number}</a>")
        })
        .collect();
    links.concat()
}

/// The timeline and the share on one axis of time.
pub(super) fn time_plots(view: &SummaryView<'_>) -> String {
    let key: String = plot::legend_marks(view)
        .into_iter()
        .map(|mark| format!("<li>{}{}</li>\n", plot::swatch(mark), mark.name(view)))
        .collect();
    let words = |ja: &'static str, en: &'static str| view.pick(ja, en);
    let button = |what: &str, sign: &str, says: &str| {
        let says = if says.is_empty() { String::new() } else { format!(" aria-label=\"{says}\" title=\"{says}\"") };
        format!("<button type=\"button\" data-do=\"{what}\"{says}>{sign}</button>\n")
    };
    let controls = [
        button("in", "＋", words("拡大", "Zoom in")),
        button("out", "−", words("縮小", "Zoom out")),
        button("all", words("全体を表示", "Show all"), ""),
    ];
    format!(
        "<div class=\"times\" data-duration=\"{duration}\" data-share=\"{share}\" data-none=\"{none}\" \
         aria-label=\"{label}\">\n<section>\n{timeline}{plot}<ul class=\"key\">\n{key}</ul>\n{turns}</section>\n\
         <section>\n{over_time}{share_plot}<p class=\"note\">{note}</p>\n{shares}</section>\n\
         <div class=\"controls\" hidden>\n<p class=\"readout\" aria-hidden=\"true\">{hint}</p>\n{controls}</div>\n\
         </div>\n",
        duration = view.summary.call.duration_ms,
        share = escape(&view.pick(
            format!("直近の割合（{}）", view.track_name(Track::Me)),
            format!("recent share ({})", view.track_name(Track::Me))
        )),
        none = words("無音", "silent"),
        label = words("通話の時間軸", "The call in time"),
        timeline = heading("h2", "", &sentences::timeline(view), view, FigureGroup::Talk),
        plot = plot::timeline(view),
        turns = tables::turns(view),
        over_time = heading("h2", "", &sentences::share_over_time(view), view, FigureGroup::Talk),
        share_plot = plot::share_over_time(view),
        note = escape(&sentences::share_over_time_note(view)),
        shares = tables::share_over_time(view),
        controls = controls.concat(),
        hint = words(
            "なぞるか触れるとその時点の様子が読めます。矢印キーで移動、＋と−で拡大・縮小、0 で全体、ドラッグで左右に動かせます。",
            "Hover or tap to read a moment. Arrow keys move, + and − zoom, 0 shows all; drag to move along."
        ),
    )
}

/// Sections side by side, where there is room.
pub(super) fn grid(sections: &[String]) -> String {
    format!("<div class=\"grid\">\n{}</div>\n", sections.concat())
}

/// Sections one below the other, in the room of one; nothing where none has anything to say.
pub(super) fn stack(sections: &[String]) -> String {
    if sections.iter().all(String::is_empty) {
        return String::new();
    }
    format!("<div class=\"stack\">\n{}</div>\n", sections.concat())
}

/// The longest turns of both.
pub(super) fn longest(view: &SummaryView<'_>) -> String {
    if view.summary.turns.is_empty() && view.summary.monologues.is_empty() {
        return String::new();
    }
    section(
        "",
        &[
            heading("h2", "", &sentences::longest(view), view, FigureGroup::Talk),
            plot::longest(view),
            tables::longest(view),
        ],
    )
}

/// The manager's questions: the wait against the answer.
pub(super) fn waits(view: &SummaryView<'_>) -> String {
    let head = heading("h2", "", &sentences::waits(view), view, FigureGroup::Questions);
    let note = |ja, en| format!("<p class=\"note\">{}</p>\n", view.pick(ja, en));
    match derived::questions_with_wait(view.summary, Track::Me) {
        None => section(
            "",
            &[
                head,
                note(
                    "言葉を認識するモデルを用意すると（keicho models fetch base）、質問と、その答えまでの間が分かります。",
                    "With a model for words (keicho models fetch base), questions and the wait after each are known.",
                ),
            ],
        ),
        Some(waits) if waits.is_empty() => section("", &[head]),
        Some(waits) => {
            let key = note(
                "点は質問ひとつ、白抜きは自分から話し続けたもの。点線は 3 秒で、ここまで待つと答えが長くなります。",
                "A dot is a question; hollow where you spoke on. The dashed line is 3 s: from there on answers grow longer.",
            );
            section("", &[head, plot::waits(view, &waits), key, tables::waits(view, &waits)])
        }
    }
}

/// Interruptions with what came of them.
pub(super) fn interruptions(view: &SummaryView<'_>) -> String {
    let items = view.summary.interruptions.iter().map(|one| {
        let (who, what) = (view.track_subject(one.by), sentences::outcome(one.outcome, view.language));
        let both = seconds(one.overlap_ms, view.language);
        let words = view.pick(format!("{who}：{what}（重なり {both}）"), format!("{who} {what} ({both} of both)"));
        (one.at_ms, words)
    });
    section(
        "",
        &[
            heading("h2", "", &sentences::interruptions(view), view, FigureGroup::Interruptions),
            list(view, items.collect()),
        ],
    )
}

/// Silences, who broke them, and whether they followed a question.
pub(super) fn silences(view: &SummaryView<'_>) -> String {
    let items = view.summary.silences.iter().map(|one| {
        let (took, who) = (seconds(one.end_ms - one.start_ms, view.language), view.track_subject(one.broken_by));
        let asked = match one.after_question {
            Some(true) => view.pick("、質問のあと", ", after a question"),
            Some(false) | None => "",
        };
        (
            one.start_ms,
            view.pick(format!("{took}{asked}。次に話したのは{who}"), format!("{took}{asked}; then {who} spoke")),
        )
    });
    section(
        "",
        &[heading("h2", "", &sentences::silences(view), view, FigureGroup::Silences), list(view, items.collect())],
    )
}

/// A side's signs of listening over the call.
pub(super) fn backchannels(view: &SummaryView<'_>, track: Track) -> String {
    let head = heading("h2", "", &sentences::backchannels(view, track), view, FigureGroup::Backchannels);
    let known = derived::backchannels_over_time(view.summary, track).iter().any(|one| one.per_min.is_some());
    if !known {
        return section("", &[head]);
    }
    section("", &[head, plot::backchannels(view, track), tables::backchannels(view, track)])
}

/// What was shown to the manager in the call.
pub(super) fn nudges(view: &SummaryView<'_>) -> String {
    let nudges = &view.summary.nudges;
    if nudges.is_empty() {
        return String::new();
    }
    let head = view.pick(
        format!("通話中のささやきは {} 回でした", nudges.len()),
        match nudges.len() {
            1 => "One nudge was shown in the call".to_owned(),
            many => format!("{many} nudges were shown in the call"),
        },
    );
    let items = nudges.iter().map(|one| (one.at_ms, one.text.to_owned())).collect();
    section("", &[format!("<h2>{head}</h2>\n"), list(view, items)])
}

/// What the two wanted to talk about, and how the other said they were.
pub(super) fn agenda(view: &SummaryView<'_>) -> String {
    let mut parts = Vec::new();
    let agenda = &view.summary.agenda;
    if !agenda.is_empty() {
        let done = agenda.iter().filter(|item| item.state == ItemState::Done).count();
        let all = agenda.iter().filter(|item| item.state != ItemState::Dropped).count();
        let head = view.pick(
            format!("話すことの {all} 件のうち {done} 件を話しました"),
            format!("You talked about {done} of {all} things on the agenda"),
        );
        let item = |item: &AgendaItem| {
            let (sign, says) = match item.state {
                ItemState::Done => ("✓", view.pick("話した", "done")),
                ItemState::Dropped => ("–", view.pick("今回は見送り", "not this time")),
                ItemState::Open => ("○", view.pick("次へ", "still open")),
            };
            let (state, text) = (item.state.name(), escape(&item.text));
            format!(
                "<li class=\"{state}\"><span class=\"sign\" aria-hidden=\"true\">{sign}</span> <span>{text} \
                 <span class=\"source\">{says}</span></span></li>\n"
            )
        };
        let items = agenda.iter().map(item).collect();
        parts.push(format!("<h2>{head}</h2>\n<div class=\"agenda\">\n{}</div>\n", folded(view, items)));
    }
    if let Some(given) = &view.summary.check_in {
        let number = given.score;
        let words = match given.words.as_str() {
            "" => String::new(),
            words => view.pick(format!("「{words}」"), format!(" “{words}”")),
        };
        let said = view.pick(
            format!("調子をたずねると、5 段階で {number} と答えました。{words}"),
            format!("Asked how they were, they said {number} of 5.{words}"),
        );
        parts.push(format!("<p class=\"check-in\">{}</p>\n", escape(&said)));
    }
    if parts.is_empty() { String::new() } else { section("", &parts) }
}

/// All figures of both sides.
pub(super) fn figures(view: &SummaryView<'_>) -> String {
    let together: String =
        sentences::conversation_notes(view).iter().map(|sentence| format!("<p>{sentence}</p>\n")).collect();
    section(
        "figures",
        &[format!("<h2>{}</h2>\n", view.pick("数字で見る", "In figures")), tables::figures(view), together],
    )
}

/// A small plot's title, its values over the calls, how one is said, and the target where there is one.
type SmallMultiple<'a> = (&'a str, Vec<Option<f64>>, &'a dyn Fn(f64) -> String, Option<f64>);

/// The own figures of the last calls and of this one; never other people's.
pub(super) fn prior_calls(view: &SummaryView<'_>, before: &PriorCalls) -> String {
    let shown = before.shown();
    if shown.is_empty() {
        return String::new();
    }
    let this = PriorCall::from_summary(view.summary);
    let calls: Vec<&PriorCall> = shown.iter().chain([&this]).collect();
    let mut days: Vec<String> = shown
        .iter()
        .map(|past| {
            past.started_at.as_deref().and_then(date).map(|day| short_day(day, view.language)).unwrap_or_default()
        })
        .collect();
    days.push(view.pick("今回", "this call").to_owned());
    let ms = |value: Option<u64>| value.map(|ms| ms as f64);
    let in_seconds = |ms: f64| seconds(ms as u64, view.language);
    let in_minutes = |ms: f64| length(ms as u64, view.language);
    let a_minute = |rate: f64| format!("{rate:.1}");
    let multiples: [SmallMultiple<'_>; 4] = [
        (
            view.pick("話した割合", "Share of the talk"),
            calls.iter().map(|past| past.share).collect(),
            &percent,
            Some(derived::target(view.summary)),
        ),
        (
            view.pick("いちばん長い話", "Longest turn"),
            calls.iter().map(|past| ms(past.longest_ms)).collect(),
            &in_minutes,
            None,
        ),
        (
            view.pick("質問のあとの間（中央値）", "Wait after a question"),
            calls.iter().map(|past| ms(past.wait_ms)).collect(),
            &in_seconds,
            None,
        ),
        (
            view.pick("相手が話す 1 分あたりの相づち", "Signs of listening a minute"),
            calls.iter().map(|past| past.listening_per_min).collect(),
            &a_minute,
            None,
        ),
    ];
    let mut drawn = String::new();
    for (name, values, said, target) in &multiples {
        let series = Series { description: name, values, days: &days, format_value: *said, target: *target };
        drawn.push_str(&format!(
            "<section>\n<h3>{name}</h3>\n{}{}</section>\n",
            plot::small_multiple(&series),
            tables::prior_calls(name, values, &days, *said)
        ));
    }
    let count = shown.len();
    let head = view.pick(
        format!("自分の直近 {count} 回と比べて"),
        match count {
            1 => "Beside your own last call".to_owned(),
            many => format!("Beside your own last {many} calls"),
        },
    );
    section("before", &[format!("<h2>{head}</h2>\n"), format!("<div class=\"multiples\">\n{drawn}</div>\n")])
}

/// How the call sounded, and what that does to the figures.
pub(super) fn sound(view: &SummaryView<'_>) -> String {
    let notes = confidence_notes::notes(view);
    let head = match (view.summary.sound.is_some(), notes.is_empty()) {
        (true, true) => {
            view.pick("音は良く、数字に疑わしいところはありません", "The sound was good, and no figure is in doubt")
        }
        (true, false) => view.pick("≈ の付いた数字は目安です", "Figures with ≈ are about right only"),
        (false, _) => view.pick("音のない通話です", "There was no sound to measure"),
    };
    let notes: String = notes
        .iter()
        .enumerate()
        .map(|(place, note)| format!("<li id=\"note-{}\">{}</li>\n", place + 1, escape(&note.words)))
        .collect();
    let notes = if notes.is_empty() { notes } else { format!("<ol class=\"doubts\">\n{notes}</ol>\n") };
    let beside = format!("<div class=\"quality\">\n{notes}{}</div>\n", tables::sound(view));
    section("sound", &[format!("<h2>{head}</h2>\n"), beside])
}

/// What was said, where it is kept; folded, so that paper has the figures alone.
pub(super) fn transcript(view: &SummaryView<'_>) -> String {
    let Some(lines) = &view.summary.utterances else { return String::new() };
    let lines: String = lines
        .iter()
        .map(|line| {
            format!(
                "<p class=\"{}\"><span class=\"at\">{}</span> <span class=\"who\">{}</span> {}</p>\n",
                track_name(line.track),
                clock(line.start_ms),
                escape(&view.track_name(line.track)),
                escape(&line.text)
            )
        })
        .collect();
    let head = sentences::transcript(view.language);
    section("transcript", &[format!("<details>\n<summary><h2>{head}</h2></summary>\n{lines}</details>\n")])
}

/// The mirror's own first words: what is in it and what is not.
pub(super) fn mirror_contents(view: &SummaryView<'_>) -> String {
    let words = view.pick(
        [
            "このページにあるもの：だれがいつ話したか、その長さ、割り込み、相づち、沈黙、質問の数、話し方の数。どちらにも同じ数え方をしています。",
            "ないもの：話した言葉、助言、通話中のささやき、目標、評価、本人の感想や記録、これまでの通話との比較。",
            "数字はマネージャーのパソコンの中だけで計算されました。声は保存されず、どこにも送られていません。",
        ],
        [
            "In this page: who spoke when and for how long, interruptions, signs of listening, silences, how many questions, and counts of how things were said. Both sides are counted alike.",
            "Not in it: what was said, advice, nudges, targets, grades, either side’s own impressions or notes, and other calls.",
            "The figures were made on the manager’s computer alone. No sound was kept, and nothing was sent anywhere.",
        ],
    );
    let words: String = words.iter().map(|sentence| format!("<p>{sentence}</p>\n")).collect();
    section("contents", &[words])
}

/// What can be done with the call from the running server; nothing in a file.
pub(super) fn page_links(view: &SummaryView<'_>, place: PageLocation<'_>, on: &[PageLink<'_>]) -> String {
    if place == PageLocation::File {
        return String::new();
    }
    let says = view.pick(
        "相手に渡せる「鏡」は、同じ通話を二人それぞれ同じ数え方で見せるページです。助言や言葉は入りません。ファイルとして保存されるだけで、どこにも送られません。",
        "The mirror shows the same call to both of you, counted alike, without advice and without what was said. It is saved as a file; nothing is sent.",
    );
    section("offered", &[format!("<p class=\"note\">{says}</p>\n"), place.link_buttons(view.language, on)])
}

/// How the figures are counted, for whoever wonders.
pub(super) fn about_figures(view: &SummaryView<'_>) -> String {
    let words = view.pick(
        "割合は、話した時間 ÷ 両者の話した時間の合計です（相づちを除き、重なりは両方に、沈黙はどちらにも数えません）。割り込みは、相手が話している途中で 0.2 秒以上重なったもの、沈黙は 3 秒以上です。声から気持ちを読み取ることはしません。",
        "A share is one side’s talk ÷ the talk of both (backchannels left out; overlap counts for both, silence for neither). An interruption begins in the midst of the other’s talk and lasts 0.2 s or longer beside it; a silence lasts 3 s or longer. Nothing is read into a voice but who speaks, and when.",
    );
    format!("<footer>\n<p>{words}</p>\n</footer>\n")
}

fn section(class: &str, parts: &[String]) -> String {
    let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
    format!("<section{class}>\n{}</section>\n", parts.concat())
}

/// What happened, and when.
fn list(view: &SummaryView<'_>, items: Vec<(u64, String)>) -> String {
    let line = |(at, words): &(u64, String)| {
        format!("<li><span class=\"at\">{}</span> <span>{}</span></li>\n", clock(*at), escape(words))
    };
    folded(view, items.iter().map(line).collect())
}

/// The first few of a list; the rest is folded.
fn folded(view: &SummaryView<'_>, items: Vec<String>) -> String {
    let (first, rest) = items.split_at(items.len().min(SHOWN));
    if first.is_empty() {
        return String::new();
    }
    let mut out = format!("<ul>\n{}</ul>\n", first.concat());
    if !rest.is_empty() {
        let more = view.pick(format!("ほか {} 件", rest.len()), format!("{} more", rest.len()));
        out.push_str(&format!("<details>\n<summary>{more}</summary>\n<ul>\n{}</ul>\n</details>\n", rest.concat()));
    }
    out
}
