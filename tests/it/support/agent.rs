//! A `keicho agent` that runs.

use std::fs::File;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use super::run::PROGRAM;
use super::server::{SoundServer, until};

/// What processes have cost, as the system counts it.
#[derive(Clone, Copy, Debug, Default)]
pub struct ProcessCost {
    /// How often their threads were woken.
    pub wake_ups: u64,
    /// For how many clock ticks, 10 ms each, they were busy.
    pub busy_ticks: u64,
    /// Their memory.
    pub resident_kib: u64,
}

impl ProcessCost {
    fn read(id: u32) -> Self {
        let number = |status: &str, name: &str| -> u64 {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
            line.split_whitespace().next().unwrap().parse().unwrap()
        };
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap();
        let threads = std::fs::read_dir(format!("/proc/{id}/task")).unwrap();
        let wake_ups = threads.filter_map(|thread| std::fs::read_to_string(thread.unwrap().path().join("status")).ok());
        let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap();
        // What follows the name in brackets; the times in user mode and in the kernel are the 12th and the 13th of it.
        let fields = stat.rsplit_once(") ").unwrap().1.split_whitespace();
        Self {
            wake_ups: wake_ups.map(|status| number(&status, "voluntary_ctxt_switches:")).sum(),
            busy_ticks: fields.skip(11).take(2).map(|ticks| ticks.parse::<u64>().unwrap()).sum(),
            resident_kib: number(&status, "VmRSS:"),
        }
    }
}

/// A port that nobody has now.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A running agent, and the folder of what it opens.
pub struct Agent {
    child: Child,
    said: PathBuf,
    opened: PathBuf,
    /// The test's own, which no other has.
    home: PathBuf,
}

impl Agent {
    /// Starts it, with a browser that only writes down which page it was given.
    pub fn start(server: &SoundServer) -> Self {
        Self::start_in(server, "C")
    }

    /// The same for a user of this locale.
    pub fn start_in(server: &SoundServer, locale: &str) -> Self {
        Self::start_on(server, free_port(), locale, "")
    }

    /// The same for calls on this port, with more settings of `[agent]`.
    pub fn start_on(server: &SoundServer, port: u16, locale: &str, settings: &str) -> Self {
        let dir = server.dir();
        let (bin, opened, said) = (dir.join("bin"), dir.join("opened"), dir.join("agent.log"));
        std::fs::create_dir_all(&bin).unwrap();
        let browser = bin.join("xdg-open");
        std::fs::write(&browser, format!("#!/bin/sh\ncat \"$1\" > {0}.part && mv {0}.part {0}\n", opened.display()))
            .unwrap();
        std::fs::set_permissions(&browser, std::fs::Permissions::from_mode(0o700)).unwrap();
        let config = dir.join("keicho.toml");
        let common = "[agent]\napplications = [\"zoom\"]\nasks_after_s = 0\nends_after_s = 1\n";
        std::fs::write(&config, format!("{common}{settings}")).unwrap();
        let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
        let mut command = Command::new(PROGRAM);
        server.set_env(&mut command);
        command
            .env("PATH", path)
            .env("KEICHO_CONFIG", config)
            .env("LC_ALL", locale)
            .env("KEICHO_MODELS", "none")
            .env_remove("XDG_DATA_HOME");
        command.args(["agent", "--port", &port.to_string()]).stdout(Stdio::null());
        let child = command.stderr(File::create(&said).unwrap()).spawn().unwrap();
        let agent = Self { child, said, opened, home: dir.to_owned() };
        agent.waits_until_it_said("waiting for a call");
        agent
    }

    /// Waits until it has said this in its terminal.
    pub fn waits_until_it_said(&self, word: &str) {
        assert!(until(|| self.said().contains(word)), "it never said {word:?}: {}", self.said());
    }

    /// What it has said in its terminal.
    pub fn said(&self) -> String {
        std::fs::read_to_string(&self.said).unwrap()
    }

    /// The page that is opened next in a browser.
    pub fn opened(&self) -> String {
        assert!(until(|| self.opened.exists()), "no page was opened: {}", self.said());
        let page = std::fs::read_to_string(&self.opened).unwrap();
        std::fs::remove_file(&self.opened).unwrap();
        page
    }

    /// Waits until it has ended, well.
    pub fn ended(mut self) {
        let ended = until(|| self.child.try_wait().unwrap().is_some());
        assert!(ended && self.child.wait().unwrap().success(), "{}", self.said());
    }

    /// What the system says of each of its threads.
    pub fn threads(&self) -> Vec<String> {
        let threads = std::fs::read_dir(format!("/proc/{}/task", self.child.id())).unwrap();
        threads.filter_map(|thread| std::fs::read_to_string(thread.unwrap().path().join("status")).ok()).collect()
    }

    /// What it has cost so far, with its helper.
    pub fn cost(&self) -> ProcessCost {
        let id = self.child.id();
        let children = std::fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap();
        let helpers = children.split_whitespace().map(|id| id.parse().unwrap());
        let costs = helpers.chain([id]).map(ProcessCost::read);
        costs.fold(ProcessCost::default(), |sum, one| ProcessCost {
            wake_ups: sum.wake_ups + one.wake_ups,
            busy_ticks: sum.busy_ticks + one.busy_ticks,
            resident_kib: sum.resident_kib + one.resident_kib,
        })
    }

    /// The address of the overlay that is opened next.
    pub fn overlay(&self) -> String {
        let page = self.opened();
        let (_, from) = page.split_once("url=").unwrap();
        from.split_once('"').unwrap().0.to_owned()
    }
}

impl Drop for Agent {
    /// Ends the calls that it began too: they go on without it, as they should, and would wait for ever to be saved where
    /// the test's folder was.
    fn drop(&mut self) {
        let home = format!("\0HOME={}\0", self.home.display());
        for process in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
            let read = |file| std::fs::read(process.path().join(file)).unwrap_or_default();
            let is_of_this_test = String::from_utf8_lossy(&read("environ")).contains(&home);
            if is_of_this_test && read("cmdline").starts_with(PROGRAM.as_bytes()) {
                let _ = Command::new("kill").arg("-KILL").arg(process.file_name()).status();
            }
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
