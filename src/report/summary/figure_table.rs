//! The figures of both sides, group by group. What is judged is the manager's alone; a cell is empty if the figure is not
//! that side's to have, and a dash if it could not be had.

use crate::audio::Track;
use crate::dynamics::hesitation::HesitationKind;
use crate::health::confidence::{FigureGroup, WAITS};
use crate::language::QuestionKind;
use crate::report::html::text::{clock, percent, seconds};
use crate::report::html::{UNKNOWN, or_unknown};
use crate::report::median::median_by;
use crate::report::summary::view::SummaryView;
use crate::report::summary::{QuestionEntry, Rates, SpeechPace, derived, sentences};

/// A figure of both sides.
pub(super) struct FigureRow {
    /// The groups of doubts that it belongs to, as in `confidence`.
    pub(super) groups: &'static [FigureGroup],
    /// Its name, in the language of the view.
    pub(super) name: &'static str,
    /// The manager's.
    pub(super) me: String,
    /// The other side's.
    pub(super) them: String,
}

impl FigureRow {
    fn new(groups: &'static [FigureGroup], name: &'static str, cell: impl Fn(Track) -> String) -> Self {
        Self { groups, name, me: cell(Track::Me), them: cell(Track::Them) }
    }

    /// The same without the other side's figure.
    fn mine(self) -> Self {
        Self { them: String::new(), ..self }
    }

    /// Whether the figure of either side is known.
    pub(super) fn is_known(&self) -> bool {
        [&self.me, &self.them].iter().any(|value| !value.is_empty() && *value != UNKNOWN)
    }
}

/// Figures that belong together.
pub(super) struct RowGroup {
    /// The name of the group, in the language of the view.
    pub(super) name: &'static str,
    /// At least one.
    pub(super) rows: Vec<FigureRow>,
}

/// The fastest half minute is shown if it was this much of the manager's own pace, or more.
const FASTER: f64 = 1.2;

/// All groups that have a row.
pub(super) fn groups(view: &SummaryView<'_>) -> Vec<RowGroup> {
    let groups = [
        RowGroup { name: view.pick("話した割合と長さ", "Who talked"), rows: floor(view) },
        RowGroup { name: view.pick("間と質問", "Waits and questions"), rows: waiting(view) },
        RowGroup { name: view.pick("話し方", "Way of speaking"), rows: speaking(view) },
    ];
    groups.into_iter().filter(|group| !group.rows.is_empty()).collect()
}

fn floor(view: &SummaryView<'_>) -> Vec<FigureRow> {
    let summary = view.summary;
    let talk = |track| match track {
        Track::Me => &summary.talk.me,
        Track::Them => &summary.talk.them,
    };
    let longest = |track| {
        let turns = derived::longest_turns(summary, track);
        or_unknown(turns.first(), |turn| clock(turn.end_ms - turn.start_ms))
    };
    let interruptions = |track| match derived::interruption_counts(summary, track) {
        _ if !summary.call.source.has_ends() || summary.talk.me.share.is_none() => UNKNOWN.to_owned(),
        (0, _) => "0".to_owned(),
        (all, taken) => format!("{all} ({taken})"),
    };
    let per_min = |track: Track| or_unknown(summary.rates[track].backchannels_per_min, |rate| format!("{rate:.1}"));
    let name = |ja, en| view.pick(ja, en);
    vec![
        FigureRow::new(
            &[FigureGroup::Talk],
            name("話した割合（相づちを除く）", "Talk share (signs of listening left out)"),
            |track| or_unknown(talk(track).share.filter(|_| sentences::too_little(view).is_none()), percent),
        ),
        FigureRow::new(&[FigureGroup::Talk], name("話した時間", "Talk time"), |track| {
            clock(talk(track).speech_ms)
        }),
        FigureRow::new(&[FigureGroup::Talk], name("いちばん長い話", "Longest turn"), longest),
        FigureRow::new(
            &[FigureGroup::Interruptions],
            name("割り込み（話し手が替わったもの）", "Interruptions (that took the floor)"),
            interruptions,
        ),
        FigureRow::new(&[FigureGroup::Backchannels], name("相づち", "Signs of listening"), |track| {
            known_count(view, track, summary.backchannels.iter().map(|one| one.by))
        }),
        FigureRow::new(
            &[FigureGroup::Backchannels],
            name("もう一方が話す1分あたりの相づち", "Signs of listening per minute of the other’s talk"),
            per_min,
        ),
    ]
}

fn waiting(view: &SummaryView<'_>) -> Vec<FigureRow> {
    let summary = view.summary;
    let mut rows = vec![FigureRow::new(
        &[FigureGroup::Silences],
        view.pick("沈黙のあと先に話した", "Spoke first after a silence"),
        |track| known_count(view, track, summary.silences.iter().map(|one| one.broken_by)),
    )];
    // The other way holds the network's round trip, so the mirror, which has both sides alike, has neither.
    if let Some(patience) = summary.patience_ms.filter(|_| !view.is_mirror()) {
        let name = view.pick("話し始めるまでの間（中央値）", "Pause before you speak (median)");
        let row = FigureRow::new(&[FigureGroup::Transfers], name, |_| seconds(patience.median, view.language));
        rows.push(row.mine());
    }
    if let Some(questions) = &summary.questions {
        rows.extend(asking(view, questions));
    }
    rows
}

fn asking(view: &SummaryView<'_>, questions: &[QuestionEntry]) -> Vec<FigureRow> {
    let count = |groups, ja, en, is: fn(&QuestionEntry) -> bool| {
        FigureRow::new(groups, view.pick(ja, en), |track| {
            questions.iter().filter(|one| one.track == track && is(one)).count().to_string()
        })
    };
    let row = |ja, en, is| count(&[FigureGroup::Questions], ja, en, is);
    let waited = |track| {
        let waits = derived::questions_with_wait(view.summary, track).into_iter().flatten();
        or_unknown(median_by(waits.filter_map(|one| one.wait_ms), u64::cmp), |wait| seconds(wait, view.language))
    };
    let mut rows = vec![
        row("質問", "Questions", |_| true),
        row("そのうち、自由に答えられるもの", "Of these, open", |one| one.kind == QuestionKind::Open),
        FigureRow::new(WAITS, view.pick("質問のあとの間（中央値）", "Wait after a question (median)"), waited),
    ];
    if !view.is_mirror() {
        if view.summary.call.source.has_ends() {
            rows.push(
                count(
                    WAITS,
                    "3秒以内に自分から話した質問",
                    "Spoke again within 3\u{a0}s of a question",
                    |one| one.regrabbed,
                )
                .mine(),
            );
        }
        let chases = |one: &QuestionEntry| one.kind == QuestionKind::Progress;
        rows.push(row("進捗の質問", "Progress questions", chases).mine());
    }
    rows
}

fn speaking(view: &SummaryView<'_>) -> Vec<FigureRow> {
    let summary = view.summary;
    let row = |ja, en, kind: HesitationKind, rate: fn(&Rates) -> Option<f64>| {
        FigureRow::new(&[FigureGroup::Hesitations], view.pick(ja, en), |track| {
            let count = summary.hesitations.iter().filter(|one| one.kind == kind && one.track == track).count();
            or_unknown(rate(&summary.rates[track]), |rate| match count {
                0 => "0".to_owned(),
                count => view.pick(format!("{count}（{rate:.1}/分）"), format!("{count} ({rate:.1}/min)")),
            })
        })
    };
    let fillers = |rates: &Rates| rates.filled_pauses_per_min;
    let (ja, en) = match Track::BOTH.iter().any(|track| fillers(&summary.rates[*track]).is_some()) {
        true => ("フィラー（えーと、あのー）", "Fillers (um, uh)"),
        false => ("フィラー（言葉がないため分かりません）", "Fillers (not known without words)"),
    };
    let mut rows = vec![row(ja, en, HesitationKind::FilledPause, fillers)];
    if Track::BOTH.iter().any(|track| summary.rates[*track].repetitions_per_min.is_some()) {
        let rate = |rates: &Rates| rates.repetitions_per_min;
        rows.push(row("同じ言葉のくり返し", "Repeated words", HesitationKind::Repetition, rate));
    }
    let rate = |rates: &Rates| rates.pauses_per_min;
    let (ja, en) = ("話の途中の間（1秒以上）", "Pauses inside a turn (1\u{a0}s and longer)");
    rows.push(row(ja, en, HesitationKind::Pause, rate));
    if Track::BOTH.iter().any(|track| summary.pace[*track].is_some()) {
        rows.push(FigureRow::new(&[FigureGroup::Pace], view.pick("話す速さ", "Pace"), |track| {
            or_unknown(summary.pace[track], |pace| pace_text(pace, view))
        }));
        let fastest = summary.pace.me.and_then(|pace| pace.fastest).filter(|part| *part >= FASTER);
        if let Some(part) = fastest.filter(|_| !view.is_mirror()) {
            let name = view.pick("いちばん速い30秒（いつもと比べて）", "Fastest half minute, against your usual pace");
            let row = FigureRow::new(&[FigureGroup::Pace], name, |_| format!("+{:.0}%", (part - 1.0) * 100.0));
            rows.push(row.mine());
        }
    }
    rows
}

/// How often a side is among those that did something; a dash if no ends tell.
fn known_count(view: &SummaryView<'_>, track: Track, of: impl Iterator<Item = Track>) -> String {
    if !view.summary.call.source.has_ends() {
        return UNKNOWN.to_owned();
    }
    of.filter(|who| *who == track).count().to_string()
}

/// How fast somebody spoke, in the unit of their language.
fn pace_text(pace: SpeechPace, view: &SummaryView<'_>) -> String {
    let morae = pace.mora_per_s.map(|rate| format!("{rate:.1}{}", view.pick("拍/秒", " morae/s")));
    let words = pace.words_per_min.map(|rate| format!("{rate:.0}{}", view.pick("語/分", " words/min")));
    morae.into_iter().chain(words).collect::<Vec<_>>().join(view.pick("・", " · "))
}
