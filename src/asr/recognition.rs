//! For `#[serde(with)]`: what became of an utterance, by one word: understood, nothing, or missed.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::asr::{Missed, Transcription};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Recognition<'a> {
    Understood(Cow<'a, Transcription>),
    Nothing,
    Missed(Missed),
}

pub(super) fn serialize<S: Serializer>(
    transcription: &Result<Option<Transcription>, Missed>,
    to: S,
) -> Result<S::Ok, S::Error> {
    let became = match transcription {
        Ok(Some(transcription)) => Recognition::Understood(Cow::Borrowed(transcription)),
        Ok(None) => Recognition::Nothing,
        Err(why) => Recognition::Missed(*why),
    };
    became.serialize(to)
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Result<Option<Transcription>, Missed>, D::Error> {
    Ok(match Recognition::deserialize(from)? {
        Recognition::Understood(transcription) => Ok(Some(transcription.into_owned())),
        Recognition::Nothing => Ok(None),
        Recognition::Missed(why) => Err(why),
    })
}
