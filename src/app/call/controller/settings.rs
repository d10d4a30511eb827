//! The user's settings on the start page: read when the page opens them, one changed at a time in the user's own file, and
//! in force for the call that begins next.

use std::path::PathBuf;

use crate::app::call::CallPlan;
use crate::app::call::controller::CallController;
use crate::app::{AppError, CallRecords, NotesFolder, UserNotice};
use crate::config::{Config, ConfigError, ConfigFile, SettingError, SettingValue};
use crate::i18n::Bilingual;
use crate::server::Responder;
use crate::wire::SettingsPage;

/// The user's settings, as the start page of a call shows and changes them.
pub struct UserSettings {
    /// Where they are.
    pub file: ConfigFile,
    /// As they were read last.
    pub config: Config,
    /// Whether the command line asks for the words to be kept, whatever the settings say.
    pub keeps_words: bool,
}

const NO_SETTINGS: Bilingual =
    Bilingual { ja: "ここでは設定を変えられません。", en: "Settings cannot be changed here." };
const UNKNOWN: Bilingual = Bilingual {
    ja: "その設定はありません。ページを開き直してください。",
    en: "There is no such setting. Open the page again.",
};

impl CallController {
    /// Reads the settings anew, since the user may have edited them, and shows them.
    pub(super) fn show_settings(&mut self, responder: Responder) -> Result<(), AppError> {
        let Some(settings) = &self.plan.settings else {
            responder.refuse(NO_SETTINGS);
            return Ok(());
        };
        match settings.file.read() {
            Ok(config) => {
                responder.done();
                self.use_settings(config)
            }
            Err(error) => {
                let problem = Some(problem(&error));
                self.feed.publish_settings(&SettingsPage { problem, ..SettingsPage::default() });
                self.notifier.notify(UserNotice::SettingsNotRead(error));
                responder.done();
                Ok(())
            }
        }
    }

    /// Changes one setting in the file.
    pub(super) fn change_setting(
        &mut self,
        (section, name): (&str, &str),
        value: &SettingValue,
        responder: Responder,
    ) -> Result<(), AppError> {
        let Some(settings) = &self.plan.settings else {
            responder.refuse(NO_SETTINGS);
            return Ok(());
        };
        match settings.file.set(section, name, value) {
            Ok(config) => {
                responder.done();
                return self.use_settings(config);
            }
            Err(SettingError::Unknown) => responder.refuse(UNKNOWN),
            Err(SettingError::NotAllowed(why)) => responder.refuse_with(why),
            Err(SettingError::File(error)) => {
                responder.refuse_with(problem(&error));
                self.notifier.notify(UserNotice::SettingsNotSaved(error));
            }
        }
        Ok(())
    }

    /// From now on the call that begins next goes by these, and the pages show them.
    fn use_settings(&mut self, config: Config) -> Result<(), AppError> {
        self.feed.publish_settings(&SettingsPage { sections: config.describe(), problem: None });
        let Some(settings) = &mut self.plan.settings else { return Ok(()) };
        let before = std::mem::replace(&mut settings.config, config);
        apply(&mut self.plan);
        let Some(settings) = &self.plan.settings else { return Ok(()) };
        let choices = &mut self.start_page.choices;
        // What the user has chosen on the page for this call stays.
        if choices.icebreaker == before.start_defaults.icebreaker {
            choices.icebreaker = settings.config.start_defaults.icebreaker;
        }
        self.start_page.targets = self.plan.setup.policy.targets;
        self.start_page.off_record = self.plan.off_record;
        self.start_page.keeping = self.plan.keeping_told();
        let Some(settings) = &self.plan.settings else { return Ok(()) };
        if settings.config.nudge_trial != before.nudge_trial {
            let is_wanted = settings.config.nudge_trial;
            let arm = self.plan.records().filter(|_| is_wanted).map(CallRecords::next_trial_arm);
            self.plan.trial = arm.transpose()?;
            self.start_page.trial = self.plan.trial;
        }
        if settings_calendar(&self.plan) != before.calendar {
            self.plan.calendar = settings_calendar(&self.plan);
            self.choose_from_calendar()?;
        }
        self.publish_start_page()
    }
}

fn settings_calendar(plan: &CallPlan) -> Option<PathBuf> {
    plan.settings.as_ref().and_then(|settings| settings.config.calendar.clone())
}

/// Puts the settings into what is decided of the call.
fn apply(plan: &mut CallPlan) {
    let Some(settings) = &plan.settings else { return };
    let config = settings.config.clone();
    plan.text.keep_words = settings.keeps_words || config.retention.transcript;
    plan.off_record = config.off_record;
    plan.setup.policy = config.policy;
    if let Some(records) = plan.records_mut() {
        records.use_settings(config.retention.days, config.notes_folder.map(NotesFolder::new));
    }
}

/// What is wrong with the file, and what to do: without its path, which the terminal says.
fn problem(error: &ConfigError) -> Bilingual<String> {
    let [ja, en] = match error {
        ConfigError::Syntax { line, .. } => [
            format!(
                "設定ファイルの{line}行目に誤りがあります。何も変えていません。エディターで直してから、もう一度どうぞ。"
            ),
            format!(
                "Line {line} of the settings file has an error. Nothing was changed. Mend it in an editor and try again."
            ),
        ],
        ConfigError::Value { key, given, .. } => [
            format!(
                "設定ファイルの{key} = {given}は使えない値です。何も変えていません。エディターで直してから、もう一度どうぞ。"
            ),
            format!(
                "The settings file has {key} = {given}, which is not allowed. Nothing was changed. Mend it in an editor and try again."
            ),
        ],
        ConfigError::Unknown { given, .. } => [
            format!(
                "設定ファイルの{given}は設定にありません。何も変えていません。エディターで直してから、もう一度どうぞ。"
            ),
            format!(
                "The settings file has {given}, which is no setting. Nothing was changed. Mend it in an editor and try again."
            ),
        ],
        ConfigError::NoHome | ConfigError::Missing { .. } | ConfigError::Unreadable { .. } => [
            "設定ファイルを読めません。読み取りを許可してから、もう一度どうぞ。".to_owned(),
            "The settings file cannot be read. Make it readable and try again.".to_owned(),
        ],
        ConfigError::Unwritable { .. } => [
            "設定を保存できませんでした。前のままです。ファイルに書き込めるようにしてから、もう一度どうぞ。".to_owned(),
            "That was not saved, and the settings are as they were. Make their file writable and try again.".to_owned(),
        ],
    };
    Bilingual { ja, en }
}
