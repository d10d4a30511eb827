//! Things around the call that change seldom: who it is with, what is known of them, hints, the question afterwards.

use serde_json::{Value, json};

use crate::config::OffRecordLengths;
use crate::nudges::{Mode, TargetProposal, Targets};
use crate::prepare::{BilingualText, Card, Choices, PreparationHint};
use crate::time::Samples;
use crate::wire::rounded;

/// How the desk stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StartPage {
    /// What is chosen for the call.
    pub choices: Choices,
    /// The share of the talk that it aims at: the mode's, or an own.
    pub target: f64,
    /// What each mode aims at by the user's settings.
    pub targets: Targets,
    /// A step from the user's own baseline.
    pub proposal: Option<TargetProposal>,
    /// How much is off the record at once.
    pub off_record: OffRecordLengths,
    /// Everybody with whom there was a call or who has a card, the newest first.
    pub people: Vec<StartPagePerson>,
    /// What may help in a call with the person who is chosen.
    pub hints: Vec<PreparationHint>,
    /// Whether there are calls to look back on.
    pub has_history: bool,
    /// After the call.
    pub perception_question: Option<PerceptionQuestion>,
}

/// Somebody with whom one talks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartPagePerson {
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
pub struct PerceptionQuestion {
    /// Whether an answer is waited for.
    pub asked: bool,
    /// The answer.
    pub answer: PerceptionAnswer,
    /// The true share; shown once the question is out of the way.
    pub share: Option<f64>,
    /// Where the summary is.
    pub summary: String,
}

/// What became of the question.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum PerceptionAnswer {
    /// Nothing yet.
    #[default]
    Unanswered,
    /// So much felt like one's own, 0 to 1.
    Perceived(f64),
    /// The user does not say.
    Skipped,
}

/// What to paste into the call's chat: nobody is to be heard without knowing.
fn disclosure() -> BilingualText {
    BilingualText {
        ja: "この 1on1 では、私の話しすぎを防ぐために Keicho という道具を手元のパソコンで使っています。録音はせず、音声や\
             内容は外へ送りません。気になるときは言ってください、すぐ止めます。"
            .to_owned(),
        en: "In this 1on1 I use Keicho on my own computer, so that I talk less and listen more. It records no sound and \
             sends nothing anywhere. If you would rather not, tell me and I will switch it off."
            .to_owned(),
    }
}

/// The desk as a message.
pub fn encode_start_page(version: u64, desk: &StartPage) -> String {
    let Choices { with, mode, own_target, icebreaker, agenda } = &desk.choices;
    json!({
        "type": "desk",
        "version": version,
        "with": with,
        "mode": mode.name(),
        "target": rounded(desk.target),
        "modes": Mode::ALL.map(|mode| json!({ "mode": mode.name(), "target": rounded(desk.targets.get(mode)) })),
        "own_target": own_target.map(rounded),
        "proposal": desk.proposal.map(|step| json!({
            "target": rounded(step.target), "baseline": rounded(step.baseline), "calls": step.calls,
        })),
        "icebreaker_min": whole_minutes(*icebreaker),
        "agenda": agenda,
        "off_record_min": { "last": whole_minutes(desk.off_record.last), "next": whole_minutes(desk.off_record.next) },
        "people": desk.people.iter().map(person_json).collect::<Vec<_>>(),
        "hints": desk.hints.iter().map(hint_json).collect::<Vec<_>>(),
        "tell": bilingual_json(&disclosure()),
        "history": desk.has_history,
        "after": desk.perception_question.as_ref().map(perception_question_json),
    })
    .to_string()
}

/// Whole minutes.
fn whole_minutes(of: Samples) -> u64 {
    of.as_ms() / 60_000
}

fn person_json(person: &StartPagePerson) -> Value {
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

fn hint_json(hint: &PreparationHint) -> Value {
    json!({ "text": bilingual_json(&hint.text), "because": bilingual_json(&hint.reason) })
}

fn bilingual_json(text: &BilingualText) -> Value {
    json!({ "ja": text.ja, "en": text.en })
}

fn perception_question_json(after: &PerceptionQuestion) -> Value {
    let (perceived, skipped) = match after.answer {
        PerceptionAnswer::Unanswered => (None, false),
        PerceptionAnswer::Perceived(share) => (Some(rounded(share)), false),
        PerceptionAnswer::Skipped => (None, true),
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
