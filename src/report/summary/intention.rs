//! The one thing that was meant for a call, measured at its end.

use crate::health::confidence::{Confidence, FigureGroup, WAITS};
use crate::language::Language;
use crate::records::{Figures, Intention};
use crate::report::html::text::{length, percent, times};
use crate::report::summary::prior_calls::MeantFor;
use crate::report::summary::sentences;

/// The groups of the figure that tells what came of an intention.
pub(super) fn figure_groups(intention: Intention) -> &'static [FigureGroup] {
    match intention {
        Intention::Wait => WAITS,
        Intention::Finish => &[FigureGroup::Interruptions],
        Intention::HandOver | Intention::Share => &[FigureGroup::Talk],
        Intention::Open => &[FigureGroup::Questions],
        Intention::Listening => &[FigureGroup::Backchannels],
    }
}

/// What was meant for this call and what came of it, as a sentence, if it could be had and is not likely to be wrong altogether;
/// beside it what it was in the call after which it was chosen, if that was measured.
pub(super) fn measured(meant: &MeantFor, now: Option<&Figures>, language: Language) -> String {
    let words = meant.intention.words().pick(language);
    let Some(now) = now.and_then(|now| figure(meant.intention, now, language)) else {
        return language.pick(
            format!("心がけ「{words}」：今回は測れませんでした。"),
            format!("Your intention, “{words}”: it could not be measured this time."),
        );
    };
    match (value(meant.intention, &meant.chosen_after, language), language) {
        (Some(before), Language::Ja) => format!("心がけ「{words}」：今回は{now}でした（選んだ回は{before}）。"),
        (None, Language::Ja) => format!("心がけ「{words}」：今回は{now}でした。"),
        (Some(before), Language::En) => {
            format!("Your intention, “{words}”: {now} this time ({before} when you chose it).")
        }
        (None, Language::En) => format!("Your intention, “{words}”: {now} this time."),
    }
}

/// The figure that an intention is measured by, with its noun; `None` if it could not be had.
fn figure(intention: Intention, figures: &Figures, language: Language) -> Option<String> {
    let of_questions = matches!(intention, Intention::Open | Intention::Wait);
    if of_questions && asked(figures).is_some_and(|(_, all)| all == 0) {
        return Some(language.pick("質問が0回", "you asked no questions").to_owned());
    }
    let value = value(intention, figures, language)?;
    let (ja, en) = match intention {
        Intention::Wait => (
            format!("3秒以内に自分から話した質問が{value}"),
            match figures.regrabs {
                Some(0) => format!("you {value} spoke again within 3\u{a0}s of a question"),
                _ => format!("you spoke again within 3\u{a0}s of a question {value}"),
            },
        ),
        Intention::Finish => (
            format!("割り込んで話し手が替わったのが{value}"),
            match figures.interruptions {
                0 => format!("you {value} interrupted and took the floor"),
                _ => format!("you interrupted and took the floor {value}"),
            },
        ),
        Intention::HandOver => (format!("いちばん長い話が{value}"), format!("your longest turn took {value}")),
        Intention::Share => (format!("話した割合が{value}"), format!("you did {value} of the talking")),
        Intention::Open => {
            let (open, all) = asked(figures)?;
            let verb = sentences::was_or_were(open);
            (format!("自由に答えられる質問が{value}"), format!("{} {verb} open", sentences::your_questions(open, all)))
        }
        Intention::Listening => (
            format!("相づちが、相手が話す1分あたり{value}"),
            format!("you gave {value} signs of listening per minute of their talk"),
        ),
    };
    Some(language.pick(ja, en))
}

/// The same by itself, for a place where the noun has been said; `None` also where nothing was asked, and where the figure may be
/// wrong altogether.
fn value(intention: Intention, figures: &Figures, language: Language) -> Option<String> {
    let (about, probably) = match figures.confidence(figure_groups(intention)) {
        None => ("", ""),
        Some(Confidence::Medium) => (language.pick("約", "about "), language.pick("おそらく", "probably ")),
        Some(Confidence::Low) => return None,
    };
    let often = |count: u32| {
        let about = if count == 0 { probably } else { about };
        language.pick(format!("{about}{count}回"), format!("{about}{}", times(count as usize)))
    };
    Some(match intention {
        Intention::Wait if asked(figures).is_some_and(|(_, all)| all == 0) => return None,
        Intention::Wait => often(figures.regrabs?),
        Intention::Finish => figures.share.map(|_| often(figures.interruptions))?,
        Intention::HandOver => format!("{about}{}", length(figures.longest_turn_ms?, language)),
        Intention::Share => format!("{about}{}", percent(figures.share?)),
        Intention::Open => match asked(figures)? {
            (_, 0) => return None,
            (1, 1) => language.pick("1回", "your one question").to_owned(),
            (open, all) if open == all => language.pick(format!("{all}回とも"), sentences::all(all)),
            (0, _) => language.pick("0回", "none").to_owned(),
            (open, all) => language.pick(format!("{about}{all}回のうち{open}回"), format!("{about}{open} of {all}")),
        },
        Intention::Listening => {
            let rate = figures.backchannels_per_min?;
            language.pick(format!("{about}{rate:.1}回"), format!("{about}{rate:.1}"))
        }
    })
}

/// How many of the manager's questions were open, and how many there were.
fn asked(figures: &Figures) -> Option<(usize, usize)> {
    let (open, closed, progress) = (figures.open_questions?, figures.closed_questions?, figures.progress_questions?);
    Some((open as usize, (open + closed + progress) as usize))
}

#[cfg(test)]
mod tests;
