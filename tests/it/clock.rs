//! The clock on the wall is put forward and back in the middle of a call: the call has its own. libfaketime shows the program
//! another time of day, and leaves alone what counts the seconds.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::support::live::{Live, Page};
use crate::support::run::PROGRAM;
use crate::support::server::{SoundServer, on_each_server};

on_each_server!(an_hour_that_the_clock_jumps_is_no_hour_of_the_call,);

/// A clock on the wall that the test sets.
struct WallClock {
    file: PathBuf,
    library: PathBuf,
}

impl WallClock {
    fn new(dir: &Path) -> Self {
        let of_system = |entry: std::io::Result<std::fs::DirEntry>| {
            let library = entry.unwrap().path().join("faketime/libfaketimeMT.so.1");
            library.exists().then_some(library)
        };
        // `/usr/lib/ARCHITECTURE` on Debian, else `/usr/lib` or `/usr/lib64`.
        let mut folders = ["/usr/lib", "/usr"].into_iter().flat_map(|folder| std::fs::read_dir(folder).unwrap());
        let library = folders.find_map(of_system);
        Self { file: dir.join("clock"), library: library.expect("no libfaketime: apt-get install libfaketime") }
    }

    fn set(&self, offset: &str) {
        // Whoever reads it meanwhile has the one or the other.
        let new = self.file.with_extension("new");
        std::fs::write(&new, offset).unwrap();
        std::fs::rename(new, &self.file).unwrap();
    }

    fn hang_up_for(&self, command: &mut Command) {
        command.env("LD_PRELOAD", &self.library).env("FAKETIME_TIMESTAMP_FILE", &self.file);
        command.env("FAKETIME_NO_CACHE", "1").env("FAKETIME_DONT_FAKE_MONOTONIC", "1").env("DONT_FAKE_MONOTONIC", "1");
    }
}

fn an_hour_that_the_clock_jumps_is_no_hour_of_the_call(server: SoundServer) {
    let clock = WallClock::new(server.dir());
    let data = server.dir().join("data");
    let set_env = |command: &mut Command| {
        clock.hang_up_for(command);
        command.env("KEICHO_DATA", &data);
    };
    let summary_of = |call: &str| {
        let mut command = Command::new(PROGRAM);
        server.set_env(&mut command);
        set_env(&mut command);
        command.args(["summary", call, "--format", "json"]).output().unwrap()
    };

    // The program has the clock of the test: the call begins an hour from now.
    clock.set("+3600");
    let before = jiff::Timestamp::now();
    let mut live = Live::start_with(&server, &["--with", "Sato"], None, set_env);
    let mut page = Page::open(&live.line("overlay: "));
    let now_ms = |snapshot: &Value| snapshot["now_ms"].as_u64().unwrap();
    let mut latest = 0;
    for (offset, until_ms) in [("-3600", 1_000), ("+7200", 2_500), ("+0", 4_000), ("+3600", 5_500)] {
        latest = now_ms(&page.until(|snapshot| now_ms(snapshot) >= until_ms));
        clock.set(offset);
    }
    page.until(|snapshot| now_ms(snapshot) >= 7_000);
    live.end(&mut page);
    let elapsed_ms = u64::try_from(jiff::Timestamp::now().duration_since(before).as_millis()).unwrap();
    let summary = live.summary();
    let length = summary["call"]["duration_ms"].as_u64().unwrap();
    assert!((7_000..elapsed_ms).contains(&length) && latest >= 5_500, "{length} ms in {elapsed_ms}");
    for track in ["me", "them"] {
        assert_eq!(summary["coverage"][track]["lost_ms"], 0, "{}", summary["coverage"]);
    }
    let moments: Vec<u64> =
        page.messages().iter().filter(|message| message["type"] == "snapshot").map(now_ms).collect();
    assert!(moments.is_sorted(), "{moments:?}");

    // It is kept under the whole second at which it began, by the clock that hung there then, whatever that says now.
    let began: jiff::Timestamp = summary["call"]["started_at"].as_str().unwrap().parse().unwrap();
    let an_hour_on = began.duration_since(before).as_secs();
    assert!((3_599..3_660).contains(&an_hour_on), "{an_hour_on} s after {before}");
    let name = began.to_zoned(jiff::tz::TimeZone::system()).strftime("%Y-%m-%dT%H-%M-%S").to_string();
    assert_eq!(summary["call"]["id"], name.as_str());
    for offset in ["+3600", "+0", "-3600", "+89d"] {
        clock.set(offset);
        let again = summary_of(&name);
        assert!(again.status.success(), "{offset}: {}", String::from_utf8_lossy(&again.stderr));
        let again: Value = serde_json::from_slice(&again.stdout).unwrap();
        assert_eq!(again["call"]["duration_ms"], length, "{offset}");
    }
    // Its days are counted from then.
    clock.set("+91d");
    let gone = summary_of(&name);
    assert!(!gone.status.success(), "{}", String::from_utf8_lossy(&gone.stdout));
}
