//! How fast somebody articulates, against their own usual pace: never against another person.

use crate::asr::Heard;
use crate::dynamics::sorted::Sorted;
use crate::language::Language;
use crate::time::{SampleTime, Samples};

/// Utterances with fewer morae, syllables or words say nothing of somebody's pace (metrics.md).
const MIN_UNITS: u32 = 3;

/// The stretch before now that counts as recent.
const RECENT: Samples = Samples::from_secs(30);

/// The recent stretch holds at least this much articulation, or it says nothing (ours).
const MIN_RECENT: Samples = Samples::from_secs(5);

/// A baseline needs at least this many utterances (ours).
const MIN_BASELINE_UTTERANCES: usize = 10;

/// The articulation of one utterance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Articulation {
    /// When it ended.
    pub end: SampleTime,
    /// The language, which says what is counted.
    pub language: Language,
    /// Morae (Japanese) or syllables (English), fillers and lengthening left out.
    pub units: u32,
    /// Words, in English.
    pub words: Option<u32>,
    /// Talk time: pauses left out.
    pub talk_time: Samples,
    /// Articulation time: filled pauses left out too.
    pub articulation_time: Samples,
}

impl Articulation {
    /// The articulation of an utterance; `filled` is how much of its time was filled pauses; `None` if too little was
    /// understood.
    pub fn from_heard(heard: &Heard, filled: Samples) -> Option<Self> {
        let said = heard.trusted()?;
        let units = match said.language {
            Language::Ja => said.reading.morae,
            Language::En => said.reading.syllables,
        };
        let talk = heard.speech();
        let time = talk.saturating_sub(filled);
        let units = units.filter(|units| *units >= MIN_UNITS && time > Samples::ZERO)?;
        let words = said.reading.words.filter(|words| *words >= MIN_UNITS);
        Some(Self {
            end: heard.span().end,
            language: said.language,
            units,
            words,
            talk_time: talk,
            articulation_time: time,
        })
    }
}

/// Morae or syllables a second over all of these; `None` if there is none.
pub fn units_per_second<'a>(of: impl Iterator<Item = &'a Articulation>) -> Option<f64> {
    let (units, time) =
        of.fold((0, Samples::ZERO), |(units, time), one| (units + one.units, time + one.articulation_time));
    (time > Samples::ZERO).then(|| f64::from(units) / seconds(time))
}

/// How fast a speaker was in each language, morae or syllables a second of each utterance.
#[derive(Clone, Debug, Default)]
pub(super) struct PaceRates {
    ja: Sorted<f64>,
    en: Sorted<f64>,
}

impl PaceRates {
    /// Takes one more utterance.
    pub(super) fn push(&mut self, one: &Articulation) {
        let rates = match one.language {
            Language::Ja => &mut self.ja,
            Language::En => &mut self.en,
        };
        rates.insert(rate(one));
    }
}

fn rate(one: &Articulation) -> f64 {
    f64::from(one.units) / seconds(one.articulation_time)
}

/// The usual pace of a speaker: the median of the utterances in this language, of which of the earlier ones their rates
/// are enough; `None` under 10.
pub(super) fn usual_pace(earlier: &PaceRates, later: &[Articulation], language: Language) -> Option<f64> {
    let more: Vec<f64> = later.iter().filter(|one| one.language == language).map(rate).collect();
    let rates = language.pick(&earlier.ja, &earlier.en).and(&more);
    if rates.len() < MIN_BASELINE_UTTERANCES { None } else { rates.nth(rates.len() / 2) }
}

/// The pace of the 30 s before `now` as a part of the speaker's own usual pace: 1.2 is a fifth faster. The `later`
/// utterances hold those 30 s. `None` without a usual pace, or under 5 s of recent articulation.
pub(super) fn relative_pace(earlier: &PaceRates, later: &[Articulation], now: SampleTime) -> Option<f64> {
    let language = later.last()?.language;
    let same = |one: &&Articulation| one.language == language;
    let recent = || later.iter().rev().take_while(|one| one.end >= now.saturating_sub(RECENT)).filter(same);
    if recent().map(|one| one.articulation_time).sum::<Samples>() < MIN_RECENT {
        return None;
    }
    Some(units_per_second(recent())? / usual_pace(earlier, later, language)?)
}

/// The fastest that somebody was over 30 s against their own usual pace until then.
pub fn fastest(of: &[Articulation]) -> Option<f64> {
    let mut earlier = PaceRates::default();
    let mut taken = 0;
    let paces = (1..=of.len()).filter_map(|end| {
        let now = of[end - 1].end;
        let recent = of[taken..end].iter().position(|one| one.end >= now.saturating_sub(RECENT)).unwrap_or(0);
        for one in &of[taken..taken + recent] {
            earlier.push(one);
        }
        taken += recent;
        relative_pace(&earlier, &of[taken..end], now)
    });
    paces.max_by(f64::total_cmp)
}

fn seconds(time: Samples) -> f64 {
    time.as_ms() as f64 / 1000.0
}

#[cfg(test)]
mod tests;
