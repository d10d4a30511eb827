use std::path::{Path, PathBuf};

use proptest::prelude::*;
use strum::VariantArray as _;

use super::*;
use crate::config::settings::{SECTIONS, SETTINGS, SettingKind};
use crate::doubles::damage::{cases, damaged};
use crate::nudges::{Mode, NudgeKind};

fn parse(text: &str) -> Result<Config, ConfigError> {
    Config::parse(Path::new("config.toml"), text)
}

/// What is said of a file that cannot be used.
fn wrong(text: &str) -> String {
    parse(text).unwrap_err().to_string()
}

#[test]
fn an_empty_file_sets_nothing() {
    assert_eq!(parse("").unwrap(), Config::default());
    assert_eq!(parse(&Config::template()).unwrap(), Config::default());
}

#[test]
fn every_kind_of_setting_is_taken_over() {
    let config = parse(
        "[targets]\nlistening = 0.45\n\n[kinds]\nfillers = true\n\n[nudges]\napart_s = 120\nmonologue_s = [45, 90, 200]\n\
         most = 4\ngood_wait_from_ms = 2000\n\n[off_record]\nlast_min = 5\n\n[keep]\ntranscript = true\ndays = 30\n",
    );
    let config = config.unwrap();
    assert_eq!(config.policy.target(Mode::Listening), 0.45);
    assert_eq!(config.policy.target(Mode::Coaching), 0.30, "the others stay");
    assert!(config.policy.kinds[NudgeKind::Fillers] && config.policy.kinds[NudgeKind::Share]);
    assert_eq!(config.policy.monologue_tiers, [45, 90, 200].map(Samples::from_secs));
    assert_eq!((config.policy.spacing, config.policy.max_nudges), (Samples::from_secs(120), 4));
    assert_eq!(config.off_record, OffRecordLengths { last: Samples::from_secs(300), next: Samples::from_secs(120) });
    assert_eq!(config.retention, Retention { transcript: true, days: 30 });
    let notes = |path: &str| parse(&format!("[notes]\nfolder = {path:?}")).map(|config| config.notes_folder);
    assert_eq!(notes("/home/aoki/ノート").unwrap(), Some(PathBuf::from("/home/aoki/ノート")));
    assert!(notes("~/notes").unwrap().unwrap().ends_with("notes"));
    assert_eq!(notes("").unwrap(), None);
}

#[test]
fn what_is_wrong_is_said_in_a_sentence() {
    insta::assert_snapshot!([
        wrong("[nudges]\napart_s = 5"),
        wrong("[nudges]\napart_s = 90.5"),
        wrong("[nudges]\napart_s = -90"),
        wrong("[nudges]\napart_s = \"90 s\""),
        wrong("[nudges]\napart_s = 99999999999"),
        wrong("[targets]\nlistening = 30"),
        wrong("[targets]\nlistening = nan"),
        wrong("[kinds]\nfillers = \"yes\""),
        wrong("[nudges]\nmonologue_s = [60, 90]"),
        wrong("[nudges]\nmonologue_s = [60, 60, 150]"),
        wrong("[nudges]\npause_ms = 1500"),
        wrong("[keep]\ndays = 0"),
        wrong("[keep]\naudio = true"),
        wrong("[notes]\nfolder = \"notes\""),
        wrong("[nudge]\napart_s = 90"),
        wrong("apart_s = 90"),
        wrong("[nudges]\nmost = 3\napart_s = = 90"),
        wrong("[nudges]\nmost = 3\nmost = 4"),
    ]
    .join("\n"), @r#"
    config.toml: [nudges] apart_s is 5, but may be a whole number of seconds from 20 to 3600
    config.toml: [nudges] apart_s is 90.5, but may be a whole number of seconds from 20 to 3600
    config.toml: [nudges] apart_s is -90, but may be a whole number of seconds from 20 to 3600
    config.toml: [nudges] apart_s is "90 s", but may be a whole number of seconds from 20 to 3600
    config.toml: [nudges] apart_s is 99999999999, but may be a whole number of seconds from 20 to 3600
    config.toml: [targets] listening is 30, but may be a number from 0.1 to 0.9
    config.toml: [targets] listening is NaN, but may be a number from 0.1 to 0.9
    config.toml: [kinds] fillers is "yes", but may be true or false
    config.toml: [nudges] monologue_s is [60, 90], but may be three rising whole numbers of seconds from 10 to 3600
    config.toml: [nudges] monologue_s is [60, 60, 150], but may be three rising whole numbers of seconds from 10 to 3600
    config.toml: [nudges] pause_ms is 1500, but may be only under handed_over_ms, which is 1000
    config.toml: [keep] days is 0, but may be a whole number from 1 to 3650
    config.toml: [keep] audio = true is no setting; [keep] has transcript, days
    config.toml: [notes] folder is "notes", but may be a path that begins with / or ~/, or "" for none
    config.toml: [nudge] is no setting; the settings stand under [targets], [kinds], [nudges], [start], [off_record], [keep], [notes], [calendar], [agent]
    config.toml: apart_s = 90 is no setting; the settings stand under [targets], [kinds], [nudges], [start], [off_record], [keep], [notes], [calendar], [agent]
    config.toml, line 3: extra `=`, expected nothing
    config.toml, line 3: duplicate key
    "#);
}

#[test]
fn what_is_shown_says_the_same_again() {
    let mut config = Config::default();
    config.policy.targets.get_mut(Mode::Teaching).clone_from(&0.655);
    config.policy.monologue_tiers[0] = Samples::from_secs(30);
    config.policy.kinds[NudgeKind::Pace] = false;
    config.retention.days = 7;
    assert_eq!(parse(&config.to_toml()).unwrap(), config);
    assert_eq!(parse(&Config::default().to_toml()).unwrap(), Config::default());
}

#[test]
fn the_template_with_every_sign_taken_off_is_the_default() {
    let lines = Config::template();
    let set = lines.lines().filter_map(|line| match line.strip_prefix('#') {
        Some(rest) if !rest.starts_with(' ') => Some(rest),
        Some(_) => None,
        None => Some(line),
    });
    let text = set.collect::<Vec<_>>().join("\n");
    assert_eq!(text.matches(" = ").count(), SETTINGS.len());
    assert_eq!(parse(&text).unwrap(), Config::default());
}

#[test]
fn every_setting_is_one_of_its_own() {
    for key in SETTINGS {
        assert!(SECTIONS.iter().any(|(section, _)| *section == key.section), "{key}");
        let unit = match key.kind {
            SettingKind::Length(unit, ..) | SettingKind::Lengths(unit, ..) => Some(unit.name()),
            _ => None,
        };
        let ending = unit.map(|unit| match unit {
            "milliseconds" => "_ms",
            "seconds" => "_s",
            _ => "_min",
        });
        assert!(ending.is_none_or(|ending| key.name.ends_with(ending)), "{key} says its unit");
        // Of each place that is changed exactly one key tells.
        let mut changed = Config::default();
        match key.kind {
            SettingKind::Flag(place) => *place(&mut changed) ^= true,
            SettingKind::Count(_, place) => *place(&mut changed) += 1,
            SettingKind::Share(_, place) => *place(&mut changed) += 0.01,
            SettingKind::Length(unit, _, place) => *place(&mut changed) += unit.length(1),
            SettingKind::Lengths(unit, _, place) => place(&mut changed)[2] += unit.length(1),
            SettingKind::Path(place) => *place(&mut changed) = Some(PathBuf::from("/notes")),
            SettingKind::Words(place) => place(&mut changed).push("mumble".to_owned()),
        }
        let differs = |other: &&crate::config::settings::Setting| {
            other.kind.format_value(&changed) != other.kind.format_value(&Config::default())
        };
        let names: Vec<_> = SETTINGS.iter().filter(differs).map(|other| other.to_string()).collect();
        assert_eq!(names, [key.to_string()]);
    }
}

#[test]
fn the_defaults_are_allowed() {
    for key in SETTINGS {
        let line = format!("[{}]\n{} = {}", key.section, key.name, key.kind.format_value(&Config::default()));
        assert_eq!(parse(&line).map_err(|error| error.to_string()), Ok(Config::default()));
    }
}

#[test]
fn a_file_that_is_not_there_sets_nothing_unless_it_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("none.toml");
    let named = ConfigFile::locate_with(Some(path.clone().into())).unwrap();
    assert!(matches!(named.read(), Err(ConfigError::Missing { path: missing }) if missing == path));
    assert!(matches!(
        ConfigFile::locate_with(Some(folder.path().into())).unwrap().read(),
        Err(ConfigError::Unreadable { .. })
    ));
    let own = ConfigFile::locate_with(None).unwrap();
    assert!(own.path().ends_with(PathBuf::from("config.toml")));
}

#[cfg(unix)]
#[test]
fn it_is_made_from_the_template_for_its_owner_alone_and_never_made_anew() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new/config.toml");
    let file = ConfigFile::locate_with(Some(path.clone().into())).unwrap();
    file.create().unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
    assert_eq!(file.read().unwrap(), Config::default());

    std::fs::write(&path, "[keep]\ndays = 7\n").unwrap();
    file.create().unwrap();
    assert_eq!(file.read().unwrap().retention.days, 7, "the user's own file stays");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    file.restrict_permissions().unwrap();
    assert_eq!(mode(&path), 0o600);
}

/// Files that set something, to be damaged.
fn whole_files() -> Vec<Vec<u8>> {
    let set = "[targets]\nlistening = 0.45\n\n[kinds]\nfillers = true\n\n[nudges]\napart_s = 120\n\
               monologue_s = [45, 90, 200]\nmost = 4\n\n[off_record]\nlast_min = 5\n\n[keep]\ndays = 30\n";
    let template = Config::template().replace("# ", "").replace('#', "");
    vec![set.as_bytes().to_vec(), Config::template().into_bytes(), template.into_bytes()]
}

proptest! {
    #![proptest_config(cases(500))]

    #[test]
    fn a_damaged_file_is_refused_in_a_sentence_or_sets_what_is_allowed(bytes in damaged(whole_files())) {
        match parse(&String::from_utf8_lossy(&bytes)) {
            Err(error) => {
                let said = error.to_string();
                prop_assert!(said.starts_with("config.toml") && !said.contains('\n') && said.len() < 1_000, "{said}");
            }
            Ok(config) => {
                prop_assert!((1..=3_650).contains(&config.retention.days), "{:?}", config.retention);
                let [first, second, third] = config.policy.monologue_tiers;
                prop_assert!(first < second && second < third);
                prop_assert!(Mode::VARIANTS.iter().all(|mode| (0.0..=1.0).contains(&config.policy.target(*mode))));
            }
        }
    }
}
