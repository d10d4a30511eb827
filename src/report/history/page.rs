//! `history.html`: one self-contained file. Everybody comes first, then each person; whoever is chosen is shown alone.

use maud::{Markup, html};

use crate::agenda::OpenAction;
use crate::dates;
use crate::language::Language;
use crate::people::{OpenItem, PastCheckIn};
use crate::report::history::plot::{self, TrendPlot};
use crate::report::history::trends::{self, HistoryFigure};
use crate::report::history::{Counterpart, History, sentences};
use crate::report::html::text::{addressed, clock, count, percent, quoted, seconds, typeset};
use crate::report::html::{Document, PageLink, PageLocation, base_style, folded_list, or_unknown, table};
use crate::store::{CallState, PastCall};

/// The look: what all pages share, and what is this one's own.
const STYLE: &str =
    concat!(base_style!(), include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/report/history/page.css")));

/// This many calls are listed at once; the rest is folded.
const CALLS_SHOWN: usize = 20;

/// This many check-ins or open items are listed at once; the rest is folded.
const ITEMS_SHOWN: usize = 8;

/// The id of the form that opens a call's summary.
const OPEN: &str = "open";

/// The content-security policy of the page.
pub(super) fn policy(location: PageLocation<'_>) -> String {
    crate::report::html::policy(STYLE, "", location)
}

/// The whole page. `link` gives the address of a call's summary, if it has one.
pub(super) fn render(
    history: &History,
    language: Language,
    location: PageLocation<'_>,
    link: &dyn Fn(&PastCall) -> Option<String>,
) -> String {
    let (history, left_out) = &history.counted();
    let title = sentences::title(history, language);
    let page = HistoryPage { history, language, location, link };
    let body = &html! {
        header { h1 { (title) } (page.back()) }
        (page.scopes())
        @if let Some(note) = sentences::left_out(*left_out, language) { p.note { (note) } }
        footer { p { (sentences::about_figures(language)) } }
        (location.form(OPEN, "/summary", language))
    };
    Document { language, location, title: &title, class: "history", style: STYLE, script: "", body }.render()
}

/// What a page is made with.
struct HistoryPage<'a> {
    history: &'a History,
    language: Language,
    location: PageLocation<'a>,
    link: &'a dyn Fn(&PastCall) -> Option<String>,
}

impl HistoryPage<'_> {
    fn pick<T>(&self, ja: T, en: T) -> T {
        self.language.pick(ja, en)
    }

    /// From one person to all.
    fn back(&self) -> Markup {
        let all = PageLink { action: "/history", field: None, label: self.pick("全員を見る", "Everybody") };
        html! { @if self.history.with.is_some() { (self.location.link_buttons(self.language, &[all])) } }
    }

    fn scopes(&self) -> Markup {
        let History { with, calls, people, .. } = self.history;
        html! {
            @if let (Some(_), Some(person)) = (with, people.first()) {
                (self.person(person, 1))
            } @else if calls.is_empty() && people.is_empty() {
                p.headline { (sentences::nothing(self.language)) }
            } @else {
                (self.choice())
                (self.everybody())
                @for (person, place) in people.iter().zip(1..) { (self.person(person, place)) }
            }
        }
    }

    /// Whose calls are shown: who was talked to last comes first.
    fn choice(&self) -> Markup {
        html! {
            nav aria-label=(self.pick("誰との1on1を見るか", "Whose 1on1s are shown")) {
                ul.people {
                    li { a href="#all" { (self.pick("全員", "Everybody")) } }
                    @for (Counterpart { person, .. }, place) in self.history.people.iter().zip(1..) {
                        li {
                            a href={ "#person-" (place) } { (person.name) }
                            @if let Some(days) = person.days { " " small { (dates::ago(days, self.language)) } }
                        }
                    }
                }
            }
        }
    }

    fn everybody(&self) -> Markup {
        let calls: Vec<&PastCall> = self.history.calls.iter().collect();
        html! {
            article.scope.first #all {
                h2 { (self.pick("全員", "Everybody")) }
                p.about { (sentences::period(&calls, self.language)) }
                (self.figures(&calls, "all", true))
            }
        }
    }

    fn person(&self, other: &Counterpart, place: usize) -> Markup {
        let name = &other.person.name;
        let theirs = |call: &&PastCall| call.record.with.as_deref() == Some(name);
        let calls: Vec<&PastCall> = self.history.calls.iter().filter(theirs).collect();
        let id = format!("person-{place}");
        html! {
            article.scope.first[self.history.with.is_some()] id=(id) {
                h2 { (addressed(name, self.language)) }
                p.about { (sentences::last_call(&other.person, self.language)) }
                (self.open_items(other))
                (self.open_actions(other))
                (self.check_ins(other))
                (self.figures(&calls, &id, false))
                (self.record_forms(name))
            }
        }
    }

    /// Another name, and deleting what is kept of somebody, on the server alone.
    fn record_forms(&self, name: &str) -> Markup {
        let rename = html! {
            label { (self.pick("名前の変更 ", "Change the name ")) input name="to" value=(name) maxlength="80" required; }
            button { (self.pick("保存", "Save")) }
        };
        let delete = html! { button { (self.pick("この人の記録を削除…", "Delete this person’s record…")) } };
        let form = |action, inside| self.location.form_with(self.language, action, &[("with", name)], inside);
        html! {
            @if self.location != PageLocation::File {
                div.record { (form("/rename", &rename)) (form("/delete", &delete)) }
            }
        }
    }

    fn open_items(&self, other: &Counterpart) -> Markup {
        let item = |item: &OpenItem| {
            let call = self.history.calls.iter().find(|call| call.record.id == item.call);
            let day = call.and_then(|call| self.day(call.record.started_at.as_deref()?));
            html! { li { (item.text) @if let Some(day) = day { " " span.source { (day) } } } }
        };
        let items: Vec<Markup> = other.items.iter().map(item).collect();
        self.list("open", &sentences::open_items(items.len(), self.language), &items)
    }

    fn open_actions(&self, other: &Counterpart) -> Markup {
        let item = |action: &OpenAction| {
            let owner = sentences::owner(action.owner, self.language);
            html! { li { (action.text) " " span.source { (owner) } } }
        };
        let items: Vec<Markup> = other.person.open_actions.iter().map(item).collect();
        self.list("open", &sentences::open_actions(items.len(), self.language), &items)
    }

    fn check_ins(&self, other: &Counterpart) -> Markup {
        let given = |given: &PastCheckIn| {
            let (score, words) = (given.check_in.score(), quoted(given.check_in.words(), self.language));
            html! {
                li {
                    span.source { (self.day(&given.started_at).unwrap_or_default()) } " "
                    (self.pick(format!("5段階の{score}{words}"), format!("{score} of 5{words}")))
                }
            }
        };
        let given: Vec<Markup> = other.check_ins.iter().map(given).collect();
        self.list("given", sentences::check_ins(self.language), &given)
    }

    /// A heading and a list; nothing if it would be empty.
    fn list(&self, class: &str, heading: &str, items: &[Markup]) -> Markup {
        html! {
            @if !items.is_empty() {
                section class=(class) { h3 { (heading) } (folded_list(items, ITEMS_SHOWN, self.language)) }
            }
        }
    }

    /// The plots, and the table that has the same figures.
    fn figures(&self, calls: &[&PastCall], id: &str, names: bool) -> Markup {
        let table = format!("calls-{id}");
        let trend = |figure, height, dates| {
            let says = sentences::heading(figure, trends::compare_last(calls, figure), self.language);
            let language = self.language;
            let plot = TrendPlot { figure, calls, description: &says, table: &table, height, dates, language };
            (typeset(&says, ""), plot.draw())
        };
        let measured = calls.iter().filter(|call| HistoryFigure::Share.value_in(call).is_some()).count();
        let felt = calls.iter().any(|call| trends::perceived_share(call).is_some());
        let notes = [
            sentences::progress_note(calls, self.language),
            sentences::perception_gap(calls, self.language),
            sentences::unmeasured(calls, self.language),
            sentences::unsure(calls, self.language).map(str::to_owned),
        ];
        // One mark alone shows nothing that its figure does not say.
        let plotted = measured != 1 || calls.len() > 1;
        html! {
            @if !calls.is_empty() {
                section.share {
                    @let (heading, plot) = trend(HistoryFigure::Share, 120.0, 5);
                    @if let Some(progress) = sentences::progress(calls, self.language) {
                        h3.headline { (typeset(&progress, "")) }
                        p { (heading) }
                    } @else {
                        h3.headline { (heading) }
                    }
                    @if plotted { (plot) (plot::legend(self.language, felt, measured)) }
                    @for note in notes.iter().flatten() { p.note { (note) } }
                }
                @if names && let Some(trial) = sentences::trial(calls, self.language) {
                    section.trial {
                        h3 { (typeset(&trial, "")) }
                        @if let Some(note) = sentences::trial_note(calls, self.language) { p.note { (note) } }
                    }
                }
                div.multiples {
                    @for figure in [HistoryFigure::Patience, HistoryFigure::CutIns, HistoryFigure::Longest] {
                        @let (heading, plot) = trend(figure, 64.0, 2);
                        section { h3 { (heading) } @if plotted { (plot) } }
                    }
                }
                (self.calls(calls, &table, names))
            }
        }
    }

    fn calls(&self, calls: &[&PastCall], id: &str, names: bool) -> Markup {
        let (first, rest) = calls.split_at(calls.len().min(CALLS_SHOWN));
        let heads = match self.language {
            Language::Ja => ["通話", "割合", "体感", "目標", "間", "割り込み", "最長"],
            Language::En => ["Call", "Share", "Thought", "Target", "Pause", "Interrupted", "Longest"],
        };
        let rows = |calls: &[&PastCall]| table(heads, calls.iter().map(|call| self.row(call, names)));
        html! {
            section.calls id=(id) {
                h3 { (sentences::calls(first.len(), calls.len(), self.language)) }
                (rows(first))
                @if !rest.is_empty() {
                    details { summary { (sentences::rest(rest.len(), self.language)) } (rows(rest)) }
                }
            }
        }
    }

    fn row(&self, call: &PastCall, names: bool) -> [Markup; 7] {
        let measured = |figure: HistoryFigure, write: &dyn Fn(f64) -> String| {
            let about = if figure.is_unsure_in(call) { "≈ " } else { "" };
            or_unknown(figure.value_in(call), |value| format!("{about}{}", write(value)))
        };
        let [share, felt, target, patience, cut_ins, longest] = [
            measured(HistoryFigure::Share, &percent),
            or_unknown(trends::perceived_share(call), percent),
            percent(call.record.target),
            measured(HistoryFigure::Patience, &|ms| seconds(ms as u64, self.language)),
            measured(HistoryFigure::CutIns, &|times| count(times as usize)),
            measured(HistoryFigure::Longest, &|ms| clock(ms as u64)),
        ]
        .map(|cell| html! { (cell) });
        let call = html! { (self.call_link(call)) " " small { (self.call_header(call, names)) } };
        [call, share, felt, target, patience, cut_ins, longest]
    }

    /// When a call was, as the way to its summary if there is one.
    fn call_link(&self, call: &PastCall) -> Markup {
        let day = call.record.started_at.as_deref().and_then(|at| self.day(at));
        let day = day.unwrap_or_else(|| call.record.id.clone());
        match ((self.link)(call), self.location, call.state) {
            (Some(link), ..) => html! { a href=(link) { (day) } },
            (None, PageLocation::Server { .. }, CallState::Ended { .. }) => {
                html! { button.link form=(OPEN) name="call" value=(call.record.id) { (day) } }
            }
            _ => html! { (day) },
        }
    }

    /// What stands under a call's day: its time, with whom it was if `names`, how long it was, and if it was cut off.
    fn call_header(&self, call: &PastCall, names: bool) -> String {
        let length = call.figures.as_ref().map(|figures| clock(figures.duration_ms));
        let (length, state) = match call.state {
            CallState::Running => (None, Some(self.pick("通話中", "in progress"))),
            CallState::CutOff => (None, Some(self.pick("途中で終了", "was cut off"))),
            CallState::Ended { cut_off } => (length, cut_off.then(|| self.pick("途中まで", "cut off"))),
        };
        let time = call.record.started_at.as_deref().and_then(dates::time);
        let parts = [time, call.record.with.clone().filter(|_| names), length, state.map(str::to_owned)];
        parts.into_iter().flatten().collect::<Vec<_>>().join(self.pick("・", " · "))
    }

    /// The day of a moment, by the calendar of its own place.
    fn day(&self, started_at: &str) -> Option<String> {
        dates::date(started_at).map(|day| dates::day(day, self.language))
    }
}
