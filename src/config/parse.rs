//! Reads the text of the file into settings, or into the first error that is in it.

use std::path::{Path, PathBuf};

use toml::{Table, Value};

use crate::config::settings::{AllowedRange, CONSTRAINTS, SECTIONS, SETTINGS, Setting, SettingKind};
use crate::config::{Config, ConfigError};

impl Config {
    /// Settings from the text of a file; `path` is for messages.
    ///
    /// # Errors
    /// When it is no TOML, names something that is no setting, or gives a value that is not allowed.
    pub fn parse(path: &Path, text: &str) -> Result<Self, ConfigError> {
        let file: Table = text.parse().map_err(|error| syntax(path, text, &error))?;
        let mut config = Self::default();
        for (section, settings) in &file {
            let Some(settings) = settings.as_table().filter(|_| SECTIONS.iter().any(|(name, _)| name == section))
            else {
                return Err(unknown_section(path, section, settings));
            };
            for (name, value) in settings {
                let key = SETTINGS.iter().find(|key| key.section == section && key.name == name);
                let key = key.ok_or_else(|| unknown(path, section, name, value))?;
                key.apply(&mut config, value).ok_or_else(|| ConfigError::Value {
                    path: path.to_owned(),
                    key: key.to_string(),
                    given: format_toml(value),
                    allowed: key.kind.allowed_values(),
                })?;
            }
        }
        config.check_constraints(path)?;
        Ok(config)
    }

    fn check_constraints(&self, path: &Path) -> Result<(), ConfigError> {
        let Some(order) = CONSTRAINTS.iter().find(|order| !(order.is_met)(self)) else { return Ok(()) };
        let value = |(section, name): (&str, &str)| {
            let key = SETTINGS.iter().find(|key| (key.section, key.name) == (section, name));
            key.map_or_else(String::new, |key| key.kind.format_value(self))
        };
        let ((section, low), (_, high)) = (order.low, order.high);
        Err(ConfigError::Value {
            path: path.to_owned(),
            key: format!("[{section}] {low}"),
            given: value(order.low),
            allowed: format!("only under {high}, which is {}", value(order.high)),
        })
    }
}

impl Setting {
    /// Takes the value over; `None` if it is not allowed.
    pub(super) fn apply(&self, config: &mut Config, value: &Value) -> Option<()> {
        match self.kind {
            SettingKind::Flag(place) => *place(config) = value.as_bool()?,
            SettingKind::Count(range, place) => *place(config) = within(range, whole(value)?)?,
            SettingKind::Share(range, place) => {
                let number = value.as_float().or_else(|| whole(value).map(f64::from));
                *place(config) = within(range, number?)?;
            }
            SettingKind::Length(unit, range, place) => {
                *place(config) = unit.length(within(range, whole(value)?.into())?);
            }
            SettingKind::Lengths(unit, range, place) => {
                let counts = value.as_array()?.iter().map(|one| within(range, whole(one)?.into()));
                let lengths: Vec<_> =
                    counts.map(|count| count.map(|count| unit.length(count))).collect::<Option<_>>()?;
                let lengths = <[_; 3]>::try_from(lengths).ok()?;
                *place(config) = lengths.is_sorted_by(|a, b| a < b).then_some(lengths)?;
            }
            SettingKind::Words(place) => *place(config) = words(value)?,
            SettingKind::Path(place) => *place(config) = path(value.as_str()?)?,
        }
        Some(())
    }
}

/// A path as it is written; `None` inside if it is empty.
fn path(text: &str) -> Option<Option<PathBuf>> {
    if text.is_empty() {
        return Some(None);
    }
    let path = match text.strip_prefix("~/") {
        Some(rest) => directories::BaseDirs::new()?.home_dir().join(rest),
        None => PathBuf::from(text),
    };
    path.is_absolute().then_some(Some(path))
}

fn words(value: &Value) -> Option<Vec<String>> {
    let word = |one: &Value| one.as_str().map(|word| word.trim().to_owned()).filter(|word| !word.is_empty());
    value.as_array()?.iter().map(word).collect()
}

fn whole(value: &Value) -> Option<u32> {
    u32::try_from(value.as_integer()?).ok()
}

fn within<T: PartialOrd>(range: AllowedRange<T>, value: T) -> Option<T> {
    (value >= range.low && value <= range.high).then_some(value)
}

fn unknown(path: &Path, section: &str, name: &str, value: &Value) -> ConfigError {
    let names: Vec<_> = SETTINGS.iter().filter(|key| key.section == section).map(|key| key.name).collect();
    ConfigError::Unknown {
        path: path.to_owned(),
        given: format!("[{section}] {name} = {}", format_toml(value)),
        known: format!("[{section}] has {}", names.join(", ")),
    }
}

fn unknown_section(path: &Path, name: &str, value: &Value) -> ConfigError {
    let names: Vec<_> = SECTIONS.iter().map(|(name, _)| format!("[{name}]")).collect();
    let given = if value.is_table() { format!("[{name}]") } else { format!("{name} = {}", format_toml(value)) };
    let known = format!("the settings stand under {}", names.join(", "));
    ConfigError::Unknown { path: path.to_owned(), given, known }
}

fn syntax(path: &Path, text: &str, error: &toml::de::Error) -> ConfigError {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let what = error.message().lines().collect::<Vec<_>>().join(", ");
    ConfigError::Syntax { path: path.to_owned(), line, what }
}

/// A value as the file has it.
fn format_toml(value: &Value) -> String {
    match value {
        Value::String(text) => format!("{text:?}"),
        Value::Integer(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Boolean(flag) => flag.to_string(),
        Value::Datetime(time) => time.to_string(),
        Value::Array(values) => format!("[{}]", values.iter().map(format_toml).collect::<Vec<_>>().join(", ")),
        Value::Table(_) => "a table".to_owned(),
    }
}
