//! The settings as a page shows them: each with its sentence, its range, its value and its default, in both languages.

use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::config::settings::{AllowedRange, GROUPS, SECTIONS, SETTINGS, Setting, SettingKind, SettingUnit};
use crate::i18n::Bilingual;

/// The settings of a section of the file, in its order.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SectionDescription {
    /// Its name in the file.
    pub name: &'static str,
    /// What its settings are about.
    pub about: Bilingual,
    /// Its settings.
    pub settings: Vec<SettingDescription>,
}

/// A setting.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SettingDescription {
    /// Its name in the file.
    pub name: &'static str,
    /// The heading of the group that begins with it, if one does.
    pub heading: Option<Bilingual>,
    /// What it means, as a sentence.
    pub about: Bilingual,
    /// Which form its value has.
    pub form: SettingForm,
    /// The unit of a length.
    pub unit: Option<SettingUnit>,
    /// The lowest and the highest value of a number.
    pub range: Option<[f64; 2]>,
    /// The sentence for a value that is not allowed: what may be entered.
    pub enter: Bilingual<String>,
    /// Its value.
    pub value: SettingValue,
    /// Its default.
    pub default: SettingValue,
}

/// The form of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SettingForm {
    /// Yes or no.
    Flag,
    /// A whole number; of a unit if there is one.
    Whole,
    /// A share, 0 to 1.
    Share,
    /// Three whole numbers of a unit, each larger than the one before.
    Wholes,
    /// A path, or nothing.
    Path,
    /// Words.
    Words,
}

/// A value of a setting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum SettingValue {
    /// Yes or no.
    Flag(bool),
    /// A count, or a length in the setting's unit.
    Whole(u32),
    /// A share, 0 to 1.
    Share(f64),
    /// Lengths in the setting's unit.
    Wholes(Vec<u32>),
    /// A path; empty for none.
    Text(String),
    /// Words.
    Words(Vec<String>),
}

impl Config {
    /// Every setting with its value here.
    pub fn describe(&self) -> Vec<SectionDescription> {
        let default = Self::default();
        let describe = |setting: &Setting| SettingDescription {
            name: setting.name,
            heading: GROUPS
                .iter()
                .find(|(section, first, _)| (*section, *first) == (setting.section, setting.name))
                .map(|(.., heading)| *heading),
            about: setting.about,
            form: setting.kind.form(),
            unit: setting.kind.unit(),
            range: setting.kind.range(),
            enter: setting.kind.entered(),
            value: setting.kind.value(self),
            default: setting.kind.value(&default),
        };
        let section = |(name, about): &(&'static str, Bilingual)| SectionDescription {
            name,
            about: *about,
            settings: SETTINGS.iter().filter(|setting| setting.section == *name).map(describe).collect(),
        };
        SECTIONS.iter().map(section).collect()
    }
}

impl SettingKind {
    fn form(&self) -> SettingForm {
        match self {
            Self::Flag(_) => SettingForm::Flag,
            Self::Count(..) | Self::Length(..) => SettingForm::Whole,
            Self::Share(..) => SettingForm::Share,
            Self::Lengths(..) => SettingForm::Wholes,
            Self::Path(_) => SettingForm::Path,
            Self::Words(_) => SettingForm::Words,
        }
    }

    fn unit(&self) -> Option<SettingUnit> {
        match self {
            Self::Length(unit, ..) | Self::Lengths(unit, ..) => Some(*unit),
            _ => None,
        }
    }

    fn range(&self) -> Option<[f64; 2]> {
        match self {
            Self::Count(AllowedRange { low, high }, _) => Some([f64::from(*low), f64::from(*high)]),
            Self::Share(AllowedRange { low, high }, _) => Some([*low, *high]),
            // The highest of them is a day's milliseconds.
            Self::Length(_, AllowedRange { low, high }, _) | Self::Lengths(_, AllowedRange { low, high }, _) => {
                Some([*low as f64, *high as f64])
            }
            Self::Flag(_) | Self::Path(_) | Self::Words(_) => None,
        }
    }

    /// What may be entered, as a sentence at the field.
    pub(super) fn entered(&self) -> Bilingual<String> {
        let whole = |low: u64, high: u64| {
            Bilingual::owned(
                format!("{low}〜{high}の整数を入れてください。"),
                format!("Enter a whole number from {low} to {high}."),
            )
        };
        match self {
            Self::Flag(_) => Bilingual::owned("オンかオフを選んでください。", "Choose on or off."),
            Self::Count(AllowedRange { low, high }, _) => whole(u64::from(*low), u64::from(*high)),
            Self::Length(_, AllowedRange { low, high }, _) => whole(*low, *high),
            Self::Share(AllowedRange { low, high }, _) => {
                let [low, high] = [low, high].map(|share| (share * 100.0).round());
                Bilingual::owned(
                    format!("{low}〜{high}%で入れてください。"),
                    format!("Enter a value from {low}% to {high}%."),
                )
            }
            Self::Lengths(_, AllowedRange { low, high }, _) => Bilingual::owned(
                format!("{low}〜{high}の整数を、小さい順に三つ入れてください。"),
                format!("Enter three whole numbers from {low} to {high}, each larger than the one before."),
            ),
            Self::Path(_) => Bilingual::owned(
                "/か~/で始まるフォルダーを入れるか、空にしてください。",
                "Enter a folder that begins with / or ~/, or leave it empty.",
            ),
            Self::Words(_) => Bilingual::owned("1行に一つずつ入れてください。", "Enter one on each line."),
        }
    }

    fn value(&self, config: &Config) -> SettingValue {
        let mut copy = config.clone();
        // No setting may be longer than a day.
        let whole = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
        match self {
            Self::Flag(place) => SettingValue::Flag(*place(&mut copy)),
            Self::Count(_, place) => SettingValue::Whole(*place(&mut copy)),
            Self::Share(_, place) => SettingValue::Share(*place(&mut copy)),
            Self::Length(unit, _, place) => SettingValue::Whole(whole(unit.count(*place(&mut copy)))),
            Self::Lengths(unit, _, place) => {
                SettingValue::Wholes(place(&mut copy).map(|length| whole(unit.count(length))).to_vec())
            }
            Self::Path(place) => {
                let path = place(&mut copy).take().unwrap_or_default();
                SettingValue::Text(path.to_string_lossy().into_owned())
            }
            Self::Words(place) => SettingValue::Words(std::mem::take(place(&mut copy))),
        }
    }

    /// The value as a page shows it, with its unit.
    pub(super) fn shown(&self, config: &Config) -> Bilingual<String> {
        let value = self.format_value(config);
        match (self, self.unit()) {
            (Self::Share(_, place), _) => {
                let percent = format!("{}%", (*place(&mut config.clone()) * 100.0).round());
                Bilingual { ja: percent.clone(), en: percent }
            }
            (_, Some(SettingUnit::Milliseconds)) => {
                Bilingual::owned(format!("{value}ミリ秒"), format!("{value}\u{a0}ms"))
            }
            (_, Some(SettingUnit::Seconds)) => Bilingual::owned(format!("{value}秒"), format!("{value}\u{a0}s")),
            (_, Some(SettingUnit::Minutes)) => Bilingual::owned(format!("{value}分"), format!("{value}\u{a0}min")),
            _ => Bilingual { ja: value.clone(), en: value },
        }
    }
}
