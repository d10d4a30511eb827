//! The page in Chromium, walked through by scripts of `tests/page` that are their own judges. Some bring a small server of
//! their own, the others are walks with the program itself; calls that stand still, and what a failing server does to the
//! page, are in `page.rs`. Pictures are left in `target/page`.
//!
//! Needs node, `npm ci` in `tests/page`, Chromium, and Xvfb for the walk that needs a screen: `make test` sees to them.

use std::path::{Path, PathBuf};

use crate::support::browser;
use crate::support::run::PROGRAM;
use crate::support::sample;

fn pictures() -> PathBuf {
    browser::pictures("page")
}

#[test]
fn somebody_uses_the_page_from_before_a_call_to_after_it() {
    browser::run("use.mjs", &[]);
}

#[test]
fn what_is_done_on_the_page_is_done_in_the_call() {
    browser::run("program.mjs", &[Path::new(PROGRAM)]);
}

#[test]
fn the_overlay_has_a_window_of_its_own_and_comes_home() {
    browser::run("window.mjs", &[&pictures()]);
}

#[test]
fn every_look_fits_its_window_and_breaks_no_rule_of_accessibility() {
    browser::run("shots.mjs", &[&pictures().join("made")]);
}

#[test]
fn a_program_that_is_gone_is_told_and_the_next_one_has_another_address() {
    browser::run("gone.mjs", &[Path::new(PROGRAM), Path::new(sample::CALL), &pictures().join("gone")]);
}

#[test]
fn an_hour_of_messages_leaves_nothing_behind() {
    browser::run("memory.mjs", &[]);
}

/// The start page of the program itself, on a sound server of its own with the user's own settings, and on to the summary.
#[cfg(all(feature = "capture", target_os = "linux"))]
mod live {
    use std::io::{BufRead as _, BufReader};
    use std::process::Stdio;

    use keicho::report::history::History;
    use keicho::report::summary::Language;
    use keicho::store::{DataDir, Store};
    use keicho::time::SampleTime;

    use super::{Path, PathBuf, pictures};
    use crate::support::browser;
    use crate::support::calendar::with_1on1_in;
    use crate::support::live::Live;
    use crate::support::play::{Player, sides};
    use crate::support::server::{CALL_OUT, Kind, MIC_PIPE, SoundServer};

    const SETTINGS: &str = "
        [targets]
        listening = 0.25
        coaching = 0.2
        feedback = 0.45
        [nudges]
        share_recent_s = 120
    ";

    #[test]
    fn a_call_is_prepared_on_the_page_led_from_it_and_asked_about() {
        let _turn = browser::turn();
        let server = SoundServer::start(Kind::PulseAudio);
        let settings = server.dir().join("state/keicho");
        std::fs::create_dir_all(&settings).unwrap();
        std::fs::write(settings.join("config.toml"), SETTINGS).unwrap();
        let sides = sides(server.dir(), SampleTime::from_ms(120_000));
        let mut live = Live::start(&server, &["--prepare"], None);

        let address = live.line("overlay: ");
        let mut script = browser::script("prepare.mjs");
        script.arg(address).arg(pictures().join("live")).stdout(Stdio::piped());
        let mut script = script.spawn().expect("node is missing: make test installs it");
        let mut players = Vec::new();
        let mut said = Vec::new();
        for line in BufReader::new(script.stdout.take().unwrap()).lines() {
            let line = line.unwrap();
            match line.as_str() {
                "please talk" => {
                    players.push(Player::start(&server, "call", CALL_OUT, &sides.them));
                    players.push(Player::start(&server, "voice", MIC_PIPE, &sides.me));
                }
                "begun" => assert!(live.out.exists(), "a call that has begun is kept"),
                _ => {}
            }
            said.push(line);
        }
        assert!(script.wait().unwrap().success(), "the walk failed after {said:?}; its sentence is above");
        assert_eq!(said, ["please talk", "begun", "done"]);
        live.ended();
        let summary = live.summary();
        assert_eq!((&summary["call"]["with"], &summary["call"]["target"]), (&"佐藤".into(), &0.45.into()));
        assert_eq!((&summary["check_in"]["score"], &summary["perception"]["share"]), (&4.into(), &0.4.into()));
        assert_eq!(summary["agenda"][0]["state"], "done");
        let notes: Vec<_> =
            summary["notes"].as_array().unwrap().iter().map(|note| (&note["text"], &note["state"])).collect();
        let done = (&"評価の資料を送る".into(), &"done".into());
        assert_eq!(notes, [done, (&"来月から育休".into(), &serde_json::Value::Null)]);
    }

    #[test]
    fn from_the_start_page_to_a_running_call_are_two_steps() {
        let server = SoundServer::start(Kind::PulseAudio);
        for by in ["mouse", "keys", "nowhere"] {
            let mut live = Live::start(&server, &["--prepare"], None);
            let address = live.line("overlay: ");
            assert_eq!(browser::run("steps.mjs", &[Path::new(&address), Path::new(by)]), "2 steps\n", "{by}");
            live.interrupt();
            live.ended();
            assert_eq!(live.summary()["call"]["with"], "Sato");
        }
    }

    #[test]
    fn settings_are_changed_on_the_page_kept_in_the_users_file_and_the_next_call_goes_by_them() {
        let server = SoundServer::start(Kind::PulseAudio);
        let folder = server.dir().join("state/keicho");
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join("config.toml");
        std::fs::write(&file, format!("# Mine.{}", SETTINGS.replace("0.25", "0.25 # less than 30"))).unwrap();
        let mut live = Live::start(&server, &["--prepare"], None);
        let address = live.line("overlay: ");
        let calendar = server.dir().join("mine.ics");
        std::fs::write(&calendar, with_1on1_in(20, "Mori").1).unwrap();
        let said = browser::run("settings.mjs", &[Path::new(&address), &file, &calendar, &pictures().join("settings")]);
        assert_eq!(said, "the call goes by it\n");
        live.interrupt();
        live.ended();
        let summary = live.summary();
        assert_eq!(summary["call"]["target"], 0.45);
        let text = std::fs::read_to_string(file).unwrap();
        assert!(text.starts_with("# Mine.") && text.contains("listening = 0.45 # less than 30"), "{text}");
    }

    #[test]
    fn sound_is_mended_where_it_is_named() {
        let _turn = browser::turn();
        let server = SoundServer::start(Kind::PulseAudio);
        let load = |words: &[&str]| drop(server.load(words));
        load(&["module-null-sink", "sink_name=headset", "sink_properties=device.description=Headset", "channels=2"]);
        load(&["module-null-sink", "sink_name=desk", "sink_properties=device.description=Speakers", "channels=2"]);
        load(&[
            "module-remap-source",
            "source_name=webcam",
            "master=mic_pipe.monitor",
            "source_properties=device.description=Webcam",
        ]);
        server.ctl(&["set-default-sink", "desk"]);
        let sides = sides(server.dir(), SampleTime::from_ms(120_000));
        let mut live = Live::start(&server, &["--prepare"], None);
        let address = live.line("overlay: ");
        let mut script = browser::script("devices.mjs");
        script.arg(address).arg(pictures().join("devices")).stdout(Stdio::piped());
        let mut script = script.spawn().expect("node is missing: make test installs it");
        let (mut players, mut said) = (Vec::new(), Vec::new());
        for line in BufReader::new(script.stdout.take().unwrap()).lines() {
            said.push(line.unwrap());
            if said.last().is_some_and(|line| line == "please talk") {
                players.push(Player::start(&server, "call", "headset", &sides.them));
                players.push(Player::start(&server, "voice", MIC_PIPE, &sides.me));
            }
        }
        assert!(script.wait().unwrap().success(), "the walk failed after {said:?}; its sentence is above");
        assert_eq!(said, ["please talk", "done"]);
        live.ended();
        assert_eq!(live.summary()["call"]["language"], "ja", "as it was chosen on the page");
    }

    #[test]
    fn a_call_in_which_nobody_was_heard_is_no_call_so_far_unless_it_is_kept() {
        let server = SoundServer::start(Kind::PulseAudio);
        let data = DataDir::new(server.dir().join(".local/share/keicho"));
        let now = jiff::Zoned::now();
        let mut seen = Vec::new();
        for wanted in ["delete", "keep"] {
            let mut live = Live::start(&server, &["--at-once", "--with", "Sato"], None);
            let address = live.line("overlay: ");
            browser::run("discard.mjs", &[Path::new(&address), Path::new(wanted)]);
            let page = PathBuf::from(live.ended());
            let history = History::read(&Store::open(&data).unwrap(), None, &now).unwrap();
            let json: serde_json::Value = serde_json::from_str(&history.json().unwrap()).unwrap();
            seen.push((page.exists(), json["calls"].as_array().unwrap().len()));
            let listed = history.page(Language::En, &|_| None);
            assert_eq!(!listed.contains(">0 calls<"), wanted == "keep", "{listed}");
        }
        assert_eq!(seen, [(false, 0), (true, 1)]);
    }
}
