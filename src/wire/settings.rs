//! The settings as a message. It is sent once a page has asked for it, and again with every change.

use serde::Serialize;

use crate::config::SectionDescription;
use crate::i18n::Bilingual;
use crate::wire::encode;

/// What the page of the settings shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SettingsPage {
    /// Every setting with its value in the file.
    pub sections: Vec<SectionDescription>,
    /// Why there is none to show or to change, as a sentence.
    pub problem: Option<Bilingual<String>>,
}

/// The settings as a message.
pub fn encode_settings(page: &SettingsPage) -> String {
    encode(&SettingsMessage { sections: &page.sections, problem: page.problem.as_ref() })
}

#[derive(Serialize)]
#[serde(tag = "type", rename = "settings")]
struct SettingsMessage<'a> {
    sections: &'a [SectionDescription],
    problem: Option<&'a Bilingual<String>>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    #[test]
    fn the_settings_have_their_message() {
        let page = SettingsPage { sections: Config::default().describe(), problem: None };
        let message: serde_json::Value = serde_json::from_str(&encode_settings(&page)).unwrap();
        assert_eq!(message["sections"][0]["name"], "targets");
        let nudges = message["sections"][2]["settings"].as_array().unwrap();
        let monologue = nudges.iter().find(|setting| setting["name"] == "monologue_s").unwrap();
        insta::assert_snapshot!(serde_json::to_string(monologue).unwrap(), @r#"{"name":"monologue_s","heading":{"ja":"長い話","en":"Long turns"},"about":{"ja":"長い話は、この三つの長さで知らせます。","en":"You are told of a long turn at these three lengths."},"form":"wholes","unit":"seconds","range":[10.0,3600.0],"enter":{"ja":"10〜3600の整数を、小さい順に三つ入れてください。","en":"Enter three whole numbers from 10 to 3600, each larger than the one before."},"value":[60,90,150],"default":[60,90,150]}"#);
        let problem = Some(Bilingual::owned("読めません。", "It cannot be read."));
        let broken = encode_settings(&SettingsPage { problem, ..SettingsPage::default() });
        insta::assert_snapshot!(broken, @r#"{"type":"settings","sections":[],"problem":{"ja":"読めません。","en":"It cannot be read."}}"#);
    }
}
