//! What the other person is asked on the shared summary, and where the manager puts the answer that comes back.
//!
//! The shared summary has no network: it asks, shows the figures, and makes a line of text that they may send back.

use maud::{Markup, html};

use crate::audio::Track;
use crate::dates::{self, date};
use crate::records::Origin;
use crate::report::html::PageLocation;
use crate::report::summary::sentences;
use crate::report::summary::view::SummaryView;

/// Whether an answer to this call can be kept: a recording leaves nothing in the records, and one without a share has
/// nothing to guess.
fn is_asked(view: &SummaryView<'_>) -> bool {
    view.summary.call.source == Origin::Live && sentences::too_little(view).is_none()
}

/// The question before the figures of the shared summary; its script shows it, and without one the page is whole.
pub(super) fn question(view: &SummaryView<'_>) -> Markup {
    let Some(share) = sentences::share(view).filter(|_| is_asked(view)) else { return Markup::default() };
    let head = view.pick(
        "マネージャーが話した割合は、どのくらいだったと思いますか？",
        "How much of the talking do you think the manager did?",
    );
    html! {
        section.guess hidden data-share=(share) {
            h2 id="guess-head" { (head) }
            p.note { (view.pick("数字を見る前に、感じたままでどうぞ。", "Go by how it felt, before you see any figure.")) }
            p.slide {
                input type="range" id="guess" min="0" max="100" step="1" value="50" aria-labelledby="guess-head";
                span.guessed aria-hidden="true" { "–" }
            }
            p.ends aria-hidden="true" {
                @for track in [Track::Them, Track::Me] {
                    @let who = view.track_name(track);
                    span { (view.pick(format!("ほとんど{who}"), format!("mostly {who}"))) }
                }
            }
            p.row {
                button type="button" data-do="show" disabled { (view.pick("結果を見る", "Show the figures")) }
                button.link type="button" data-do="skip" { (view.pick("答えずに見る", "Skip")) }
            }
        }
    }
}

/// What they thought beside what it was, what they would like next time, and the line to send back.
pub(super) fn reply(view: &SummaryView<'_>) -> Markup {
    if !is_asked(view) {
        return Markup::default();
    }
    let thought = view.pick("感じた割合は{guess}%、実際は{share}でした。", "You thought {guess}%; it was {share}.");
    // The line is read by a person first.
    let day = view.summary.call.started_at.as_deref().and_then(date).map(|day| dates::day(day, view.language));
    let opening = match day {
        Some(day) => view.pick(format!("{day}の1on1について："), format!("About our 1on1 of {day}: ")),
        None => view.pick("1on1について：", "About our 1on1: ").to_owned(),
    };
    let guess =
        view.pick("話された割合は{guess}%くらいだと感じました。", "I think you did about {guess}% of the talking. ");
    let next = view.pick("次は{next}%までだとうれしいです。", "Next time I’d like it to be up to {next}%. ");
    html! {
        section.reply hidden data-call=(view.summary.call.id) data-opening=(opening)
            data-guess=(guess) data-next=(next) {
            p.thought data-words=(thought) {}
            h2 { (view.pick("次の1on1への希望", "What you would like next time")) }
            p {
                label for="their-target" {
                    (view.pick("マネージャーが話す割合は、ここまで：", "The manager does at most this much of the talking:"))
                }
                " "
                span.percent { input id="their-target" type="number" inputmode="numeric" min="10" max="90" step="1"; " %" }
            }
            div.back hidden {
                p {
                    label for="their-answer" {
                        (view.pick(
                            "よければ、この1行をマネージャーに送ってください。ここからは何も送られません。",
                            "If you like, send this line to the manager. Nothing is sent from here.",
                        ))
                    }
                }
                p.row {
                    textarea id="their-answer" rows="3" readonly {}
                    button type="button" data-do="copy"
                        data-done=(view.pick("コピーしました", "Copied"))
                        data-by-hand=(view.pick("選択しました。コピーしてください。", "Selected. Copy it with Ctrl+C or ⌘C.")) {
                        (view.pick("コピー", "Copy"))
                    }
                }
            }
        }
    }
}

/// Where the line that came back is pasted; on the server alone.
pub(super) fn form(view: &SummaryView<'_>, location: PageLocation<'_>) -> Markup {
    if location == PageLocation::File || !is_asked(view) {
        return Markup::default();
    }
    let them = view.summary.call.with.as_ref().map(|_| view.track_heading(Track::Them));
    let them = them.unwrap_or_else(|| view.pick("相手", "Them").to_owned());
    let inside = html! {
        label {
            (view.pick(format!("{them}から届いた回答の1行 "), "The line they sent back ".to_owned()))
            input name="text" maxlength="400" required autocomplete="off" placeholder="[Keicho … ]";
        }
        button { (view.pick("追加", "Add")) }
    };
    html! {
        div.record {
            (location.form_with(view.language, "/answer", &[("call", &view.summary.call.id)], &inside))
            p.note {
                (view.pick(
                    "共有用のまとめを渡すと、相手も割合を当て、次の希望を書けます。その1行をここに入れます。",
                    "Whoever gets the shared summary can guess the share too and say what they would like next time; the line that they send back goes here.",
                ))
            }
        }
    }
}
