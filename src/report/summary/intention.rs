//! The one thing that was meant for a call, measured at its end.

use crate::language::Language;
use crate::records::{Figures, Intention};
use crate::report::html::text::{length, percent, times};
use crate::report::summary::prior_calls::MeantFor;
use crate::report::summary::sentences;

/// What was meant for this call and what came of it, as a sentence; beside it what it was in the call after which it was
/// chosen, if that was measured.
pub(super) fn measured(meant: &MeantFor, now: &Figures, language: Language) -> String {
    let words = meant.intention.words().pick(language);
    let Some(now) = figure(meant.intention, now, language) else {
        return language.pick(
            format!("心がけ「{words}」：今回は測れませんでした。"),
            format!("Your intention, “{words}”: it could not be measured this time."),
        );
    };
    match (figure(meant.intention, &meant.chosen_after, language), language) {
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
    Some(match intention {
        Intention::Wait => {
            let often = figures.regrabs? as usize;
            language.pick(
                format!("3秒以内に自分から話した質問が{often}回"),
                format!("spoke again within 3\u{a0}s of a question {}", times(often)),
            )
        }
        Intention::Finish => {
            let often = figures.share.map(|_| figures.interruptions as usize)?;
            language.pick(
                format!("割り込んで話し手が替わったのが{often}回"),
                format!("interrupted and took the floor {}", times(often)),
            )
        }
        Intention::HandOver => {
            let took = length(figures.longest_turn_ms?, language);
            language.pick(format!("いちばん長い話が{took}"), format!("longest turn {took}"))
        }
        Intention::Share => {
            let share = percent(figures.share?);
            language.pick(format!("話した割合が{share}"), format!("{share} of the talking"))
        }
        Intention::Open => {
            let (open, closed, progress) =
                (figures.open_questions?, figures.closed_questions?, figures.progress_questions?);
            let asked = (open + closed + progress) as usize;
            match language {
                Language::Ja => format!("質問{asked}回のうち、自由に答えられるものが{open}回"),
                Language::En => sentences::open_questions(open as usize, asked, language),
            }
        }
        Intention::Listening => {
            let rate = figures.backchannels_per_min?;
            language.pick(
                format!("相づちが、相手が話す1分あたり{rate:.1}回"),
                format!("{rate:.1} signs of listening per minute of their talk"),
            )
        }
    })
}

#[cfg(test)]
mod tests;
