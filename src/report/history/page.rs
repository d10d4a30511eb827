//! `history.html`: one self-contained file. Everybody comes first, then each person; whoever is chosen is shown alone.

use crate::dates;
use crate::language::Language;
use crate::report::history::plot::{self, TrendPlot};
use crate::report::history::trends::{self, HistoryFigure};
use crate::report::history::{Counterpart, History, sentences};
use crate::report::html::text::{clock, count, escape, percent, seconds, typeset};
use crate::report::html::{Document, PageLink, PageLocation, UNKNOWN, base_style};
use crate::store::{CallState, PastCall};

/// The look: what all pages share, and what is this one's own.
const STYLE: &str =
    concat!(base_style!(), include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/report/history/page.css")));

/// So many calls are listed at once …
const LISTED: usize = 20;

/// … and so many check-ins and open items; the rest is folded.
const SHOWN: usize = 8;

/// The form that opens a call's summary.
const OPEN: &str = "open";

/// What the page may do: run its own style and, where a server made it, send its own forms there.
pub(super) fn policy(place: PageLocation<'_>) -> String {
    crate::report::html::policy(STYLE, "", place)
}

/// What a page is made with.
struct HistoryPage<'a> {
    history: &'a History,
    language: Language,
    place: PageLocation<'a>,
    link: &'a dyn Fn(&PastCall) -> Option<String>,
}

/// The whole page.
pub(super) fn render(
    history: &History,
    language: Language,
    place: PageLocation<'_>,
    link: &dyn Fn(&PastCall) -> Option<String>,
) -> String {
    let title = sentences::title(history, language);
    let maker = HistoryPage { history, language, place, link };
    let body = format!(
        "<header>\n<h1>{}</h1>\n{}</header>\n{}<footer>\n<p>{}</p>\n</footer>\n{}",
        escape(&title),
        maker.back(),
        maker.scopes(),
        sentences::about_figures(language),
        place.form(OPEN, "/summary", language),
    );
    Document { language, location: place, title: &title, class: "history", style: STYLE, script: "", body: &body }
        .render()
}

impl HistoryPage<'_> {
    fn pick<T>(&self, ja: T, en: T) -> T {
        self.language.pick(ja, en)
    }

    /// From one person to all.
    fn back(&self) -> String {
        let all = PageLink { action: "/history", field: None, label: self.pick("全員を見る", "Everybody") };
        if self.history.with.is_some() { self.place.link_buttons(self.language, &[all]) } else { String::new() }
    }

    fn scopes(&self) -> String {
        let History { with, calls, people, .. } = self.history;
        if let Some(person) = people.first().filter(|_| with.is_some()) {
            return self.person(person, 1);
        }
        if calls.is_empty() && people.is_empty() {
            return format!("<p class=\"headline\">{}</p>\n", escape(sentences::nothing(self.language)));
        }
        let people: String = people.iter().zip(1..).map(|(person, place)| self.person(person, place)).collect();
        self.choice() + &self.everybody() + &people
    }

    /// Whose calls are shown: who was talked to last comes first.
    fn choice(&self) -> String {
        let one = |(other, place): (&Counterpart, usize)| {
            let ago = other.person.days.map(|days| format!(" <small>{}</small>", dates::ago(days, self.language)));
            let (name, ago) = (escape(&other.person.name), ago.unwrap_or_default());
            format!("<li><a href=\"#person-{place}\">{name}</a>{ago}</li>\n")
        };
        let people: String = self.history.people.iter().zip(1..).map(one).collect();
        format!(
            "<nav aria-label=\"{}\">\n<ul class=\"people\">\n<li><a href=\"#all\">{}</a></li>\n{people}</ul>\n</nav>\n",
            self.pick("だれとの通話を見るか", "Whose calls are shown"),
            self.pick("全員", "Everybody"),
        )
    }

    fn everybody(&self) -> String {
        let calls: Vec<&PastCall> = self.history.calls.iter().collect();
        let about = sentences::period(&calls, self.language);
        format!(
            "<article class=\"scope first\" id=\"all\">\n<h2>{}</h2>\n<p class=\"about\">{}</p>\n{}</article>\n",
            self.pick("全員", "Everybody"),
            escape(&about),
            self.figures(&calls, "all", true)
        )
    }

    fn person(&self, other: &Counterpart, place: usize) -> String {
        let name = &other.person.name;
        let theirs = |call: &&PastCall| call.start.with.as_deref() == Some(name);
        let calls: Vec<&PastCall> = self.history.calls.iter().filter(theirs).collect();
        let id = format!("person-{place}");
        let class = if self.history.with.is_some() { "scope first" } else { "scope" };
        format!(
            "<article class=\"{class}\" id=\"{id}\">\n<h2>{}</h2>\n<p class=\"about\">{}</p>\n{}{}{}</article>\n",
            escape(&self.pick(format!("{name}さん"), name.clone())),
            escape(&sentences::last_call(&other.person, self.language)),
            self.open_items(other),
            self.check_ins(other),
            self.figures(&calls, &id, false),
        )
    }

    fn open_items(&self, other: &Counterpart) -> String {
        let day = |id: &str| {
            let call = self.history.calls.iter().find(|call| call.start.id == id)?;
            call.start.started_at.as_deref().and_then(dates::date).map(|day| dates::day(day, self.language))
        };
        let item = |item: &crate::people::OpenItem| {
            let day = day(&item.call).map(|day| format!(" <span class=\"source\">{day}</span>")).unwrap_or_default();
            format!("<li>{}{day}</li>\n", escape(&item.text))
        };
        let items = other.items.iter().map(item).collect();
        self.list("open", &sentences::open_items(other.items.len(), self.language), items)
    }

    fn check_ins(&self, other: &Counterpart) -> String {
        let given = |one: &crate::people::PastCheckIn| {
            let day = dates::date(&one.started_at).map(|day| dates::day(day, self.language)).unwrap_or_default();
            let (number, words) = (one.check_in.score(), escape(one.check_in.words()));
            let words = match words.as_str() {
                "" => words,
                words => self.pick(format!("「{words}」"), format!(" “{words}”")),
            };
            let said = self.pick(format!("5 段階の {number}{words}"), format!("{number} of 5{words}"));
            format!("<li><span class=\"source\">{day}</span> {said}</li>\n")
        };
        let given = other.check_ins.iter().map(given).collect();
        self.list("given", &sentences::check_ins(&other.person.name, self.language), given)
    }

    /// A heading and a list; nothing where it would be empty.
    fn list(&self, class: &str, heading: &str, items: Vec<String>) -> String {
        if items.is_empty() {
            return String::new();
        }
        let (first, rest) = items.split_at(items.len().min(SHOWN));
        let more = self.pick(format!("ほか {} 件", rest.len()), format!("{} more", rest.len()));
        let rest = match rest {
            [] => String::new(),
            rest => format!("<details>\n<summary>{more}</summary>\n<ul>\n{}</ul>\n</details>\n", rest.concat()),
        };
        format!(
            "<section class=\"{class}\">\n<h3>{}</h3>\n<ul>\n{}</ul>\n{rest}</section>\n",
            escape(heading),
            first.concat()
        )
    }

    /// The plots, and the table that has the same.
    fn figures(&self, calls: &[&PastCall], id: &str, names: bool) -> String {
        if calls.is_empty() {
            return String::new();
        }
        let table = format!("calls-{id}");
        let trend = |figure, height, dates| {
            let says = sentences::heading(figure, trends::compare_last(calls, figure), self.language);
            let drawn =
                TrendPlot { figure, calls, description: &says, table: &table, height, dates, language: self.language }
                    .draw();
            (says, drawn)
        };
        let measured = calls.iter().filter(|call| HistoryFigure::Share.value_in(call).is_some()).count();
        let (says, share) = trend(HistoryFigure::Share, 120.0, 5);
        let felt = calls.iter().any(|call| trends::perceived_share(call).is_some());
        let notes = [
            sentences::perception_gap(calls, self.language),
            sentences::unmeasured(calls, self.language),
            sentences::unsure(calls, self.language).map(str::to_owned),
        ];
        let notes: String = notes.into_iter().flatten().map(|note| format!("<p class=\"note\">{note}</p>\n")).collect();
        let small = |figure| {
            let (says, drawn) = trend(figure, 64.0, 2);
            format!("<section>\n<h3>{}</h3>\n{drawn}</section>\n", typeset(&says, ""))
        };
        format!(
            "<section class=\"share\">\n<h3 class=\"headline\">{}</h3>\n{share}{key}{notes}</section>\n\
             <div class=\"multiples\">\n{}{}{}</div>\n{}",
            typeset(&says, ""),
            small(HistoryFigure::Patience),
            small(HistoryFigure::CutIns),
            small(HistoryFigure::Longest),
            self.table(calls, &table, names),
            key = plot::legend(self.language, felt, measured),
        )
    }

    fn table(&self, calls: &[&PastCall], id: &str, names: bool) -> String {
        let (first, rest) = calls.split_at(calls.len().min(LISTED));
        let words = [
            self.pick("通話", "Call"),
            self.pick("割合", "Share"),
            self.pick("体感", "Felt like"),
            self.pick("目標", "Target"),
            self.pick("待ち", "Patience"),
            self.pick("割込", "Cut in"),
            self.pick("最長", "Longest"),
        ];
        let heads: String = words.iter().map(|words| format!("<th scope=\"col\">{words}</th>")).collect();
        let table = |calls: &[&PastCall]| {
            let rows: String = calls.iter().map(|call| self.row(call, names)).collect();
            format!("<table>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n")
        };
        let heading = escape(&sentences::calls(first.len(), calls.len(), self.language));
        let rest = match rest {
            [] => String::new(),
            rest => {
                let words = sentences::rest(rest.len(), self.language);
                format!("<details>\n<summary>{words}</summary>\n{}</details>\n", table(rest))
            }
        };
        format!("<section class=\"calls\" id=\"{id}\">\n<h3>{heading}</h3>\n{}{rest}</section>\n", table(first))
    }

    fn row(&self, call: &PastCall, names: bool) -> String {
        let dash = |cell: Option<String>| cell.unwrap_or_else(|| UNKNOWN.to_owned());
        let figures = call.figures.as_ref();
        let about = if trends::is_unsure(call) { "≈ " } else { "" };
        let share = HistoryFigure::Share.value_in(call).map(|share| format!("{about}{}", percent(share)));
        let ms = |figure: HistoryFigure| figure.value_in(call).map(|ms| ms as u64);
        let cells = [
            dash(share),
            dash(trends::perceived_share(call).map(percent)),
            percent(call.start.target),
            dash(ms(HistoryFigure::Patience).map(|ms| seconds(ms, self.language))),
            dash(HistoryFigure::CutIns.value_in(call).map(|times| count(times as usize))),
            dash(ms(HistoryFigure::Longest).map(clock)),
        ];
        let stands = match call.state {
            CallState::Running => Some(self.pick("通話中", "goes on now").to_owned()),
            CallState::CutOff => Some(self.pick("途中で切れたまま", "was cut off").to_owned()),
            CallState::Ended { cut_off } => {
                let long = figures.map(|figures| clock(figures.duration_ms));
                let cut = cut_off.then(|| self.pick("途中まで", "cut off").to_owned());
                let both: Vec<String> = long.into_iter().chain(cut).collect();
                (!both.is_empty()).then(|| both.join(self.pick("・", " · ")))
            }
        };
        let name = call.start.with.as_ref().filter(|_| names).map(|name| escape(name));
        let under: Vec<String> =
            call.start.started_at.as_deref().and_then(dates::time).into_iter().chain(name).chain(stands).collect();
        let under = under.join(self.pick("・", " · "));
        format!(
            "<tr><th scope=\"row\">{} <small>{under}</small></th>{}</tr>\n",
            self.call_link(call),
            cells.iter().map(|cell| format!("<td>{cell}</td>")).collect::<String>()
        )
    }

    /// When a call was, as the way to its summary where there is one.
    fn call_link(&self, call: &PastCall) -> String {
        let day = call.start.started_at.as_deref().and_then(dates::date).map(|day| dates::day(day, self.language));
        let began = escape(&day.unwrap_or_else(|| call.start.id.clone()));
        let over = matches!(call.state, CallState::Ended { .. });
        match ((self.link)(call), self.place) {
            (Some(link), _) => format!("<a href=\"{}\">{began}</a>", escape(&link)),
            (None, PageLocation::Server { .. }) if over => {
                let id = escape(&call.start.id);
                format!("<button class=\"link\" form=\"{OPEN}\" name=\"call\" value=\"{id}\">{began}</button>")
            }
            _ => began,
        }
    }
}
