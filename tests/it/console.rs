//! Where the program prints may go away or take nothing more: a call goes on all the same, and ends in order.

use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use serde_json::Value;

use crate::support::live::Page;
use crate::support::run::{PROGRAM, WorkingDir};
use crate::support::sample;
use crate::support::server::until;

/// A program that runs, ended with the value.
struct Running(Child);

impl Running {
    fn start(command: &mut Command) -> Self {
        Self(command.spawn().unwrap())
    }

    fn signal(&self, name: &str) {
        let status = Command::new("kill").args([name, &self.0.id().to_string()]).status().unwrap();
        assert!(status.success());
    }

    /// Waits until it has ended, and well.
    #[track_caller]
    fn ends_well(mut self) {
        let mut status = None;
        let ended = until(|| {
            status = self.0.try_wait().unwrap();
            status.is_some()
        });
        assert!(ended, "it never ended");
        let status = status.unwrap();
        assert!(status.success(), "{status}, signal {:?}", status.signal());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The words for a call that goes on at the pace of life, with its page.
fn replay(out: &Path) -> Vec<String> {
    let mut words = vec!["replay".to_owned(), sample::CALL.to_owned(), "--out".to_owned(), out.display().to_string()];
    words.extend(["--serve", "--pace", "real", "--port", "0", "--no-open"].map(str::to_owned));
    words
}

/// The command, for a folder of the test's own, in which no model is.
fn command(program: &str, dir: &WorkingDir) -> Command {
    let mut command = Command::new(program);
    command.env("KEICHO_MODELS", "none").env("HOME", dir.path()).env("RUST_LOG", "debug");
    command.env_remove("XDG_CONFIG_HOME").env_remove("XDG_DATA_HOME");
    command
}

/// Follows the call until some of it was heard.
fn hear_some(overlay: &str) -> Page {
    let mut page = Page::open(overlay);
    page.until(|snapshot| snapshot["now_ms"].as_u64().unwrap() > 1_000);
    page
}

#[track_caller]
fn has_summary(out: &Path) {
    let summary = std::fs::read(out.join("summary.json")).unwrap();
    let summary: Value = serde_json::from_slice(&summary).unwrap();
    assert!(summary["call"]["duration_ms"].as_u64().unwrap() > 1_000, "{}", summary["call"]);
}

#[test]
fn a_call_goes_on_when_nobody_reads_what_is_printed() {
    let dir = WorkingDir::new();
    let out = dir.path().join("call");
    let mut command = command(PROGRAM, &dir);
    let mut running = Running::start(command.args(replay(&out)).stdout(Stdio::piped()).stderr(Stdio::piped()));
    drop(running.0.stderr.take());
    let mut line = String::new();
    BufReader::new(running.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let mut page = hear_some(line.trim_end().strip_prefix("overlay: ").unwrap());
    running.signal("-TERM");
    page.until(|snapshot| snapshot["state"] == "ended" && snapshot["summary"] != Value::Null);
    running.ends_well();
    has_summary(&out);
}

#[test]
fn a_call_does_not_wait_for_a_terminal_that_takes_nothing() {
    let dir = WorkingDir::new();
    let (_unread, mut full) = std::io::pipe().unwrap();
    // As much as a pipe of Linux takes before whoever writes has to wait.
    full.write_all(&[b'.'; 65_536]).unwrap();
    let mut command = command(PROGRAM, &dir);
    command.args(["replay", sample::CALL, "--out"]).arg(dir.path().join("call"));
    Running::start(command.stdout(Stdio::null()).stderr(full)).ends_well();
    has_summary(&dir.path().join("call"));
}

/// A terminal of the test's own, and the file by which a program has it.
fn terminal() -> (File, PathBuf) {
    let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&terminal).unwrap();
    unlockpt(&terminal).unwrap();
    let name = ptsname(&terminal, Vec::new()).unwrap().into_string().unwrap();
    (File::from(terminal), PathBuf::from(name))
}

#[test]
fn a_terminal_that_is_closed_ends_the_call_in_order() {
    let dir = WorkingDir::new();
    let out = dir.path().join("call");
    let (terminal, name) = terminal();
    let side = || OpenOptions::new().read(true).write(true).open(&name).unwrap();
    // Whoever runs the tests may have asked that nothing of theirs hears of a terminal that is closed, as nohup does.
    let mut command = command("env", &dir);
    command
        .args(["--default-signal=HUP", "setsid", "--ctty", PROGRAM])
        .args(replay(&out))
        .stdin(side())
        .stdout(side())
        .stderr(side());
    let running = Running::start(&mut command);
    // What it was given is closed here, so that the terminal is gone once its window is.
    drop(command);
    let mut lines = BufReader::new(terminal).lines().map(Result::unwrap);
    let overlay = lines.find_map(|line| line.trim_end().strip_prefix("overlay: ").map(str::to_owned)).unwrap();
    let mut page = hear_some(&overlay);
    drop(lines);
    // The system reports it, and the shell, and whatever started that; faster than a call can end.
    let again = "for _ in 1 2 3 4 5 6 7 8; do kill -HUP \"$0\"; done";
    assert!(Command::new("sh").args(["-c", again, &running.0.id().to_string()]).status().unwrap().success());
    page.until(|snapshot| snapshot["state"] == "ended" && snapshot["summary"] != Value::Null);
    running.ends_well();
    has_summary(&out);
}

#[test]
fn a_call_that_is_to_outlive_its_terminal_does() {
    let dir = WorkingDir::new();
    let out = dir.path().join("call");
    let mut command = command("sh", &dir);
    command.args(["-c", "trap '' HUP; exec \"$0\" \"$@\"", PROGRAM]).args(replay(&out));
    let mut running = Running::start(command.stdout(Stdio::piped()).stderr(Stdio::null()));
    let mut line = String::new();
    BufReader::new(running.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let mut page = hear_some(line.trim_end().strip_prefix("overlay: ").unwrap());
    running.signal("-HUP");
    let now = page.until(|_| true)["now_ms"].as_u64().unwrap();
    page.until(|snapshot| snapshot["now_ms"].as_u64().unwrap() > now + 1_000 && snapshot["state"] == "live");
    running.signal("-TERM");
    running.ends_well();
    has_summary(&out);
}

#[test]
fn a_reader_who_has_read_enough_is_no_failure_and_a_full_disk_is_one() {
    let dir = WorkingDir::new();
    let (unread, writer) = std::io::pipe().unwrap();
    drop(unread);
    Running::start(command(PROGRAM, &dir).args(["models", "list"]).stdout(writer)).ends_well();
    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = command(PROGRAM, &dir).args(["models", "list"]).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("the output could not be printed whole"), "{output:?}");
}

#[test]
fn what_goes_on_is_logged_for_whoever_asks_and_for_nobody_else() {
    let dir = WorkingDir::new();
    let logged = |level: Option<&str>, out: &str| {
        let mut command = command(PROGRAM, &dir);
        command.env_remove("RUST_LOG").envs(level.map(|level| ("RUST_LOG", level)));
        let ran = command.args(["replay", sample::CALL, "--out"]).arg(dir.path().join(out)).output().unwrap();
        assert!(ran.status.success(), "{ran:?}");
        String::from_utf8(ran.stderr).unwrap().lines().filter(|line| line.contains(" DEBUG ")).count()
    };
    assert_eq!(logged(None, "first"), 0);
    assert!(logged(Some("debug"), "second") > 0);
}

#[test]
fn a_name_does_not_stand_in_the_list_of_processes() {
    let dir = WorkingDir::new();
    for (name, env) in [("Satonaka", None), ("-", Some("Satonaka"))] {
        let out = dir.path().join(if env.is_some() { "second" } else { "first" });
        let mut command = command(PROGRAM, &dir);
        command.args(replay(&out)).args(["--with", name]).envs(env.map(|name| ("KEICHO_WITH", name)));
        let mut running = Running::start(command.stdout(Stdio::piped()).stderr(Stdio::null()));
        let mut line = String::new();
        BufReader::new(running.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let listed = std::fs::read(format!("/proc/{}/cmdline", running.0.id())).unwrap();
        assert!(!String::from_utf8_lossy(&listed).contains("Satonaka"), "{}", String::from_utf8_lossy(&listed));
        let mut page = hear_some(line.trim_end().strip_prefix("overlay: ").unwrap());
        page.find(|message| message["type"] == "desk" && message["with"] == "Satonaka");
        running.signal("-TERM");
        running.ends_well();
        has_summary(&out);
    }
}

#[test]
fn a_pipe_in_place_of_a_file_is_refused_at_once() {
    let dir = WorkingDir::new();
    let pipe = dir.path().join("pipe.wav");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let pipe = pipe.to_str().unwrap();
    for words in [&["replay", pipe][..], &["replay", sample::CALL, pipe], &["replay", sample::CALL, "--model", pipe]] {
        let ran = dir.keicho(words);
        assert_eq!(ran.status, Some(1), "{ran:?}");
        assert!(ran.stderr.contains("pipe.wav") || cfg!(not(feature = "whisper")), "{ran:?}");
    }
    let data = dir.path().join("data");
    std::fs::create_dir(&data).unwrap();
    let database = data.join("keicho.db");
    assert!(Command::new("mkfifo").arg(&database).status().unwrap().success());
    for (variable, named, told) in [("KEICHO_CONFIG", Path::new(pipe), "pipe.wav"), ("KEICHO_DATA", &data, "keicho.db")]
    {
        let mut command = command("timeout", &dir);
        command.args(["30", PROGRAM, "history"]).env("KEICHO_CONFIG", "/dev/null").env(variable, named);
        let ran = command.output().unwrap();
        let said = String::from_utf8(ran.stderr).unwrap();
        assert_eq!(ran.status.code(), Some(1), "{said}");
        assert!(said.contains(told) && said.contains("it is a pipe"), "{said}");
    }
}

#[test]
fn settings_without_an_end_are_refused_at_once() {
    let dir = WorkingDir::new();
    let large = dir.path().join("large.toml");
    // It takes no place on the disk.
    File::create(&large).unwrap().set_len(8 << 30).unwrap();
    let linked = dir.path().join("linked.toml");
    std::os::unix::fs::symlink("/dev/zero", &linked).unwrap();
    for endless in [large, linked] {
        let mut command = command("timeout", &dir);
        command.args(["30", PROGRAM, "history"]).env("KEICHO_CONFIG", &endless);
        let ran = command.output().unwrap();
        let said = String::from_utf8(ran.stderr).unwrap();
        assert_eq!(ran.status.code(), Some(1), "{said}");
        assert!(said.contains("it is too large") && said.contains(endless.to_str().unwrap()), "{said}");
    }
}

#[cfg(feature = "whisper")]
#[test]
fn a_model_that_is_asked_for_and_broken_fails() {
    let dir = WorkingDir::new();
    let broken = dir.put("broken.bin", b"no model at all");
    let ran = dir.keicho(&["replay", sample::CALL, "--model", broken.to_str().unwrap()]);
    assert_eq!((ran.status, ran.stdout.as_str()), (Some(1), ""), "{ran:?}");
    assert!(ran.stderr.contains("broken.bin"), "{ran:?}");
    // Not read: it takes no place on the disk, and would take all memory.
    let endless = dir.path().join("endless.bin");
    File::create(&endless).unwrap().set_len(8 << 30).unwrap();
    let ran = dir.keicho(&["replay", sample::CALL, "--model", endless.to_str().unwrap()]);
    assert_eq!((ran.status, ran.stdout.as_str()), (Some(1), ""), "{ran:?}");
    assert!(ran.stderr.contains("it is larger than any model"), "{ran:?}");
}
