//! What the columns of tables and the keys of JSON are called.

use unicode_normalization::UnicodeNormalization;

use super::timestamp::TimeUnit;

/// What a column or a key holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Start(TimeUnit),
    End(TimeUnit),
    Duration(TimeUnit),
    Speaker,
    /// The speaker's, where nothing else is.
    Name,
    Text,
    /// One word of the text, or a list of its words.
    Word,
}

/// What a kind of time is called.
type TimeFieldNames = (fn(TimeUnit) -> Field, &'static [&'static str]);

/// Names of times; `ms` and its kin may follow.
const TIMES: [TimeFieldNames; 3] = [
    (
        Field::Start,
        &[
            "start",
            "starttime",
            "starts",
            "startat",
            "begin",
            "begintime",
            "begins",
            "from",
            "onset",
            "開始",
            "開始時刻",
            "開始時間",
        ],
    ),
    (
        Field::End,
        &["end", "endtime", "ends", "endat", "stop", "stoptime", "to", "until", "終了", "終了時刻", "終了時間"],
    ),
    (Field::Duration, &["duration", "dur", "length", "長さ"]),
];

/// What may follow the name of a time.
const UNITS: [(TimeUnit, &[&str]); 2] = [
    (TimeUnit::Milliseconds, &["ms", "msec", "millis", "milliseconds", "ミリ秒"]),
    (TimeUnit::Seconds, &["", "s", "sec", "secs", "seconds", "秒"]),
];

const NAMES: [(Field, &[&str]); 4] = [
    (
        Field::Speaker,
        &[
            "speaker",
            "speakername",
            "speakerlabel",
            "speakerid",
            "who",
            "participant",
            "participantname",
            "話者",
            "話者名",
            "発言者",
            "発話者",
            "話し手",
        ],
    ),
    (Field::Name, &["name", "user", "username", "名前", "氏名"]),
    (
        Field::Text,
        &[
            "text",
            "transcript",
            "transcription",
            "content",
            "sentence",
            "utterance",
            "caption",
            "message",
            "said",
            "テキスト",
            "発言",
            "発言内容",
            "発話",
            "発話内容",
            "内容",
            "文字起こし",
        ],
    ),
    (Field::Word, &["word", "words", "punctuatedword"]),
];

impl Field {
    /// What is called so, whatever the case, the width and the signs between: `Start Time (ms)`, `startTimeMs`.
    pub(super) fn from_name(name: &str) -> Option<Self> {
        let bare: String = name.nfkc().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        let plain = NAMES.iter().find(|(_, names)| names.contains(&bare.as_str())).map(|(field, _)| *field);
        plain.or_else(|| {
            TIMES.iter().find_map(|(field, names)| {
                let unit = |rest: &str| UNITS.iter().find(|(_, units)| units.contains(&rest)).map(|(unit, _)| *unit);
                names.iter().find_map(|name| unit(bare.strip_prefix(name)?)).map(field)
            })
        })
    }

    /// The unit of a start.
    pub(super) fn start_unit(self) -> Option<TimeUnit> {
        if let Self::Start(unit) = self { Some(unit) } else { None }
    }

    /// The unit of an end.
    pub(super) fn end_unit(self) -> Option<TimeUnit> {
        if let Self::End(unit) = self { Some(unit) } else { None }
    }

    /// The unit of a duration.
    pub(super) fn duration_unit(self) -> Option<TimeUnit> {
        if let Self::Duration(unit) = self { Some(unit) } else { None }
    }

    /// Whether it says when something ends.
    pub(super) fn is_end(self) -> bool {
        matches!(self, Self::End(_) | Self::Duration(_))
    }

    /// Whether it says who speaks.
    pub(super) fn is_speaker(self) -> bool {
        matches!(self, Self::Speaker | Self::Name)
    }
}
