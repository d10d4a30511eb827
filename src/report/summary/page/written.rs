//! What the manager wrote down, on their own page; on the server each line can be changed, and others added.

use maud::{Markup, html};

use crate::agenda::{Action, ItemState, MAX_ITEM_CHARS};
use crate::audio::Track;
use crate::report::html::{PageLocation, folded_list};
use crate::report::summary::page::sections::{SHOWN, moment_link};
use crate::report::summary::view::SummaryView;
use crate::report::summary::{NoteEntry, written};

/// What either is to do, and the notes with their moments; `location` is where they can be changed, if they can.
pub(super) fn written_down(view: &SummaryView<'_>, location: PageLocation<'_>) -> Markup {
    let notes = &view.summary.notes;
    let actions: Vec<Markup> =
        notes.iter().filter_map(|note| Some(item(view, note, note.action()?, location))).collect();
    let lines = notes.iter().filter(|note| note.action().is_none());
    let lines: Vec<Markup> = lines.map(|note| line(view, note, location)).collect();
    let can_change = location != PageLocation::File;
    html! {
        @if can_change || !notes.is_empty() {
            div.written id="written" {
                @if let Some(heading) = written::actions_heading(view) {
                    section { h2 { (heading) } div.agenda { (folded_list(&actions, SHOWN, view.language)) } }
                }
                @if !lines.is_empty() {
                    section { h2 { (written::notes_heading(view)) } (folded_list(&lines, SHOWN, view.language)) }
                }
                @if can_change { (add(view, location)) }
            }
        }
    }
}

/// Something to do, with a tick.
fn item(view: &SummaryView<'_>, note: &NoteEntry, action: Action, location: PageLocation<'_>) -> Markup {
    let sign = match action.state {
        ItemState::Done => "✓",
        ItemState::Dropped => "–",
        ItemState::Open => "○",
    };
    html! {
        li class=(action.state.name()) {
            @if location == PageLocation::File { span.sign aria-hidden="true" { (sign) } } @else {
                span.sign { (tick(view, note, action, sign, location)) }
            }
            " "
            span { (note.text) " " span.source { (written::says(view, note, action)) } (change(view, note, location)) }
        }
    }
}

fn line(view: &SummaryView<'_>, note: &NoteEntry, location: PageLocation<'_>) -> Markup {
    html! {
        li {
            @if let Some(at_ms) = note.at_ms { (moment_link(at_ms)) " " }
            span {
                (note.text)
                @if let Some(from) = written::origin(view, note) { " " span.source { (from) } }
                (change(view, note, location))
            }
        }
    }
}

/// A press that says that it is done, or that it is not.
fn tick(view: &SummaryView<'_>, note: &NoteEntry, action: Action, sign: &str, location: PageLocation<'_>) -> Markup {
    let (state, says) = match action.state {
        ItemState::Open => (ItemState::Done, view.pick("済みにする", "Mark as done")),
        ItemState::Done | ItemState::Dropped => (ItemState::Open, view.pick("未完了に戻す", "Mark as open")),
    };
    let label = view.pick(format!("{says}：{}", note.text), format!("{says}: {}", note.text));
    let inside = html! { button.link aria-label=(label) title=(says) { (sign) } };
    let (call, number) = (view.summary.call.id.as_str(), note.id.to_string());
    let fields = [
        ("call", call),
        ("note", number.as_str()),
        ("text", note.text.as_str()),
        ("kind", action.owner.into()),
        ("state", state.name()),
    ];
    location.form_with(view.language, "/note#written", &fields, &inside)
}

/// A fold in which a note is rewritten or removed.
fn change(view: &SummaryView<'_>, note: &NoteEntry, location: PageLocation<'_>) -> Markup {
    if location == PageLocation::File {
        return Markup::default();
    }
    let label = view.pick(format!("編集：{}", note.text), format!("Edit: {}", note.text));
    let state = |state: ItemState, words: &str| {
        let chosen = note.state.unwrap_or(ItemState::Open) == state;
        html! { option value=(state.name()) selected[chosen] { (words) } }
    };
    let inside = html! {
        (text_field(view.pick("内容", "Text"), Some(&note.text)))
        (kind_field(view, note.owner))
        @if note.action().is_some() {
            select name="state" aria-label=(view.pick("状態", "State")) {
                (state(ItemState::Open, view.pick("未完了", "open")))
                (state(ItemState::Done, view.pick("済み", "done")))
                (state(ItemState::Dropped, view.pick("取りやめ", "dropped")))
            }
        }
        button { (view.pick("保存", "Save")) }
        button name="remove" value="1" formnovalidate { (view.pick("削除", "Remove")) }
    };
    let (call, number) = (view.summary.call.id.as_str(), note.id.to_string());
    html! {
        " "
        details.edit {
            summary aria-label=(label) { (view.pick("編集", "Edit")) }
            (location.form_with(view.language, "/note#written", &[("call", call), ("note", &number)], &inside))
        }
    }
}

/// Where another is written.
fn add(view: &SummaryView<'_>, location: PageLocation<'_>) -> Markup {
    let inside = html! {
        (text_field(view.pick("メモ・やることを追加", "New note or action item"), None))
        (kind_field(view, None))
        button { (view.pick("追加", "Add")) }
    };
    let call = view.summary.call.id.as_str();
    html! {
        section.add {
            h3 id="note-new" { (view.pick("メモ・やることを追加", "New note or action item")) }
            (location.form_with(view.language, "/note#written", &[("call", call)], &inside))
        }
    }
}

fn text_field(label: &str, text: Option<&str>) -> Markup {
    html! { input name="text" value=[text] maxlength=(MAX_ITEM_CHARS) required autocomplete="off" aria-label=(label); }
}

fn kind_field(view: &SummaryView<'_>, owner: Option<Track>) -> Markup {
    let option = |kind: Option<Track>, words: &str| {
        let value: &str = kind.map_or("note", Into::into);
        html! { option value=(value) selected[kind == owner] { (words) } }
    };
    html! {
        select name="kind" aria-label=(view.pick("種類", "What it is")) {
            (option(None, view.pick("メモ", "Note")))
            (option(Some(Track::Me), view.pick("自分がやる", "You do it")))
            (option(Some(Track::Them), view.pick("相手がやる", "They do it")))
        }
    }
}
