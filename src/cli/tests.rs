use super::*;
use crate::cli::detector::DetectorName;
use crate::frontend::vad::Detector;

fn parse(words: &str) -> Result<CliCommand, clap::error::ErrorKind> {
    Cli::try_parse_from(words.split(' ')).map(|cli| cli.command).map_err(|error| error.kind())
}

#[test]
fn the_definition_is_sound() {
    <Cli as clap::CommandFactory>::command().debug_assert();
}

#[test]
fn wrong_words_are_refused() {
    use clap::error::ErrorKind;
    assert_eq!(parse("keicho replay").unwrap_err(), ErrorKind::MissingRequiredArgument);
    assert_eq!(parse("keicho replay a.wav --mode lecturing").unwrap_err(), ErrorKind::InvalidValue);
    assert_eq!(parse("keicho replay a.wav --vad ears").unwrap_err(), ErrorKind::InvalidValue);
    assert_eq!(parse("keicho demo --port 70000").unwrap_err(), ErrorKind::ValueValidation);
    assert_eq!(parse("keicho models burn").unwrap_err(), ErrorKind::InvalidSubcommand);
    assert_eq!(parse("keicho sing").unwrap_err(), ErrorKind::InvalidSubcommand);
}

#[test]
fn defaults_are_the_documented_ones() {
    let Ok(CliCommand::Demo(_)) = parse("keicho demo") else { panic!() };
    let Ok(CliCommand::Replay(_)) = parse("keicho replay a.wav b.wav --pace real --serve --lang ja --no-text") else {
        panic!()
    };
    assert_eq!(PORT, 4649);
}

#[test]
fn a_detector_goes_by_its_name() {
    let vad = |words: &str| match parse(words) {
        Ok(CliCommand::Replay(args)) => args.call_args.vad,
        other => panic!("{other:?}"),
    };
    assert_eq!(vad("keicho replay a.wav"), DetectorName::Firered);
    assert_eq!(vad("keicho replay a.wav --vad earshot"), DetectorName::Earshot);
    assert_eq!(vad("keicho replay a.wav --vad webrtc"), DetectorName::Webrtc);
    assert_eq!(vad("keicho replay a.wav --vad silero"), DetectorName::Silero);
    assert!(matches!(DetectorName::Earshot.detector().unwrap(), Detector::Earshot));
    assert!(matches!(DetectorName::Firered.detector().unwrap(), Detector::FireRed));
    assert!(matches!(DetectorName::Webrtc.detector().unwrap(), Detector::Webrtc));
}

#[test]
fn the_locale_chooses_the_summarys_language() {
    assert_eq!(Language::from_locale("ja_JP.UTF-8"), Language::Ja);
    assert_eq!(Language::from_locale("en_GB.UTF-8"), Language::En);
    assert_eq!(Language::from_locale("C"), Language::En);
}

/// Set in a process that fails on purpose.
const FAILS: &str = "KEICHO_TEST_FAILS";

#[test]
fn of_a_panic_the_place_is_logged_and_no_word() {
    use std::process::Command;
    if std::env::var_os(FAILS).is_some() {
        start_log();
        let failed =
            std::thread::Builder::new().name("ear".to_owned()).spawn(|| panic!("Sato wants to resign")).unwrap();
        assert!(failed.join().is_err());
        console::flush();
        return;
    }
    // What is logged of panics holds for a whole process: this program again, asked for this test.
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["cli::tests::of_a_panic_the_place_is_logged_and_no_word", "--exact", "--nocapture"]);
    child.env(FAILS, "1").env_remove("RUST_LOG");
    let output = child.output().unwrap();
    let said = [output.stdout, output.stderr].map(|said| String::from_utf8_lossy(&said).into_owned()).concat();
    assert!(output.status.success() && said.contains("a part of Keicho failed"), "{said}");
    assert!(said.contains("ear") && said.contains(&format!("{}:", file!())), "{said}");
    assert!(!said.contains("resign"), "{said}");
}
