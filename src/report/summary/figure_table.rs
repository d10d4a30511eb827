//! The figures of both sides, group by group. What is judged is the manager's alone; a cell is empty where a figure is not
//! theirs to have, and a dash where it could not be had.

use crate::audio::Track;
use crate::dynamics::hesitation::HesitationKind;
use crate::health::confidence::FigureGroup;
use crate::language::QuestionKind;
use crate::report::html::UNKNOWN;
use crate::report::html::text::{clock, percent, seconds};
use crate::report::summary::view::SummaryView;
use crate::report::summary::{QuestionEntry, SpeechPace, derived};

/// A figure with its name.
pub(super) struct FigureRow {
    /// The group of doubts that it belongs to, as in `confidence`.
    pub(super) figure: FigureGroup,
    pub(super) name: &'static str,
    pub(super) me: String,
    pub(super) them: String,
}

/// Figures that belong together.
pub(super) struct RowGroup {
    pub(super) name: &'static str,
    pub(super) rows: Vec<FigureRow>,
}

/// A half minute that is worth telling: a fifth over the own pace.
const FASTER: f64 = 1.2;

/// All groups that have a row.
pub(super) fn groups(view: &SummaryView<'_>) -> Vec<RowGroup> {
    let groups = [
        RowGroup { name: view.pick("話の分け方", "The floor"), rows: floor(view) },
        RowGroup { name: view.pick("間と質問", "Waiting and asking"), rows: waiting(view) },
        RowGroup { name: view.pick("話し方", "Way of speaking"), rows: speaking(view) },
    ];
    groups.into_iter().filter(|group| !group.rows.is_empty()).collect()
}

fn floor(view: &SummaryView<'_>) -> Vec<FigureRow> {
    let summary = view.summary;
    let share = |share: Option<f64>| share.map_or_else(|| UNKNOWN.to_owned(), percent);
    let longest = |track| {
        let turn = derived::longest_turns(summary, track).first().copied();
        turn.map_or_else(|| UNKNOWN.to_owned(), |turn| clock(turn.end_ms - turn.start_ms))
    };
    let interruptions = |track| match derived::interruption_counts(summary, track) {
        (0, _) => "0".to_owned(),
        (all, taken) => format!("{all} ({taken})"),
    };
    let backchannels = |by| count(by, summary.backchannels.iter().map(|one| one.by));
    let rate = |rate: Option<f64>| rate.map_or_else(|| UNKNOWN.to_owned(), |rate| format!("{rate:.1}"));
    let (talk, rates) = (&summary.talk, &summary.rates);
    vec![
        FigureRow {
            figure: FigureGroup::Talk,
            name: view.pick("話した割合（相づちを除く）", "Share of the talk (backchannels left out)"),
            me: share(talk.me.share),
            them: share(talk.them.share),
        },
        FigureRow {
            figure: FigureGroup::Talk,
            name: view.pick("話した時間", "Talk time"),
            me: clock(talk.me.speech_ms),
            them: clock(talk.them.speech_ms),
        },
        FigureRow {
            figure: FigureGroup::Talk,
            name: view.pick("いちばん長い話", "Longest turn"),
            me: longest(Track::Me),
            them: longest(Track::Them),
        },
        FigureRow {
            figure: FigureGroup::Interruptions,
            name: view.pick("割り込み（話し手が替わったもの）", "Interruptions (that took the floor)"),
            me: interruptions(Track::Me),
            them: interruptions(Track::Them),
        },
        FigureRow {
            figure: FigureGroup::Backchannels,
            name: view.pick("相づち", "Backchannels"),
            me: backchannels(Track::Me),
            them: backchannels(Track::Them),
        },
        FigureRow {
            figure: FigureGroup::Backchannels,
            name: view.pick("相手が話す 1 分あたりの相づち", "Backchannels a minute of the other's talk"),
            me: rate(rates.me.backchannels_per_min),
            them: rate(rates.them.backchannels_per_min),
        },
    ]
}

fn waiting(view: &SummaryView<'_>) -> Vec<FigureRow> {
    let summary = view.summary;
    let broken = |by| count(by, summary.silences.iter().map(|one| one.broken_by));
    let mut rows = vec![FigureRow {
        figure: FigureGroup::Silences,
        name: view.pick("沈黙を破った回数", "Silences broken"),
        me: broken(Track::Me),
        them: broken(Track::Them),
    }];
    // The other way holds the network's round trip, so the mirror, which has both sides alike, has neither.
    if let Some(patience) = summary.patience_ms.filter(|_| !view.is_mirror()) {
        rows.push(FigureRow {
            figure: FigureGroup::Transfers,
            name: view.pick("相手の話のあと話し始めるまで（中央値）", "Patience (median)"),
            me: seconds(patience.median, view.language),
            them: String::new(),
        });
    }
    if let Some(questions) = &summary.questions {
        rows.extend(asking(view, questions));
    }
    rows
}

fn asking(view: &SummaryView<'_>, questions: &[QuestionEntry]) -> Vec<FigureRow> {
    let of = |by: Track, is: fn(&QuestionEntry) -> bool| {
        questions.iter().filter(|one| one.track == by && is(one)).count().to_string()
    };
    let row = |name, is: fn(&QuestionEntry) -> bool| FigureRow {
        figure: FigureGroup::Questions,
        name,
        me: of(Track::Me, is),
        them: of(Track::Them, is),
    };
    let waited = |by| {
        let median = derived::median(
            derived::questions_with_wait(view.summary, by).into_iter().flatten().filter_map(|one| one.wait_ms),
        );
        median.map_or_else(|| UNKNOWN.to_owned(), |wait| seconds(wait, view.language))
    };
    let mut rows = vec![
        row(view.pick("質問", "Questions"), |_| true),
        row(view.pick("そのうち、自由に答えられるもの", "Of these, open"), |one| {
            one.kind == QuestionKind::Open
        }),
        FigureRow {
            figure: FigureGroup::Transfers,
            name: view.pick("質問のあとの間（中央値）", "Wait after a question (median)"),
            me: waited(Track::Me),
            them: waited(Track::Them),
        },
    ];
    if !view.is_mirror() {
        let mine = |row: FigureRow| FigureRow { them: String::new(), ..row };
        let taken = view.pick("3 秒待たずに話し出した", "Took a question back under 3 s");
        rows.push(mine(row(taken, |one| one.regrabbed)));
        let chasing = view.pick("進み具合を問う質問", "Questions that chase progress");
        rows.push(mine(row(chasing, |one| one.kind == QuestionKind::Progress)));
    }
    rows
}

fn speaking(view: &SummaryView<'_>) -> Vec<FigureRow> {
    let summary = view.summary;
    let (mine, theirs) = (&summary.rates.me, &summary.rates.them);
    let row = |name, kind: HesitationKind, me: Option<f64>, them: Option<f64>| {
        let cell = |by: Track, rate: Option<f64>| {
            let Some(rate) = rate else { return UNKNOWN.to_owned() };
            let count = summary.hesitations.iter().filter(|one| one.kind == kind && one.track == by).count();
            if count == 0 {
                return "0".to_owned();
            }
            view.pick(format!("{count}（{rate:.1}/分）"), format!("{count} ({rate:.1}/min)"))
        };
        FigureRow { figure: FigureGroup::Hesitations, name, me: cell(Track::Me, me), them: cell(Track::Them, them) }
    };
    let mut rows = vec![row(
        view.pick("フィラー（つなぎの言葉）", "Fillers (um, uh …)"),
        HesitationKind::FilledPause,
        mine.filled_pauses_per_min,
        theirs.filled_pauses_per_min,
    )];
    if mine.repetitions_per_min.is_some() || theirs.repetitions_per_min.is_some() {
        let name = view.pick("言い直し（くり返し）", "Words said twice");
        rows.push(row(name, HesitationKind::Repetition, mine.repetitions_per_min, theirs.repetitions_per_min));
    }
    let name = view.pick("話の途中の間（1 秒以上）", "Pauses inside a turn (1 s and longer)");
    rows.push(row(name, HesitationKind::Pause, mine.pauses_per_min, theirs.pauses_per_min));
    if summary.pace.me.is_some() || summary.pace.them.is_some() {
        let pace = |pace: Option<SpeechPace>| pace.map_or_else(|| UNKNOWN.to_owned(), |pace| pace_text(pace, view));
        rows.push(FigureRow {
            figure: FigureGroup::Pace,
            name: view.pick("話す速さ", "Pace"),
            me: pace(summary.pace.me),
            them: pace(summary.pace.them),
        });
        let fastest = summary.pace.me.and_then(|pace| pace.fastest).filter(|part| *part >= FASTER);
        if let Some(part) = fastest.filter(|_| !view.is_mirror()) {
            rows.push(FigureRow {
                figure: FigureGroup::Pace,
                name: view.pick("いちばん速い 30 秒（ふだんと比べて）", "Fastest half minute, against your usual pace"),
                me: format!("+{:.0} %", (part - 1.0) * 100.0),
                them: String::new(),
            });
        }
    }
    rows
}

fn count(by: Track, of: impl Iterator<Item = Track>) -> String {
    of.filter(|who| *who == by).count().to_string()
}

/// How fast somebody spoke, in the unit of their language.
fn pace_text(pace: SpeechPace, view: &SummaryView<'_>) -> String {
    let morae = pace.mora_per_s.map(|rate| format!("{rate:.1} {}", view.pick("モーラ/秒", "morae/s")));
    let words = pace.words_per_min.map(|rate| format!("{rate:.0} {}", view.pick("語/分", "words/min")));
    morae.into_iter().chain(words).collect::<Vec<_>>().join(view.pick("・", " · "))
}
