//! One setting of the user's file, changed where it stands: all else of the file, comments and order too, stays as it is.

use std::fs;
use std::io;

use toml_edit::{Array, DocumentMut, Formatted, Item, Table, Value};

use crate::config::settings::{CONSTRAINTS, Constraint, SETTINGS, Setting};
use crate::config::{Config, ConfigError, ConfigFile, SettingValue};
use crate::i18n::Bilingual;
use crate::private_fs;

/// Why a setting was not changed. The file is as it was.
#[derive(Debug)]
pub enum SettingError {
    /// There is no such setting.
    Unknown,
    /// It may not have this value; the sentence says what it may have.
    NotAllowed(Bilingual<String>),
    /// The file cannot be read, used as it is, or written.
    File(ConfigError),
}

impl From<ConfigError> for SettingError {
    fn from(error: ConfigError) -> Self {
        Self::File(error)
    }
}

impl ConfigFile {
    /// Changes one setting, and gives the settings that the file has now. A file that is not there is made from the
    /// template. What others wrote into it since it was read stays.
    ///
    /// # Errors
    /// When there is no such setting, it may not have that value, or the file is wrong or cannot be written.
    pub fn set(&self, section: &str, name: &str, value: &SettingValue) -> Result<Config, SettingError> {
        let setting = SETTINGS.iter().find(|setting| setting.section == section && setting.name == name);
        let setting = setting.ok_or(SettingError::Unknown)?;
        let now = self.read()?;
        check(setting, value, &now).map_err(SettingError::NotAllowed)?;
        self.create()?;
        let unreadable = |cause| ConfigError::Unreadable { path: self.path().to_owned(), cause };
        let text = private_fs::read_to_string(self.path()).map_err(unreadable)?;
        let changed = replaced(&text, setting, value).ok_or(SettingError::Unknown)?;
        let config = Config::parse(self.path(), &changed)?;
        self.write(&changed).map_err(|cause| ConfigError::Unwritable { path: self.path().to_owned(), cause })?;
        Ok(config)
    }

    /// Writes the whole file or nothing of it. If it is a link, what it leads to is written.
    fn write(&self, text: &str) -> io::Result<()> {
        private_fs::write_atomically(&fs::canonicalize(self.path())?, text.as_bytes())
    }
}

/// The file with that value; `None` if its section is no table.
fn replaced(text: &str, setting: &Setting, value: &SettingValue) -> Option<String> {
    let mut file: DocumentMut = text.parse().ok()?;
    let section = file.entry(setting.section).or_insert_with(|| Item::Table(Table::new())).as_table_like_mut()?;
    let mut value = toml(value);
    match section.get_mut(setting.name).and_then(Item::as_value_mut) {
        Some(old) => {
            // The spaces around it, and the comment behind it.
            *value.decor_mut() = old.decor().clone();
            *old = value;
        }
        None => drop(section.insert(setting.name, Item::Value(value))),
    }
    Some(file.to_string())
}

fn toml(value: &SettingValue) -> Value {
    match value {
        SettingValue::Flag(flag) => Value::Boolean(Formatted::new(*flag)),
        SettingValue::Whole(number) => Value::Integer(Formatted::new(i64::from(*number))),
        SettingValue::Share(share) => Value::Float(Formatted::new(*share)),
        SettingValue::Wholes(numbers) => {
            Value::Array(numbers.iter().map(|number| i64::from(*number)).collect::<Array>())
        }
        SettingValue::Text(text) => Value::String(Formatted::new(text.clone())),
        SettingValue::Words(words) => Value::Array(words.iter().map(String::as_str).collect::<Array>()),
    }
}

/// Whether the setting may have that value beside the others as they are; the sentence at the field if it may not.
fn check(setting: &Setting, value: &SettingValue, now: &Config) -> Result<(), Bilingual<String>> {
    let line: toml::Table = format!("value = {}", toml(value)).parse().map_err(|_| setting.kind.entered())?;
    let mut changed = now.clone();
    let applied = line.get("value").and_then(|value| setting.apply(&mut changed, value));
    applied.ok_or_else(|| setting.kind.entered())?;
    match CONSTRAINTS.iter().find(|constraint| !(constraint.is_met)(&changed)) {
        Some(constraint) => Err(unmet(constraint, setting, now)),
        None => Ok(()),
    }
}

/// The sentence for a value that is on the wrong side of another setting's.
fn unmet(constraint: &Constraint, setting: &Setting, now: &Config) -> Bilingual<String> {
    let is_low = constraint.low == (setting.section, setting.name);
    let other = if is_low { constraint.high } else { constraint.low };
    let Some(other) = SETTINGS.iter().find(|setting| (setting.section, setting.name) == other) else {
        return setting.kind.entered();
    };
    let bound = other.kind.shown(now);
    let about = Bilingual { ja: other.about.ja.trim_end_matches('。'), en: other.about.en.trim_end_matches('.') };
    let [ja, en] = if is_low { ["小さく", "less"] } else { ["大きく", "more"] };
    Bilingual::owned(
        format!("{}より{ja}してください（「{}」の値です）。", bound.ja, about.ja),
        format!("Enter {en} than {}, the value of “{}”.", bound.en, about.en),
    )
}

#[cfg(test)]
mod tests;
