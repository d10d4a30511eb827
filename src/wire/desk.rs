//! Things around the call that change seldom: who it is with, what is known of them, hints, the question afterwards.

use serde_json::{Value, json};

use crate::config::OffRecord;
use crate::nudges::{Mode, Proposal, Targets};
use crate::prepare::{Both, Card, Choices, Hint};
use crate::time::Samples;
use crate::wire::rounded;

/// How the desk stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Desk {
    /// What is chosen for the call.
    pub choices: Choices,
    /// The share of the talk that it aims at: the mode's, or an own.
    pub target: f64,
    /// What each mode aims at by the user's settings.
    pub targets: Targets,
    /// A step from the user's own baseline.
    pub proposal: Option<Proposal>,
    /// How much is off the record at once.
    pub off_record: OffRecord,
    /// Everybody with whom there was a call or who has a card, the newest first.
    pub people: Vec<Person>,
    /// What may help in a call with the person who is chosen.
    pub hints: Vec<Hint>,
    /// Whether there are calls to look back on.
    pub history: bool,
    /// After the call.
    pub after: Option<After>,
}

/// Somebody with whom one talks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Their name.
    pub name: String,
    /// The day of the last call, as `2026-11-03`.
    pub last_at: Option<String>,
    /// How many days ago that was.
    pub days: Option<u32>,
    /// How many calls there were.
    pub calls: u32,
    /// What was left open, oldest first.
    pub open_items: Vec<String>,
    /// How they like to talk, and the day on which they said so.
    pub card: Option<(Card, String)>,
}

/// The question after the call: how much of the talk felt like one's own?
#[derive(Clone, Debug, Default, PartialEq)]
pub struct After {
    /// Whether an answer is waited for.
    pub asked: bool,
    /// The answer.
    pub answer: Answer,
    /// The true share; shown once the question is out of the way.
    pub share: Option<f64>,
    /// Where the summary is.
    pub summary: String,
}

/// What became of the question.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Answer {
    /// Nothing yet.
    #[default]
    Open,
    /// So much felt like one's own, 0 to 1.
    Perceived(f64),
    /// The user does not say.
    Skipped,
}

/// What to paste into the call's chat: nobody is to be heard without knowing.
fn tell() -> Both {
    Both {
        ja: "この 1on1 では、私の話しすぎを防ぐために Keicho という道具を手元のパソコンで使っています。録音はせず、音声や\
             内容は外へ送りません。気になるときは言ってください、すぐ止めます。"
            .to_owned(),
        en: "In this 1on1 I use Keicho on my own computer, so that I talk less and listen more. It records no sound and \
             sends nothing anywhere. If you would rather not, tell me and I will switch it off."
            .to_owned(),
    }
}

/// The desk as a message.
pub fn desk(version: u64, desk: &Desk) -> String {
    let Choices { with, mode, own_target, icebreaker, agenda } = &desk.choices;
    json!({
        "type": "desk",
        "version": version,
        "with": with,
        "mode": mode.name(),
        "target": rounded(desk.target),
        "modes": Mode::ALL.map(|mode| json!({ "mode": mode.name(), "target": rounded(desk.targets.of(mode)) })),
        "own_target": own_target.map(rounded),
        "proposal": desk.proposal.map(|step| json!({
            "target": rounded(step.target), "baseline": rounded(step.baseline), "calls": step.calls,
        })),
        "icebreaker_min": minutes(*icebreaker),
        "agenda": agenda,
        "off_record_min": { "last": minutes(desk.off_record.last), "next": minutes(desk.off_record.next) },
        "people": desk.people.iter().map(person).collect::<Vec<_>>(),
        "hints": desk.hints.iter().map(hint).collect::<Vec<_>>(),
        "tell": both(&tell()),
        "history": desk.history,
        "after": desk.after.as_ref().map(after),
    })
    .to_string()
}

/// Whole minutes.
fn minutes(of: Samples) -> u64 {
    of.as_ms() / 60_000
}

fn person(person: &Person) -> Value {
    json!({
        "name": person.name,
        "last_at": person.last_at,
        "days": person.days,
        "calls": person.calls,
        "open_items": person.open_items,
        "card": person.card.as_ref().map(|(card, stated_on)| json!({
            "points": card.points.iter().map(|point| point.name()).collect::<Vec<_>>(),
            "note": card.note,
            "stated_on": stated_on,
        })),
    })
}

fn hint(hint: &Hint) -> Value {
    json!({ "text": both(&hint.text), "because": both(&hint.because) })
}

fn both(text: &Both) -> Value {
    json!({ "ja": text.ja, "en": text.en })
}

fn after(after: &After) -> Value {
    let (perceived, skipped) = match after.answer {
        Answer::Open => (None, false),
        Answer::Perceived(share) => (Some(rounded(share)), false),
        Answer::Skipped => (None, true),
    };
    json!({
        "asked": after.asked,
        "perceived": perceived,
        "skipped": skipped,
        "share": after.share.map(rounded),
        "summary": after.summary,
    })
}

#[cfg(test)]
mod tests;
