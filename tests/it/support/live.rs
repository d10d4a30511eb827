//! A `keicho live` that runs, and a page that follows it.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;

use super::run::PROGRAM;
use super::server::{DEADLINE, SoundServer, until};

/// A running `keicho live`, ended with the value.
pub struct Live {
    /// Where it puts what it leaves.
    pub out: PathBuf,
    child: Child,
    stdout: BufReader<ChildStdout>,
    /// What it has said on its output.
    said: String,
    complaints: PathBuf,
}

impl Live {
    /// Starts it, with these words and, where it is to hear words, the folder of its models.
    pub fn start(server: &SoundServer, words: &[&str], models: Option<&Path>) -> Self {
        Self::start_with(server, words, models, |_| {})
    }

    /// The same, in an environment to which the test adds something.
    pub fn start_with(
        server: &SoundServer,
        words: &[&str],
        models: Option<&Path>,
        add_env: impl Fn(&mut Command),
    ) -> Self {
        let (out, complaints) = (server.dir().join("call"), server.dir().join("keicho.log"));
        let mut command = Command::new(PROGRAM);
        server.set_env(&mut command);
        match models {
            Some(folder) => command.env("KEICHO_MODELS", folder),
            None => command.env_remove("KEICHO_MODELS").env_remove("XDG_DATA_HOME"),
        };
        add_env(&mut command);
        command.args(["live", "--port", "0", "--no-open", "--out"]).arg(&out).args(words);
        Self::run(command, out, complaints)
    }

    /// Replays a call at the pace of life beside its page, in a folder of the test's own.
    pub fn replay(dir: &Path, call: &Path, words: &[&str]) -> Self {
        let (out, complaints) = (dir.join("call"), dir.join("keicho.log"));
        let mut command = Command::new(PROGRAM);
        command
            .env("KEICHO_MODELS", "none")
            .env("HOME", dir)
            .env("XDG_RUNTIME_DIR", dir)
            .env_remove("XDG_CONFIG_HOME")
            .env_remove("XDG_DATA_HOME");
        command.arg("replay").arg(call).args(["--serve", "--pace", "real", "--port", "0", "--no-open", "--out"]);
        command.arg(&out).args(words);
        Self::run(command, out, complaints)
    }

    fn run(mut command: Command, out: PathBuf, complaints: PathBuf) -> Self {
        let stderr = std::fs::File::create(&complaints).unwrap();
        let mut child = command.stdout(Stdio::piped()).stderr(stderr).spawn().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        Self { out, child, stdout, said: String::new(), complaints }
    }

    /// What follows a word on a line of its own.
    pub fn line(&mut self, word: &str) -> String {
        let before = self.said.len();
        self.stdout.read_line(&mut self.said).unwrap();
        let line = &self.said[before..];
        assert!(!line.is_empty(), "ended early: {}", self.complaint());
        line.trim_end().strip_prefix(word).unwrap_or_else(|| panic!("{line}")).to_owned()
    }

    /// Does what Ctrl-C does, and waits until the page has the summary and the program has ended well. Gives the
    /// address of the summary's page.
    pub fn end(&mut self, page: &mut Page) -> String {
        self.interrupt();
        let ended = page.until(|snapshot| snapshot["state"] == "ended" && snapshot["summary"] != Value::Null);
        let summary = self.ended();
        assert_eq!(ended["summary"], summary.as_str());
        summary
    }

    /// Waits until it has ended, by itself and well; gives the address of the summary's page.
    pub fn ended(&mut self) -> String {
        let summary = self.line("summary: ");
        self.left();
        summary
    }

    /// Does what Ctrl-C does.
    pub fn interrupt(&self) {
        self.signal("-INT");
    }

    /// Sends it a signal: `-STOP` makes it stand still until `-CONT`.
    pub fn signal(&self, name: &str) {
        let status = Command::new("kill").args([name, &self.child.id().to_string()]).status().unwrap();
        assert!(status.success());
    }

    /// What the system says of each of its threads.
    pub fn threads(&self) -> Vec<String> {
        let tasks = std::fs::read_dir(format!("/proc/{}/task", self.child.id())).unwrap();
        tasks.filter_map(|task| std::fs::read_to_string(task.unwrap().path().join("status")).ok()).collect()
    }

    /// Sets how large its files may grow: `--fsize=SOFT:HARD` of `prlimit`.
    pub fn limit_files(&self, limit: &str) {
        let status = Command::new("prlimit").args(["--pid", &self.child.id().to_string(), limit]).status().unwrap();
        assert!(status.success());
    }

    /// Waits until it has ended, well.
    pub fn left(&mut self) {
        let mut status = None;
        let ended = until(|| {
            status = self.child.try_wait().unwrap();
            status.is_some()
        });
        assert!(ended, "it never ended: {}", self.complaint());
        assert!(status.unwrap().success(), "{status:?} {}", self.complaint());
    }

    /// The summary it left.
    pub fn summary(&self) -> Value {
        serde_json::from_str(&std::fs::read_to_string(self.out.join("summary.json")).unwrap()).unwrap()
    }

    /// All that it has said, once it has ended.
    pub fn said(&mut self) -> String {
        self.stdout.read_to_string(&mut self.said).unwrap();
        format!("{}{}", self.said, self.complaint())
    }

    fn complaint(&self) -> String {
        std::fs::read_to_string(&self.complaints).unwrap()
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A page that follows the call. Like a browser it reads on a thread of its own, and so is known to be there while the test
/// does something else.
pub struct Page {
    to_call: UnboundedSender<Message>,
    from_call: Receiver<Value>,
    messages: Vec<Value>,
}

impl Page {
    /// A page that only looks.
    pub fn open(overlay: &str) -> Self {
        Self::greet(overlay, false)
    }

    /// A page that asks its user how the call felt.
    pub fn asking(overlay: &str) -> Self {
        Self::greet(overlay, true)
    }

    fn greet(overlay: &str, asks: bool) -> Self {
        let (site, token) = overlay.split_once("/#token=").unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let mut request = (site.replace("http", "ws") + "/ws").into_client_request().unwrap();
        request.headers_mut().insert("Origin", site.parse().unwrap());
        let hello = json!({ "type": "hello", "protocol": 1, "token": token, "last_seq": 0, "asks": asks }).to_string();
        let mut socket = runtime.block_on(async {
            let (mut socket, _) = tokio_tungstenite::connect_async(request).await.unwrap();
            socket.send(Message::text(hello)).await.unwrap();
            socket
        });
        let (to_call, mut commands) = unbounded_channel();
        let (read, from_call) = channel();
        let follow = async move {
            loop {
                tokio::select! {
                    command = commands.recv() => match command {
                        Some(command) => socket.send(command).await.unwrap(),
                        // The test is done with the page.
                        None => return,
                    },
                    message = socket.next() => match message {
                        Some(Ok(Message::Text(text))) => {
                            if read.send(serde_json::from_str(&text).unwrap()).is_err() {
                                return;
                            }
                        }
                        Some(Ok(_)) => {}
                        _ => return,
                    },
                }
            }
        };
        std::thread::spawn(move || runtime.block_on(follow));
        Self { to_call, from_call, messages: Vec::new() }
    }

    /// Gives a command.
    pub fn ask(&mut self, name: &str, fields: Value) {
        let mut message = json!({ "type": "command", "command": name });
        message.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        self.to_call.send(Message::text(message.to_string())).unwrap();
    }

    /// The next message of a type that is so.
    pub fn told(&mut self, kind: &str, is_so: impl Fn(&Value) -> bool) -> Value {
        let deadline = Instant::now() + 2 * DEADLINE;
        loop {
            let message = self.next();
            if message["type"] == kind && is_so(message) {
                return message.clone();
            }
            assert!(Instant::now() < deadline, "it never came to be so; the last was {message:#}");
        }
    }

    /// Follows the snapshots until one is so.
    pub fn until(&mut self, is_so: impl Fn(&Value) -> bool) -> Value {
        self.told("snapshot", is_so)
    }

    /// Goes through all messages, from the first one on, until one is so.
    pub fn find(&mut self, mut is_so: impl FnMut(&Value) -> bool) {
        if !self.messages.iter().any(&mut is_so) {
            while !is_so(self.next()) {}
        }
    }

    /// Follows all that it is sent until what it knows by then is so.
    pub fn follow(&mut self, mut is_so: impl FnMut(&[Value]) -> bool) {
        while !is_so(&self.messages) {
            self.next();
        }
    }

    /// Everything that it was sent.
    pub fn messages(&self) -> &[Value] {
        &self.messages
    }

    fn next(&mut self) -> &Value {
        let told = self.from_call.recv_timeout(2 * DEADLINE);
        self.messages.push(told.expect("the socket ended, or nothing more comes over it"));
        self.messages.last().unwrap()
    }
}
