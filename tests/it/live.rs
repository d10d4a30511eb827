//! `keicho live` as a user runs it, on a real sound server: two applications play the two sides of a call, and what is
//! shown and what is left is true.

use std::process::Command;

use keicho::records::{CallRecord, Figures, TrialArm};
use keicho::store::{CallEnd, DataDir, Store};
use keicho::time::SampleTime;
use serde_json::{Value, json};

use crate::support::doubles::record::live_call;
use crate::support::live::{Live, Page};
use crate::support::play::{Player, sides};
use crate::support::run::PROGRAM;
use crate::support::sample;
use crate::support::server::{CALL_OUT, MIC_PIPE, SoundServer, on_each_server};

on_each_server!(
    a_live_call_is_shown_while_it_goes_on_and_summed_up_at_ctrl_c,
    a_call_is_prepared_led_and_left_from_its_page,
    calls_of_a_trial_take_turns,
    who_leaves_before_the_call_leaves_nothing,
    a_live_call_cannot_reach_a_network,
    a_second_start_leads_to_the_page_of_the_first,
    a_call_on_a_full_disk_is_held_and_saved_once_there_is_room,
    devices_and_doctor_say_what_there_is,
);

/// The part of the sample call that is played: small talk, a silence, an interruption, half of the monologue.
const PLAYED_MS: u64 = 50_000;

/// The true share of the manager in the part that is played, backchannels left out.
fn true_share() -> f64 {
    let labels = sample::labels();
    let talk = |track: &str| -> u64 {
        let nods: Vec<_> = labels["backchannels"].as_array().unwrap().iter().filter(|b| b["by"] == track).collect();
        let run = |run: &Value| (run[0].as_u64().unwrap(), run[1].as_u64().unwrap().min(PLAYED_MS));
        let runs = labels["speech"][track].as_array().unwrap().iter().map(run).filter(|(start, end)| start < end);
        let nod = |start: u64, end: u64| {
            nods.iter().any(|b| b["start_ms"].as_u64().unwrap() < end && start < b["end_ms"].as_u64().unwrap())
        };
        runs.filter(|(start, end)| !nod(*start, *end)).map(|(start, end)| end - start).sum()
    };
    let (me, them) = (talk("me") as f64, talk("them") as f64);
    me / (me + them)
}

fn a_live_call_is_shown_while_it_goes_on_and_summed_up_at_ctrl_c(server: SoundServer) {
    let sides = sides(server.dir(), SampleTime::from_ms(PLAYED_MS));
    let mut live = Live::start(&server, &["--with", "Sato"], None);
    let mut page = Page::open(&live.line("overlay: "));
    page.until(|snapshot| snapshot["now_ms"].as_u64().unwrap() > 500);

    let them = Player::start(&server, "call", CALL_OUT, &sides.them);
    let me = Player::start(&server, "voice", MIC_PIPE, &sides.me);
    page.until(|snapshot| snapshot["speaking"]["them"] == true && snapshot["floor"] == "them");
    page.until(|snapshot| snapshot["speaking"]["me"] == true && snapshot["floor"] == "me");
    page.until(|snapshot| snapshot["silence_ms"].as_u64().unwrap() > 3_000);
    me.finish();
    them.finish();
    // Everything that was played has been heard once both have been quiet for longer than any buffer.
    page.until(|snapshot| {
        snapshot["silence_ms"].as_u64().unwrap() > 3_000 && snapshot["now_ms"].as_u64().unwrap() > PLAYED_MS
    });

    live.end(&mut page);
    let summary = live.summary();
    let share = summary["talk"]["me"]["share"].as_f64().unwrap();
    let truth = true_share();
    assert!((share - truth).abs() <= 0.02, "the share is {share:.3}, in truth {truth:.3}");
    for track in ["me", "them"] {
        assert_eq!(summary["coverage"][track]["lost_ms"], 0, "{}", summary["coverage"]);
    }
    assert_eq!((&summary["call"]["source"], &summary["call"]["with"]), (&json!("live"), &json!("Sato")));
    assert!(summary["call"]["started_at"].as_str().unwrap().starts_with("20"));
    assert_eq!(summary["echo"]["detected"], false);
    // How late they were is the computer's.
    let shown = &summary["latency"];
    for kind in ["mark", "floor"] {
        assert!(shown[kind]["count"].as_u64().unwrap() > 0 && shown[kind]["median_ms"].is_u64(), "{shown}");
    }
    assert_eq!(shown["text"]["count"], 0);
    assert!(!summary["silences"].as_array().unwrap().is_empty());
    let events = std::fs::read_to_string(live.out.join("events.jsonl")).unwrap();
    assert!(events.lines().last().unwrap().contains("call_ended"));
}

/// Levels and the echo check before the call, then every kind of command in it, the question afterwards, and the next call
/// with the same person.
fn a_call_is_prepared_led_and_left_from_its_page(server: SoundServer) {
    let sides = sides(server.dir(), SampleTime::from_ms(PLAYED_MS));
    let mut live = Live::start(&server, &["--prepare"], None);
    let mut page = Page::asking(&live.line("overlay: "));

    // Before: nothing is kept, and both sides are heard.
    let desk = page.told("desk", |_| true);
    assert_eq!((&desk["with"], &desk["people"], &desk["after"]), (&Value::Null, &json!([]), &Value::Null));
    page.until(|snapshot| snapshot["state"] == "before");
    let them = Player::start(&server, "call", CALL_OUT, &sides.them);
    let me = Player::start(&server, "voice", MIC_PIPE, &sides.me);
    page.until(|snapshot| snapshot["levels"]["me"]["heard"] == true && snapshot["levels"]["them"]["heard"] == true);
    page.until(|snapshot| snapshot["echo_check"] == "none");
    page.until(|snapshot| snapshot["levels"]["me"]["dbfs"].as_f64().unwrap() > -50.0);
    page.ask("pause", json!({}));
    assert_eq!(page.told("refused", |_| true)["command"], "pause", "there is no call yet");
    page.ask("card", json!({ "points": [], "note": "" }));
    assert_eq!(page.told("refused", |_| true)["command"], "card", "nobody is named yet");
    page.ask("prepare", json!({ "with": "Sato", "mode": "feedback", "target": 0.45, "agenda": ["Goals", "Holidays"] }));
    let desk = page.told("desk", |desk| desk["with"] == "Sato");
    assert_eq!((&desk["mode"], &desk["target"], &desk["own_target"]), (&json!("feedback"), &json!(0.45), &json!(0.45)));
    page.ask("card", json!({ "points": ["time_to_think"], "note": "mornings" }));
    let desk = page.told("desk", |desk| desk["people"] != json!([]));
    assert_eq!(desk["people"][0]["card"]["points"], json!(["time_to_think"]));
    assert_eq!(desk["hints"][0]["text"]["en"], "After a question, leave time.");
    page.until(|snapshot| snapshot["agenda"][1]["text"] == "Holidays" && snapshot["state"] == "before");
    assert!(!live.out.exists(), "nothing is kept before the call");

    // The call.
    page.ask("begin", json!({}));
    let first = page.until(|snapshot| snapshot["state"] == "live");
    assert!(first["now_ms"].as_u64().unwrap() < 2_000, "its clock begins with it: {}", first["now_ms"]);
    assert_eq!((&first["levels"], &first["band"]["high"]), (&Value::Null, &json!(0.45)));
    let talks = |snapshot: &Value| snapshot["state"] == "live" && snapshot["share"]["call"] != Value::Null;
    let talked = page.until(talks);
    page.ask("off_record", json!({}));
    let off = page.until(|snapshot| snapshot["state"] == "off_record");
    assert!(off["epoch"].as_u64() > talked["epoch"].as_u64(), "what was told is taken back");
    assert_eq!(off["share"]["call"], Value::Null, "two minutes back is all of it");
    page.ask("on_record", json!({}));
    page.until(talks);
    page.ask("agenda_add", json!({ "text": "Training" }));
    let agenda = page.until(|snapshot| snapshot["agenda"][2] != Value::Null)["agenda"].clone();
    page.ask("agenda_set", json!({ "id": agenda[0]["id"], "state": "done" }));
    page.until(|snapshot| snapshot["agenda"][0]["state"] == "done");
    page.ask("agenda_set", json!({ "id": 99, "state": "done" }));
    assert_eq!(page.told("refused", |_| true)["why"]["en"], "The agenda has no such topic.");
    page.ask("check_in", json!({ "score": 4, "words": "slept well" }));
    page.until(|snapshot| snapshot["check_in"]["score"] == 4);
    page.ask("mute", json!({}));
    page.until(|snapshot| snapshot["muted"] == true);
    page.ask("unmute", json!({}));
    page.until(|snapshot| snapshot["muted"] == false);
    page.ask("pause", json!({}));
    page.until(|snapshot| snapshot["state"] == "paused");
    page.ask("resume", json!({}));
    page.until(|snapshot| snapshot["state"] == "live");
    page.ask("begin", json!({}));
    assert_eq!(page.told("refused", |_| true)["why"]["en"], "The call has begun already.");
    // A shorter call would be a test of the sound.
    page.until(|snapshot| snapshot["now_ms"].as_u64().unwrap() > 60_500);
    // What is written down, and another aim, one by one: more than a few commands in a second are no person's.
    let written = [("Send the sheet", json!("me")), ("Sign up", json!("them")), ("On leave from May", Value::Null)];
    for (place, (text, owner)) in written.into_iter().enumerate() {
        page.ask("note_add", json!({ "text": text, "owner": owner }));
        page.until(|snapshot| snapshot["notes"][place]["text"] == text);
    }
    page.ask("action_set", json!({ "id": 1, "state": "done" }));
    page.until(|snapshot| snapshot["notes"][0]["state"] == "done");
    page.ask("prepare", json!({ "mode": "feedback", "target": 0.5 }));
    page.told("desk", |desk| desk["own_target"] == 0.5);
    page.until(|snapshot| snapshot["band"]["high"] == 0.5);
    page.ask("prepare", json!({ "mode": "feedback", "target": 0.45 }));
    page.told("desk", |desk| desk["own_target"] == 0.45);
    page.until(|snapshot| snapshot["band"]["high"] == 0.45);
    drop((me, them));

    // After: all is written before the question is asked.
    page.ask("stop", json!({}));
    let asked = page.told("desk", |desk| desk["after"]["asked"] == true);
    assert_eq!((&asked["after"]["perceived"], &asked["after"]["share"]), (&Value::Null, &Value::Null));
    assert_eq!(live.summary()["perception"], Value::Null);
    page.ask("perceived", json!({ "share": 0.4 }));
    let told = page.told("desk", |desk| desk["after"]["perceived"] == 0.4);
    let summary = live.summary();
    assert_eq!(summary["perception"], json!({ "share": 0.4 }));
    assert_eq!(told["after"]["share"], summary["talk"]["me"]["share"]);
    assert_eq!((&summary["call"]["mode"], &summary["call"]["target"]), (&json!("feedback"), &json!(0.45)));
    assert_eq!(summary["agenda"][0]["state"], "done");
    assert_eq!(summary["check_in"]["score"], 4);
    let changes: Vec<_> =
        summary["aim_changes"].as_array().unwrap().iter().map(|one| (&one["target_before"], &one["target"])).collect();
    assert_eq!(changes, [(&json!(0.45), &json!(0.5)), (&json!(0.5), &json!(0.45))]);
    let notes = summary["notes"].as_array().unwrap();
    let states: Vec<_> = notes.iter().map(|note| (&note["text"], &note["owner"], &note["state"])).collect();
    assert_eq!(states[0], (&json!("Send the sheet"), &json!("me"), &json!("done")));
    assert_eq!(states[1], (&json!("Sign up"), &json!("them"), &json!("open")));
    assert_eq!(states[2].0, &json!("On leave from May"));
    page.ask("done", json!({}));
    assert_eq!(told["after"]["summary"], live.ended().as_str());
    let events = std::fs::read_to_string(live.out.join("events.jsonl")).unwrap();
    assert!(events.lines().last().unwrap().contains("call_ended"));
    drop(live);

    // The next call knows of this one.
    let mut next = Live::start(&server, &["--prepare", "--with", "Sato"], None);
    let mut page = Page::open(&next.line("overlay: "));
    let desk = page.told("desk", |_| true);
    let sato = &desk["people"][0];
    assert_eq!((&sato["name"], &sato["calls"], &sato["days"]), (&json!("Sato"), &json!(1), &json!(0)));
    assert_eq!(sato["open_items"], json!(["Holidays", "Training"]));
    assert_eq!(desk["hints"][0]["text"]["en"], "After a question, leave time.", "what was left open is said once");
    assert_eq!(sato["open_actions"], json!([{ "text": "Sign up", "owner": "them" }]));
    page.ask("begin", json!({}));
    let first = page.until(|snapshot| snapshot["state"] == "live");
    let note =
        json!({ "id": 1, "text": "Sign up", "written_ms": 0, "owner": "them", "state": "open", "carried": true });
    assert_eq!(first["notes"], json!([note]), "and it is on the list to be ticked");
    next.interrupt();
    next.ended();
}

/// From before the sound is opened to the end, in every thread; and the page is served all the same.
fn a_live_call_cannot_reach_a_network(server: SoundServer) {
    let mut live = Live::start(&server, &[], None);
    let mut page = Page::open(&live.line("overlay: "));
    page.until(|snapshot| snapshot["now_ms"].as_u64().unwrap() > 1_000);
    let threads = live.threads();
    assert!(threads.len() > 5, "{threads:?}");
    for status in threads {
        let field = |name: &str| status.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
        // 2 is a filter of calls.
        assert_eq!((field("Seccomp:"), field("NoNewPrivs:")), (Some("2"), Some("1")), "{status}");
    }
    live.end(&mut page);
}

fn a_second_start_leads_to_the_page_of_the_first(server: SoundServer) {
    let mut first = Live::start(&server, &[], None);
    let overlay = first.line("overlay: ");
    let port = overlay.split_once("/#").unwrap().0.rsplit(':').next().unwrap().to_owned();
    let again = |words: &[&str]| {
        let mut again = Command::new(PROGRAM);
        server.set_env(&mut again);
        let words = [words, &["--port", &port, "--no-open"]].concat();
        again.env("KEICHO_MODELS", "none").current_dir(server.dir()).args(words).output().unwrap()
    };
    let second = again(&["live", "--at-once"]);
    assert_eq!(String::from_utf8_lossy(&second.stdout), format!("overlay: {overlay}\n"), "{second:?}");
    assert_eq!(second.status.code(), Some(0));
    // What was asked of a demo has not been done.
    let demo = again(&["demo"]);
    assert_eq!(demo.status.code(), Some(1));
    let said = String::from_utf8_lossy(&demo.stderr).into_owned();
    assert!(said.contains("another Keicho is running, and its page is http://127.0.0.1:"), "{said}");
    assert!(!said.contains("token"), "{said}");
    let mut page = Page::open(&overlay);
    page.until(|snapshot| snapshot["state"] == "live" && snapshot["now_ms"].as_u64().unwrap() > 500);
    first.end(&mut page);
    assert!(!server.dir().join(format!("keicho-{port}.html")).exists());
}

/// No file may grow, as on a disk that is full; then they may again.
fn a_call_on_a_full_disk_is_held_and_saved_once_there_is_room(server: SoundServer) {
    let mut live = Live::start(&server, &[], None);
    let mut page = Page::open(&live.line("overlay: "));
    page.until(|snapshot| snapshot["now_ms"].as_u64().unwrap() > 1_000);
    live.limit_files("--fsize=0:");
    assert!(page.told("saving", |_| true)["text"]["en"].as_str().unwrap().contains("not being saved"));
    page.until(|snapshot| snapshot["now_ms"].as_u64().unwrap() > 8_000);
    page.ask("check_in", json!({ "score": 4, "words": "slept well" }));
    page.until(|snapshot| snapshot["check_in"]["score"] == 4);
    page.ask("stop", json!({}));
    page.told("saving", |message| message["state"] == "waiting");
    assert!(!live.out.join("summary.json").exists());
    live.limit_files("--fsize=unlimited:");
    assert_eq!(page.told("saving", |message| message["state"] != "waiting")["state"], "saved");
    live.ended();
    assert!(live.summary()["call"]["duration_ms"].as_u64().unwrap() > 8_000);
    let mut again = Command::new(PROGRAM);
    server.set_env(&mut again);
    let again = again.args(["summary", "--format", "json"]).output().unwrap();
    let again: Value = serde_json::from_slice(&again.stdout).unwrap();
    assert_eq!(again["check_in"]["score"], 4, "{again:#}");
}

/// A quiet call first, then one with nudges; without the setting a call is in no trial.
fn calls_of_a_trial_take_turns(server: SoundServer) {
    let setting = server.dir().join("state/keicho/config.toml");
    std::fs::create_dir_all(setting.parent().unwrap()).unwrap();
    let data_dir = DataDir::new(server.dir().join(".local/share/keicho"));
    let held = |day: &str, arm| {
        let record = CallRecord { trial: Some(arm), folder: server.dir().join(day), ..live_call(day) };
        let (talk_ms, share) = (600_000, Some(0.5));
        let figures = Figures { duration_ms: 1_800_000, talk_ms, their_talk_ms: talk_ms, share, ..Figures::default() };
        let journal = Store::open(&data_dir).unwrap().begin_call(&record).unwrap();
        journal.finish(CallEnd { figures, ..CallEnd::default() }).unwrap();
    };
    // Each of these is a second long, and takes no turn.
    let is_told_to_be = |trial: bool, said: Value| {
        std::fs::write(&setting, format!("[nudges]\ntrial = {trial}\n[keep]\ndays = 3650\n")).unwrap();
        let mut live = Live::start(&server, &["--prepare"], None);
        let mut page = Page::asking(&live.line("overlay: "));
        assert_eq!(page.told("desk", |_| true)["trial"], said);
        page.ask("begin", json!({}));
        page.until(|snapshot| snapshot["state"] == "live" && snapshot["now_ms"].as_u64().unwrap() > 500);
        page.ask("stop", json!({}));
        page.told("desk", |desk| desk["after"] != Value::Null);
        page.ask("done", json!({}));
        live.ended();
    };
    is_told_to_be(true, json!("quiet"));
    held("2026-11-03", TrialArm::Quiet);
    is_told_to_be(true, json!("nudged"));
    is_told_to_be(false, Value::Null);
    held("2026-11-04", TrialArm::Nudged);
    is_told_to_be(true, json!("quiet"));
}

fn who_leaves_before_the_call_leaves_nothing(server: SoundServer) {
    let mut live = Live::start(&server, &["--prepare"], None);
    let mut page = Page::asking(&live.line("overlay: "));
    page.until(|snapshot| snapshot["state"] == "before");
    live.interrupt();
    live.left();
    assert!(!live.out.exists());
    assert!(live.said().contains("no call was begun"), "the user is told");
}

fn devices_and_doctor_say_what_there_is(server: SoundServer) {
    let run = |words: &[&str]| {
        let mut command = Command::new(PROGRAM);
        server.set_env(&mut command);
        let output = command.args(words).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let (status, devices, _) = run(&["devices"]);
    assert_eq!(status, Some(0));
    assert!(devices.contains("* ") && devices.contains("(mic,") && devices.contains("(call_out.monitor,"), "{devices}");

    // The null sink that stands for the microphone is digitally silent: a problem, and the user is told what to do.
    let (status, checks, _) = run(&["doctor", "--port", "0"]);
    assert_eq!(status, Some(1), "{checks}");
    assert!(checks.contains("ok       sound server") && checks.contains("problem  microphone"), "{checks}");

    let unused = server.dir().join("unused");
    let out = unused.to_str().unwrap();
    let (status, said, complaint) = run(&["live", "--no-open", "--port", "0", "--me", "no such thing", "--out", out]);
    assert_eq!((status, said.as_str()), (Some(1), ""), "nothing was served");
    assert!(!unused.exists(), "nothing was made");
    assert!(complaint.starts_with("keicho: ") && complaint.trim_end().lines().count() == 1, "{complaint}");
    assert!(complaint.contains("no such thing"), "{complaint}");
}
