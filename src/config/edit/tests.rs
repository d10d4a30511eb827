use std::path::PathBuf;

use super::*;
use crate::config::SectionDescription;
use crate::config::settings::GROUPS;

/// A file of settings in a folder of its own.
fn file(text: &str) -> (tempfile::TempDir, PathBuf, ConfigFile) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.toml");
    fs::write(&path, text).unwrap();
    let file = ConfigFile::locate_with(Some(path.clone().into())).unwrap();
    (folder, path, file)
}

/// What is said at the field.
fn refusal(file: &ConfigFile, section: &str, name: &str, value: SettingValue) -> String {
    match file.set(section, name, &value) {
        Err(SettingError::NotAllowed(why)) => format!("{} / {}", why.ja, why.en.replace('\u{a0}', " ")),
        other => panic!("{other:?}"),
    }
}

const WRITTEN: &str = "# Mine, from the old laptop.\n\n[keep]\ndays   = 30  # the lawyer says so\n\n# Quiet, please.\n\
                       [nudges]\nmost = 3\n# not so often\napart_s = 120 # two minutes\n\n[targets]\n";

#[test]
fn one_value_changes_and_comments_and_order_stay() {
    let (_folder, path, file) = file(WRITTEN);
    let config = file.set("nudges", "apart_s", &SettingValue::Whole(240)).unwrap();
    assert_eq!(config.policy.spacing.as_ms(), 240_000);
    assert_eq!(fs::read_to_string(&path).unwrap(), WRITTEN.replace("apart_s = 120", "apart_s = 240"));
    assert_eq!(file.read().unwrap(), config);

    file.set("targets", "listening", &SettingValue::Share(0.35)).unwrap();
    file.set("kinds", "pace", &SettingValue::Flag(false)).unwrap();
    let config = file.set("agent", "applications", &SettingValue::Words(vec!["zoom".into(), "\"x\"".into()])).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.starts_with(&WRITTEN.replace("apart_s = 120", "apart_s = 240")), "{text}");
    assert!(text.contains("[targets]\nlistening = 0.35\n") && text.contains("[kinds]\npace = false\n"), "{text}");
    assert_eq!(config.agent.applications, ["zoom", "\"x\""]);
    assert_eq!(file.read().unwrap(), config);
}

#[test]
fn a_section_in_one_line_is_changed_in_it() {
    let (_folder, path, file) = file("keep = { days = 30, transcript = true } # all of it\n");
    file.set("keep", "days", &SettingValue::Whole(31)).unwrap();
    assert_eq!(fs::read_to_string(path).unwrap(), "keep = { days = 31, transcript = true } # all of it\n");
}

#[test]
fn what_is_not_allowed_is_said_at_its_field_and_changes_nothing() {
    let (_folder, path, file) = file(WRITTEN);
    insta::assert_snapshot!([
        refusal(&file, "nudges", "apart_s", SettingValue::Whole(5)),
        refusal(&file, "nudges", "apart_s", SettingValue::Share(90.5)),
        refusal(&file, "nudges", "apart_s", SettingValue::Text("90".into())),
        refusal(&file, "targets", "listening", SettingValue::Share(0.95)),
        refusal(&file, "targets", "listening", SettingValue::Share(f64::NAN)),
        refusal(&file, "nudges", "monologue_s", SettingValue::Wholes(vec![60, 60, 150])),
        refusal(&file, "kinds", "pace", SettingValue::Whole(1)),
        refusal(&file, "notes", "folder", SettingValue::Text("notes".into())),
        refusal(&file, "agent", "applications", SettingValue::Words(vec!["zoom".into(), " ".into()])),
        refusal(&file, "nudges", "pause_ms", SettingValue::Whole(1_200)),
        refusal(&file, "nudges", "handed_over_ms", SettingValue::Whole(2_000_000)),
        {
            file.set("nudges", "pause_ms", &SettingValue::Whole(700)).unwrap();
            refusal(&file, "nudges", "handed_over_ms", SettingValue::Whole(600))
        },
    ]
    .join("\n"), @r#"
    20〜3600の整数を入れてください。 / Enter a whole number from 20 to 3600.
    20〜3600の整数を入れてください。 / Enter a whole number from 20 to 3600.
    20〜3600の整数を入れてください。 / Enter a whole number from 20 to 3600.
    10〜90%で入れてください。 / Enter a value from 10% to 90%.
    10〜90%で入れてください。 / Enter a value from 10% to 90%.
    10〜3600の整数を、小さい順に三つ入れてください。 / Enter three whole numbers from 10 to 3600, each larger than the one before.
    オンかオフを選んでください。 / Choose on or off.
    /か~/で始まるフォルダーを入れるか、空にしてください。 / Enter a folder that begins with / or ~/, or leave it empty.
    1行に一つずつ入れてください。 / Enter one on each line.
    1000ミリ秒より小さくしてください（「これより長く途切れたら、相手に渡したとみなします」の値です）。 / Enter less than 1000 ms, the value of “A pause that is longer than this hands over to them”.
    500〜3000の整数を入れてください。 / Enter a whole number from 500 to 3000.
    700ミリ秒より大きくしてください（「長い話のひとことは、自分の話がこの長さ途切れたときに出します」の値です）。 / Enter more than 700 ms, the value of “A nudge about a long turn comes in a pause of yours that is at least this long”.
    "#);
    assert_eq!(
        fs::read_to_string(path).unwrap(),
        WRITTEN.replace("# two minutes\n", "# two minutes\npause_ms = 700\n")
    );
    assert!(matches!(file.set("keep", "audio", &SettingValue::Flag(true)), Err(SettingError::Unknown)));
}

#[test]
fn a_file_that_is_wrong_is_left_as_it_is() {
    for text in ["[keep]\ndays = = 30\n", "[keep]\ndays = 0\n", "[keep]\nsound = true\n", "keep = 3\n"] {
        let (_folder, path, file) = file(text);
        assert!(matches!(file.set("keep", "days", &SettingValue::Whole(31)), Err(SettingError::File(_))), "{text}");
        assert_eq!(fs::read_to_string(path).unwrap(), text);
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_written_stays_and_a_link_is_followed() {
    use std::os::unix::fs::symlink;
    let (folder, path, file) = file(WRITTEN);
    // A folder in the place of the unfinished file: not even the superuser can write it.
    fs::create_dir(folder.path().join("config.toml.part")).unwrap();
    let refused = file.set("keep", "days", &SettingValue::Whole(31));
    assert!(matches!(refused, Err(SettingError::File(ConfigError::Unwritable { .. }))), "{refused:?}");
    assert_eq!(fs::read_to_string(&path).unwrap(), WRITTEN);
    fs::remove_dir(folder.path().join("config.toml.part")).unwrap();

    let dotfiles = folder.path().join("dotfiles.toml");
    fs::rename(&path, &dotfiles).unwrap();
    symlink(&dotfiles, &path).unwrap();
    file.set("keep", "days", &SettingValue::Whole(31)).unwrap();
    assert!(fs::symlink_metadata(&path).unwrap().is_symlink());
    assert!(fs::read_to_string(dotfiles).unwrap().contains("days   = 31  # the lawyer says so"));
}

#[test]
fn a_long_section_has_headings_and_each_stands_where_its_group_begins() {
    let sections = Config::default().describe();
    let groups = |section: &SectionDescription| section.settings.iter().filter(|one| one.heading.is_some()).count();
    let placed: usize = sections.iter().map(groups).sum();
    assert_eq!(placed, GROUPS.len(), "every heading has its setting");
    for section in sections.iter().filter(|section| section.settings.len() > 10) {
        let longest = section.settings.split(|one| one.heading.is_some()).map(<[_]>::len).max();
        assert!(section.settings[0].heading.is_some() && longest < Some(10), "{}", section.name);
    }
}

#[test]
fn every_setting_has_its_default_and_takes_it_again() {
    let (_folder, _path, file) = file(&Config::template());
    let mut count = 0;
    for section in Config::default().describe() {
        for setting in section.settings {
            assert_eq!(setting.value, setting.default, "{}", setting.name);
            // As the page gives it back: through JSON, where a share of 1.0 may be 1.
            let json = serde_json::to_string(&setting.default).unwrap();
            let value: SettingValue = serde_json::from_str(&json).unwrap();
            assert_eq!(file.set(section.name, setting.name, &value).unwrap(), Config::default(), "{}", setting.name);
            let sentence = |text: &str| text.ends_with(['.', '。']);
            assert!(sentence(setting.about.en) && sentence(setting.about.ja), "{}", setting.name);
            count += 1;
        }
    }
    assert_eq!(count, SETTINGS.len());
    assert_eq!(
        fs::read_to_string(file.path())
            .unwrap()
            .lines()
            .filter(|line| line.contains(" = ") && !line.starts_with('#'))
            .count(),
        count
    );
}
