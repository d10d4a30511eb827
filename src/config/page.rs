//! The settings as a file: with their meanings, ranges and defaults as comments.

use std::fmt::Write;

use crate::config::Config;
use crate::config::keys::{KEYS, SECTIONS};

impl Config {
    /// The settings in force, as a file that says the same.
    pub fn page(&self) -> String {
        page(self, "")
    }

    /// A file that sets nothing, and shows what can be set.
    pub fn template() -> String {
        format!(
            "# Settings of Keicho. Take the # off a line and change its value; a line that is not here has its default.\n\
             \n{}",
            page(&Self::default(), "#")
        )
    }
}

fn page(config: &Config, before: &str) -> String {
    let mut page = String::new();
    let default = Config::default();
    for (section, about) in SECTIONS {
        // Writing to a string cannot fail.
        let _ = writeln!(page, "# {about}\n[{section}]");
        for key in KEYS.iter().filter(|key| key.section == *section) {
            let (allowed, usual) = (key.holds.allowed(), key.holds.written(&default));
            let _ = writeln!(page, "# {} May be {allowed}; {usual} by default.", key.about);
            let _ = writeln!(page, "{before}{} = {}", key.name, key.holds.written(config));
        }
        page.push('\n');
    }
    page.truncate(page.trim_end().len());
    page.push('\n');
    page
}
