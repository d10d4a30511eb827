//! Times as counts of samples, and lists of what has a form.

/// A module for `#[serde(with)]` that writes a unit as a plain value.
macro_rules! unit {
    ($name:ident, $unit:ty, $plain:ty, $to:expr, $from:expr) => {
        pub(super) mod $name {
            use serde::{Deserialize, Deserializer, Serialize, Serializer};

            use super::*;

            pub(in crate::wire::journal_format) fn serialize<S: Serializer>(
                value: &$unit,
                to: S,
            ) -> Result<S::Ok, S::Error> {
                let plain: $plain = $to(value);
                plain.serialize(to)
            }

            pub(in crate::wire::journal_format) fn deserialize<'de, D: Deserializer<'de>>(
                from: D,
            ) -> Result<$unit, D::Error> {
                <$plain>::deserialize(from).map($from)
            }
        }
    };
}

/// A module for `#[serde(with)]` that writes a list of what has a form.
macro_rules! list {
    ($name:ident, $item:ty, $form:literal) => {
        pub(super) mod $name {
            use serde::{Deserialize, Deserializer, Serialize, Serializer};

            use super::*;

            #[derive(Serialize, Deserialize)]
            struct Formed(#[serde(with = $form)] $item);

            pub(in crate::wire::journal_format) fn serialize<S: Serializer>(
                items: &[$item],
                to: S,
            ) -> Result<S::Ok, S::Error> {
                to.collect_seq(items.iter().cloned().map(Formed))
            }

            pub(in crate::wire::journal_format) fn deserialize<'de, D: Deserializer<'de>>(
                from: D,
            ) -> Result<Vec<$item>, D::Error> {
                let items = Vec::<Formed>::deserialize(from)?;
                Ok(items.into_iter().map(|Formed(item)| item).collect())
            }
        }
    };
}

use std::path::PathBuf;

use crate::agenda::CheckIn;
use crate::asr::{Missed, Transcription};
use crate::audio::PerTrack;
use crate::frontend::echo::Leak;
use crate::health::Trouble;
use crate::language::{Filler, Question, Repetition};
use crate::time::{SampleTime, Samples, Span};

use super::forms::{FillerForm, LeakForm, MissedForm, QuestionForm, RepetitionForm, SaidForm, TroubleForm};

/// A stretch that may not be there.
type OptionalBounds = Option<(u64, u64)>;

unit!(moment, SampleTime, u64, |at: &SampleTime| at.count(), SampleTime::new);
unit!(length, Samples, u64, |length: &Samples| length.count(), Samples::new);
unit!(span, Span, (u64, u64), |span: &Span| (span.start.count(), span.end.count()), |(start, end)| Span::new(
    SampleTime::new(start),
    SampleTime::new(end)
));
unit!(
    spans,
    Vec<Span>,
    Vec<(u64, u64)>,
    |spans: &Vec<Span>| spans.iter().map(|span| (span.start.count(), span.end.count())).collect(),
    |pairs: Vec<(u64, u64)>| {
        let span = |(start, end)| Span::new(SampleTime::new(start), SampleTime::new(end));
        pairs.into_iter().map(span).collect()
    }
);
unit!(
    maybe_length,
    Option<Samples>,
    Option<u64>,
    |length: &Option<Samples>| length.map(Samples::count),
    |count: Option<u64>| count.map(Samples::new)
);
unit!(
    maybe_moment,
    Option<SampleTime>,
    Option<u64>,
    |at: &Option<SampleTime>| at.map(SampleTime::count),
    |count: Option<u64>| count.map(SampleTime::new)
);
unit!(
    both_moments,
    PerTrack<Option<SampleTime>>,
    (Option<u64>, Option<u64>),
    |of: &PerTrack<Option<SampleTime>>| (of.me.map(SampleTime::count), of.them.map(SampleTime::count)),
    |(me, them): (Option<u64>, Option<u64>)| PerTrack { me, them }.map(|count| count.map(SampleTime::new))
);
unit!(
    both_spans,
    PerTrack<Option<Span>>,
    (OptionalBounds, OptionalBounds),
    |of: &PerTrack<Option<Span>>| {
        let pair = |span: Span| (span.start.count(), span.end.count());
        (of.me.map(pair), of.them.map(pair))
    },
    |(me, them): (OptionalBounds, OptionalBounds)| {
        let span = |(start, end)| Span::new(SampleTime::new(start), SampleTime::new(end));
        PerTrack { me, them }.map(|pair| pair.map(span))
    }
);
// A name that is no text comes from a recording alone, and is only shown.
unit!(path, PathBuf, String, |path: &PathBuf| path.to_string_lossy().into_owned(), PathBuf::from);

list!(fillers, Filler, "FillerForm");
list!(repetitions, Repetition, "RepetitionForm");
list!(questions, Question, "QuestionForm");

/// What became of an utterance: understood, nothing, or missed.
pub(super) mod said {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::*;

    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum RecognitionForm {
        Understood(#[serde(with = "SaidForm")] Transcription),
        Nothing,
        Missed(#[serde(with = "MissedForm")] Missed),
    }

    type RecognitionResult = Result<Option<Transcription>, Missed>;

    pub(in crate::wire::journal_format) fn serialize<S: Serializer>(
        said: &RecognitionResult,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        let became = match said {
            Ok(Some(said)) => RecognitionForm::Understood(said.clone()),
            Ok(None) => RecognitionForm::Nothing,
            Err(why) => RecognitionForm::Missed(*why),
        };
        became.serialize(to)
    }

    pub(in crate::wire::journal_format) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<RecognitionResult, D::Error> {
        Ok(match RecognitionForm::deserialize(from)? {
            RecognitionForm::Understood(said) => Ok(Some(said)),
            RecognitionForm::Nothing => Ok(None),
            RecognitionForm::Missed(why) => Err(why),
        })
    }
}

/// A leak, where one is known.
pub(super) mod maybe_leak {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::*;

    #[derive(Serialize, Deserialize)]
    struct LeakValue(#[serde(with = "LeakForm")] Leak);

    pub(in crate::wire::journal_format) fn serialize<S: Serializer>(
        leak: &Option<Leak>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        leak.map(LeakValue).serialize(to)
    }

    pub(in crate::wire::journal_format) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<Leak>, D::Error> {
        Ok(Option::<LeakValue>::deserialize(from)?.map(|LeakValue(leak)| leak))
    }
}

/// A check-in, which only its own rules make.
pub(super) mod check_in {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::*;

    pub(in crate::wire::journal_format) fn serialize<S: Serializer>(given: &CheckIn, to: S) -> Result<S::Ok, S::Error> {
        (given.score(), given.words()).serialize(to)
    }

    pub(in crate::wire::journal_format) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<CheckIn, D::Error> {
        let (score, words) = <(u8, String)>::deserialize(from)?;
        CheckIn::new(score, &words).ok_or_else(|| D::Error::custom("a check-in out of its range"))
    }
}

/// Troubles with how long each stood.
pub(super) mod stood {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::*;

    #[derive(Serialize, Deserialize)]
    struct TroubleDuration(#[serde(with = "TroubleForm")] Trouble, #[serde(with = "length")] Samples);

    pub(in crate::wire::journal_format) fn serialize<S: Serializer>(
        all: &[(Trouble, Samples)],
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_seq(all.iter().map(|(trouble, length)| TroubleDuration(*trouble, *length)))
    }

    pub(in crate::wire::journal_format) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Vec<(Trouble, Samples)>, D::Error> {
        let all = Vec::<TroubleDuration>::deserialize(from)?;
        Ok(all.into_iter().map(|TroubleDuration(trouble, length)| (trouble, length)).collect())
    }
}
