//! Writes the settings as a file, with their meanings, ranges and defaults as comments.

use std::fmt::Write;

use crate::config::Config;
use crate::config::settings::{SECTIONS, SETTINGS};

impl Config {
    /// The settings in force, as a file that says the same.
    pub fn to_toml(&self) -> String {
        render(self, "")
    }

    /// A file that sets nothing, and shows in comments what can be set.
    pub fn template() -> String {
        format!(
            "# Settings of Keicho. Take the # off a line and change its value; a line that is not here has its default.\n\
             \n{}",
            render(&Self::default(), "#")
        )
    }
}

fn render(config: &Config, before: &str) -> String {
    let mut page = String::new();
    let default = Config::default();
    for (section, about) in SECTIONS {
        // Writing to a string cannot fail.
        let _ = writeln!(page, "# {}\n[{section}]", about.en);
        for key in SETTINGS.iter().filter(|key| key.section == *section) {
            let (allowed, usual) = (key.kind.allowed_values(), key.kind.format_value(&default));
            let _ = writeln!(page, "# {} May be {allowed}; {usual} by default.", key.about.en);
            let _ = writeln!(page, "{before}{} = {}", key.name, key.kind.format_value(config));
        }
        page.push('\n');
    }
    page.truncate(page.trim_end().len());
    page.push('\n');
    page
}
