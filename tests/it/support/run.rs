//! The built program, run in a folder of the test's own.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// The program that is tested.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_keicho");

/// A folder to run in, gone with the value.
pub struct WorkingDir(TempDir);

/// What is said where no model is here.
const NO_MODEL: &str = "keicho: warning: this call goes without words: the model base is not here yet. Fetch it with `keicho models \
                        fetch base`\n";

/// How a run ended, and what it said.
#[derive(Debug)]
pub struct Ran {
    pub status: Option<i32>,
    pub stdout: String,
    pub stderr: String,
    /// Whether it said that there is no model; that is not in `stderr`.
    pub no_model: bool,
}

impl WorkingDir {
    pub fn new() -> Self {
        Self(tempfile::Builder::new().prefix("keicho-run").tempdir().unwrap())
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Puts a file here, and gives its path.
    pub fn put(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    /// A file that a run left here, as bytes.
    pub fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// A file of JSON that a run left here.
    pub fn json(&self, name: &str) -> Value {
        serde_json::from_slice(&self.read(name)).unwrap()
    }

    /// The lines of a file of events.
    pub fn events(&self, name: &str) -> Vec<Value> {
        let lines = String::from_utf8(self.read(name)).unwrap();
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Runs `keicho` with these words to its end, where no model is in reach.
    pub fn keicho(&self, words: &[&str]) -> Ran {
        self.keicho_with(words, &[])
    }

    /// The same with more in its environment.
    pub fn keicho_with(&self, words: &[&str], env: &[(&str, &Path)]) -> Ran {
        self.run_program(Path::new(PROGRAM), words, env)
    }

    /// Runs `keicho` with these words to its end, with the models that `make test` has fetched.
    pub fn keicho_with_models(&self, words: &[&str]) -> Ran {
        self.run(Command::new(PROGRAM).args(words))
    }

    /// Runs a `keicho` that may be another than the one that is tested, where no model is in reach.
    pub fn run_program(&self, program: &Path, words: &[&str], env: &[(&str, &Path)]) -> Ran {
        self.run(Command::new(program).args(words).env("KEICHO_MODELS", "none").envs(env.iter().copied()))
    }

    /// Runs `keicho` under a file mode mask of the test's choice.
    #[cfg(unix)]
    pub fn keicho_masked(&self, mask: &str, words: &[&str]) -> Ran {
        let script = format!("umask {mask} && exec \"$0\" \"$@\"");
        self.run(Command::new("sh").args(["-c", &script, PROGRAM]).args(words).env("KEICHO_MODELS", "none"))
    }

    fn run(&self, command: &mut Command) -> Ran {
        let Output { status, stdout, stderr } =
            command.current_dir(self.path()).env_remove("RUST_LOG").env("LC_ALL", "C.UTF-8").output().unwrap();
        let said = String::from_utf8(stderr).unwrap();
        let stderr = said.replacen(NO_MODEL, "", 1);
        Ran { status: status.code(), stdout: String::from_utf8(stdout).unwrap(), no_model: stderr != said, stderr }
    }
}

impl Ran {
    /// It did its work, and had nothing to complain of.
    #[track_caller]
    pub fn done(self) -> Self {
        assert_eq!((self.status, &self.stderr[..]), (Some(0), ""), "{self:?}");
        self
    }
}
