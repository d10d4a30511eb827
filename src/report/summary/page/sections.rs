//! The sections of a page. Each heading is a sentence that says what is shown, and carries a mark if the figure is
//! unsure. A section that has nothing to show is empty.

use maud::{Markup, html};

use crate::agenda::ItemState;
use crate::audio::Track;
use crate::health::confidence::{FigureGroup, WAITS};
use crate::records::Origin;
use crate::report::html::text::{clock, seconds, typeset};
use crate::report::html::{PageLink, PageLocation, folded_list};
use crate::report::summary::page::confidence_marks::confidence_marks;
use crate::report::summary::page::tables;
use crate::report::summary::view::SummaryView;
use crate::report::summary::{AgendaItem, confidence_notes, derived, highlights, plot, sentences};
use crate::wire::track_name;

/// A list shows this many items at once.
pub(super) const SHOWN: usize = 5;

/// A sentence as a heading has it, with the marks of its figure's doubts.
pub(super) fn marked(view: &SummaryView<'_>, words: &str, groups: &[FigureGroup]) -> Markup {
    typeset(words, confidence_marks(view, groups))
}

/// What stood out in the call; each moment leads into the timeline.
pub(super) fn highlights(view: &SummaryView<'_>) -> Markup {
    let found = highlights::highlights(view);
    html! {
        @if !found.is_empty() {
            section.highlights {
                h2 { (view.pick("目立ったこと", "What stood out")) }
                ul {
                    @for one in &found {
                        li {
                            @if let Some(at_ms) = one.at_ms { (moment_link(at_ms)) } @else { span.at {} } " "
                            span { (marked(view, &one.words, one.groups)) }
                        }
                    }
                }
            }
        }
    }
}

/// All that is there to look up; folded on a screen, and open on paper.
pub(super) fn rest(view: &SummaryView<'_>, inside: &Markup) -> Markup {
    html! {
        details.rest { summary { (view.pick("すべての数字とグラフ", "All figures and plots")) } (inside) }
    }
}

/// The longest turns of both.
pub(super) fn longest(view: &SummaryView<'_>) -> Markup {
    html! {
        @if !view.summary.turns.is_empty() || !view.summary.monologues.is_empty() {
            section {
                (heading(view, &sentences::longest(view), &[FigureGroup::Talk]))
                (plot::longest(view))
                (tables::longest(view))
            }
        }
    }
}

/// The manager's questions: the wait against the answer.
pub(super) fn waits(view: &SummaryView<'_>) -> Markup {
    let waits = derived::questions_with_wait(view.summary, Track::Me);
    let without_words = view.pick(
        "言葉を使えるようにすると、質問と、そのあとの間が分かります。",
        "With words set up, questions and the wait after each are known.",
    );
    let key = view.pick(
        "点は質問、白抜きは自分が先に話した質問。点線は3秒です。",
        "A dot is a question, hollow where you spoke first. The dashed line is at 3\u{a0}s.",
    );
    html! {
        section {
            (heading(view, &sentences::waits(view), WAITS))
            @match waits {
                None => p.note { (without_words) },
                Some(waits) if waits.is_empty() => {},
                Some(waits) => { (plot::waits(view, &waits)) p.note { (key) } (tables::waits(view, &waits)) },
            }
        }
    }
}

/// Interruptions with what came of them.
pub(super) fn interruptions(view: &SummaryView<'_>) -> Markup {
    let items = view.summary.interruptions.iter().map(|one| {
        let (what, both) = (sentences::interruption(view, one.by, one.outcome), seconds(one.overlap_ms, view.language));
        moment(one.at_ms, &view.pick(format!("{what}（重なり{both}）"), format!("{what} ({both} together)")))
    });
    listed(view, &sentences::interruptions(view), FigureGroup::Interruptions, items)
}

/// Silences, who broke them, and whether they followed a question.
pub(super) fn silences(view: &SummaryView<'_>) -> Markup {
    let items = view.summary.silences.iter().map(|one| {
        let (took, who) = (seconds(one.end_ms - one.start_ms, view.language), view.track_subject(one.broken_by));
        let asked = match one.after_question {
            Some(true) => view.pick("、質問のあと", ", after a question"),
            Some(false) | None => "",
        };
        let words =
            view.pick(format!("{took}{asked}。次に話したのは{who}"), format!("{took}{asked}; then {who} spoke"));
        moment(one.start_ms, &words)
    });
    listed(view, &sentences::silences(view), FigureGroup::Silences, items)
}

/// A side's signs of listening over the call.
pub(super) fn backchannels(view: &SummaryView<'_>, track: Track) -> Markup {
    let known = derived::backchannels_over_time(view.summary, track).iter().any(|one| one.per_min.is_some());
    html! {
        section {
            (heading(view, &sentences::backchannels(view, track), &[FigureGroup::Backchannels]))
            @if known { (plot::backchannels(view, track)) (tables::backchannels(view, track)) }
        }
    }
}

/// What was shown to the manager in the call.
pub(super) fn nudges(view: &SummaryView<'_>) -> Markup {
    let nudges = &view.summary.nudges;
    let items: Vec<Markup> = nudges.iter().map(|one| moment(one.at_ms, one.words.pick(view.language))).collect();
    html! {
        @if !items.is_empty() {
            section {
                h2 { (sentences::nudges(nudges.len(), view.language)) }
                @if let Some(words) = sentences::followed(view) { p.note { (words) } }
                (folded_list(&items, SHOWN, view.language))
            }
        }
    }
}

/// What the two wanted to talk about, and how the other said they were.
pub(super) fn agenda(view: &SummaryView<'_>) -> Markup {
    let (agenda, check_in) = (&view.summary.agenda, &view.summary.check_in);
    let item = |AgendaItem { text, state }: &AgendaItem| {
        let (sign, says) = match state {
            ItemState::Done => ("✓", view.pick("話した", "covered")),
            ItemState::Dropped => ("–", view.pick("見送り", "not this time")),
            ItemState::Open => ("○", view.pick("持ち越し", "carried over")),
        };
        html! {
            li class=(state.name()) {
                span.sign aria-hidden="true" { (sign) } " " span { (text) " " span.source { (says) } }
            }
        }
    };
    let items: Vec<Markup> = agenda.iter().map(item).collect();
    html! {
        @if !agenda.is_empty() || check_in.is_some() {
            section {
                @if !agenda.is_empty() {
                    h2 { (sentences::agenda(view)) }
                    div.agenda { (folded_list(&items, SHOWN, view.language)) }
                }
                @if let Some(given) = check_in { p.check-in { (sentences::check_in(given, view.language)) } }
            }
        }
    }
}

/// All figures of both sides.
pub(super) fn figures(view: &SummaryView<'_>) -> Markup {
    html! {
        section.figures {
            h2 { (view.pick("数字で見る", "In figures")) }
            (tables::figures(view))
            @for note in sentences::conversation_notes(view) { p { (marked(view, &note.words, note.groups)) } }
        }
    }
}

/// What makes figures unsure; nothing if they are sure.
pub(super) fn doubts(view: &SummaryView<'_>) -> Markup {
    let notes = confidence_notes::notes(view);
    html! {
        @if !notes.is_empty() {
            section {
                h2 { (view.pick("≈の付いた数字は目安です", "Figures with ≈ are approximate")) }
                ol.doubts { @for (note, number) in notes.iter().zip(1..) { li id={ "note-" (number) } { (note.words) } } }
            }
        }
    }
}

/// How the call sounded.
pub(super) fn sound(view: &SummaryView<'_>) -> Markup {
    let is_good = confidence_notes::notes(view).is_empty() && sentences::too_little(view).is_none();
    let head = match (view.summary.sound.is_some(), is_good) {
        (true, true) => view.pick("音は良好でした", "The sound was good"),
        (true, false) => view.pick("音", "Sound"),
        (false, _) => view.pick("音のない通話です", "There was no sound to measure"),
    };
    html! { section.sound { h2 { (head) } (tables::sound(view)) } }
}

/// How late the overlay was; nothing if the call was not live.
pub(super) fn latency(view: &SummaryView<'_>) -> Markup {
    html! {
        @if let Some(latency) = &view.summary.latency {
            section.latency {
                h2 { (view.pick("表示までの時間", "How soon it was shown")) }
                (tables::latency(view, latency))
                p.note {
                    (view.pick(
                        "話し始めから、言葉は話し終わりから数えます。話し手が替わったかは、相づちではないと分かるまで待ちます。",
                        "Counted from the start of the speech, words from its end. Who has the floor changes once it is clear that it was no sign of listening.",
                    ))
                }
            }
        }
    }
}

/// What was said, if it is kept; folded, so that paper has the figures alone.
pub(super) fn transcript(view: &SummaryView<'_>) -> Markup {
    html! {
        @if let Some(lines) = &view.summary.utterances {
            section.transcript {
                details {
                    summary { h2 { (sentences::transcript(view.language)) } }
                    @for line in lines {
                        p class=(track_name(line.track)) {
                            (moment_link(line.start_ms)) " "
                            span.who { (view.track_name(line.track)) } " "
                            (line.text)
                        }
                    }
                }
            }
        }
    }
}

/// The mirror's own first words: what is in it and what is not.
pub(super) fn mirror_contents(view: &SummaryView<'_>) -> Markup {
    // A recording holds sound, whoever made it.
    let from = match view.summary.call.source {
        Origin::Live => view.pick(
            "数字はマネージャーのパソコンの中だけで計算されました。声は保存されず、どこにも送られていません。",
            "The figures were made on the manager’s computer alone. No sound was kept, and nothing was sent anywhere.",
        ),
        _ => view.pick(
            "数字は録音か書き起こしから、マネージャーのパソコンの中だけで計算されました。どこにも送られていません。",
            "The figures were made from a recording or a transcript, on the manager’s computer alone. Nothing was sent anywhere.",
        ),
    };
    let words = view.pick(
        [
            "このページにあるもの：誰がいつ話したか、その長さ、割り込み、相づち、沈黙、質問の数、フィラーや間の回数。どちらにも同じ数え方をしています。",
            "ないもの：話した言葉、助言、通話中のひとこと、目標、点数、本人の感想や記録、これまでの通話との比較。",
            from,
        ],
        [
            "In this page: who spoke when and for how long, interruptions, signs of listening, silences, how many questions, fillers and pauses. Both sides are counted alike.",
            "Not in it: what was said, advice, nudges, targets, marks, either side’s own impressions or notes, and other calls.",
            from,
        ],
    );
    html! { section.contents { @for sentence in words { p { (sentence) } } } }
}

/// What can be done with the call from the running server; nothing in a file.
pub(super) fn page_links(view: &SummaryView<'_>, location: PageLocation<'_>, links: &[PageLink<'_>]) -> Markup {
    let says = view.pick(
        "共有用のまとめには、二人の数字が同じ数え方で入ります。助言と言葉は入りません。保存するだけで、送信はしません。",
        "The shared summary counts both of you alike, without advice or words. It is saved, not sent.",
    );
    html! {
        @if location != PageLocation::File {
            section.offered { p.note { (says) } (location.link_buttons(view.language, links)) }
        }
    }
}

/// Another person for the call, and deleting what is kept of it, on the server alone.
pub(super) fn record_forms(view: &SummaryView<'_>, location: PageLocation<'_>) -> Markup {
    let call = &view.summary.call;
    let assign = html! {
        label {
            (view.pick("この通話の相手 ", "This call was with "))
            input name="to" value=(call.with.as_deref().unwrap_or_default()) maxlength="80";
        }
        button { (view.pick("保存", "Save")) }
    };
    let delete = html! { button { (view.pick("この通話の記録を削除…", "Delete this call’s record…")) } };
    let form = |action, inside| location.form_with(view.language, action, &[("call", &call.id)], inside);
    html! { div.record { (form("/assign", &assign)) (form("/delete", &delete)) } }
}

/// How the figures are counted, for whoever wonders.
pub(super) fn about_figures(view: &SummaryView<'_>) -> Markup {
    let words = view.pick(
        "割合は、話した時間 ÷ 両者の話した時間の合計です（相づちを除き、重なりは両方に、沈黙はどちらにも数えません）。割り込みは、相手が話している途中で0.2秒以上重なったもの、沈黙は3秒以上です。声から気持ちを読み取ることはしません。",
        "A share is one side’s talk ÷ the talk of both (signs of listening left out; overlap counts for both, silence for neither). An interruption begins while the other is talking and lasts 0.2\u{a0}s or longer beside it; a silence lasts 3\u{a0}s or longer. Nothing is read into a voice but who speaks, and when.",
    );
    html! { footer { p { (words) } } }
}

/// A section's heading, with the marks of its figure's doubts.
pub(super) fn heading(view: &SummaryView<'_>, words: &str, groups: &[FigureGroup]) -> Markup {
    html! { h2 { (marked(view, words, groups)) } }
}

/// A section of a heading and a list.
fn listed(view: &SummaryView<'_>, head: &str, figure: FigureGroup, items: impl Iterator<Item = Markup>) -> Markup {
    let items: Vec<Markup> = items.collect();
    html! { section { (heading(view, head, &[figure])) (folded_list(&items, SHOWN, view.language)) } }
}

/// An item of a list: when it was, in milliseconds of the call, and what it was.
pub(super) fn moment(at_ms: u64, words: &str) -> Markup {
    html! { li { (moment_link(at_ms)) " " span { (words) } } }
}

/// A moment, in milliseconds of the call, as the way to its place in the timeline.
pub(super) fn moment_link(at_ms: u64) -> Markup {
    html! { a.at href="#timeline" data-at=(at_ms) { (clock(at_ms)) } }
}
