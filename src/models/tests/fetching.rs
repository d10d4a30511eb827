//! Sources that fail, stop half-way and lie, played by shell scripts in place of curl.
#![cfg(unix)]

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use super::made::{list, small};
use super::{URL, with_detector};
use crate::models::{Curl, FetchProgress, Fetched, ModelDir, ModelError};

/// Another publisher of the same file.
const MIRROR: &str = "https://mirror.example/small.bin";

/// curl's last words are `--output PART --url URL`.
const PRELUDE: &str = "
cd \"$(dirname \"$0\")\"
echo \"$@\" >> calls
while [ $# -gt 0 ]; do case $1 in --output) part=$2;; --url) url=$2;; esac; shift; done
";

/// A folder for the models, and one for what plays the network.
struct Stage {
    file: Vec<u8>,
    root: tempfile::TempDir,
    curl: String,
    sources: &'static [&'static str],
}

impl Stage {
    /// curl is not installed.
    fn new() -> Self {
        let (file, root) = (small(), tempfile::tempdir().unwrap());
        fs::write(root.path().join("whole"), &file).unwrap();
        Self { file, root, curl: "/nowhere/curl".into(), sources: &[URL] }
    }

    fn curl(mut self, body: &str) -> Self {
        let path = self.root.path().join("curl.sh");
        fs::write(&path, format!("{PRELUDE}{body}")).unwrap();
        self.curl = format!("sh {}", path.display());
        self
    }

    fn with_mirror(mut self) -> Self {
        self.sources = &[URL, MIRROR];
        self
    }

    /// What the program starts as curl.
    fn tool(&self) -> Curl {
        Curl::replaced_by(self.curl.split(' ').map(OsString::from).collect())
    }

    fn dir(&self) -> ModelDir {
        ModelDir::with_manifest(self.root.path().join("data/models"), &list(&self.file, self.sources)).unwrap()
    }

    fn place(&self) -> PathBuf {
        self.dir().folder().join("small.bin")
    }

    fn with_suffix(&self, ending: &str) -> PathBuf {
        self.dir().folder().join(format!("small.bin.{ending}"))
    }

    /// Fetches, and says why sources failed on the way.
    fn fetch(&self) -> (Result<Fetched, ModelError>, Vec<String>) {
        let mut failed = Vec::new();
        let fetched = self.dir().fetch("small", &self.tool(), &mut |step| {
            assert!(!self.place().exists() || fs::read(self.place()).unwrap() != self.file);
            if let FetchProgress::Failed { source, reason } = step {
                failed.push(format!("{}: {reason}", source.host()));
            }
        });
        (fetched, failed)
    }

    /// It came, is right, is its owner's alone, and nothing that was needed on the way is left.
    #[track_caller]
    fn came(&self) -> Vec<String> {
        let (fetched, failed) = self.fetch();
        assert_eq!(fetched.unwrap(), Fetched::New(self.place()));
        assert_eq!(fs::read(self.place()).unwrap(), self.file);
        assert_eq!(mode(&self.place()), 0o600);
        assert_eq!(mode(self.dir().folder()), 0o700);
        let mut left: Vec<_> =
            fs::read_dir(self.dir().folder()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["small.bin", "small.bin.lock"]);
        failed
    }

    #[track_caller]
    fn failed(&self) -> String {
        let error = self.fetch().0.unwrap_err();
        assert!(!self.place().exists());
        error.to_string().replace(&self.root.path().display().to_string(), "ROOT")
    }

    /// How often the programs ran.
    fn calls(&self) -> usize {
        fs::read_to_string(self.root.path().join("calls")).unwrap_or_default().lines().count()
    }
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

const GIVES: &str = "cat whole > \"$part\"";
const FAILS: &str = "echo 'curl: (6) Could not resolve host' >&2; exit 6";
const MIRROR_GIVES: &str =
    "case $url in *mirror*) cat whole > \"$part\";; *) echo 'curl: (22) error 503' >&2; exit 22;; esac";

#[test]
fn the_first_source_is_enough() {
    let stage = Stage::new().curl(GIVES);
    assert!(stage.came().is_empty());
    assert_eq!(stage.calls(), 1);
    // What is here and right is not fetched again.
    assert_eq!(stage.fetch_again(), Fetched::Already(stage.place()));
    assert_eq!(stage.calls(), 1);
}

#[test]
fn a_wrong_file_in_its_place_is_fetched_again() {
    let stage = Stage::new().curl(GIVES);
    fs::create_dir_all(stage.dir().folder()).unwrap();
    fs::set_permissions(stage.dir().folder(), fs::Permissions::from_mode(0o700)).unwrap();
    fs::write(stage.place(), "no model").unwrap();
    stage.came();
}

#[test]
fn an_interrupted_download_goes_on() {
    let stage = Stage::new().curl(
        "size=$(($(wc -c < \"$part\")))
         tail -c +$((size + 1)) whole | head -c 100000 >> \"$part\"
         [ $(($(wc -c < \"$part\"))) = $(($(wc -c < whole))) ] || { echo 'curl: (18) partial file' >&2; exit 18; }",
    );
    let turns = stage.file.len().div_ceil(100_000);
    for _ in 1..turns {
        let said = stage.failed();
        assert!(said.contains("models.example: (18) partial file"), "{said}");
        assert_eq!(mode(&stage.with_suffix("part")), 0o600);
    }
    stage.came();
    assert_eq!(stage.calls(), turns);
}

#[test]
fn a_whole_part_is_taken_without_asking_anyone() {
    let stage = Stage::new();
    fs::create_dir_all(stage.dir().folder()).unwrap();
    fs::set_permissions(stage.dir().folder(), fs::Permissions::from_mode(0o700)).unwrap();
    fs::write(stage.with_suffix("part"), &stage.file).unwrap();
    stage.came();
}

#[test]
fn it_begins_again_if_ranges_are_unknown() {
    let stage = Stage::new().curl("[ -s \"$part\" ] && exit 33; cat whole > \"$part\"");
    fs::create_dir_all(stage.dir().folder()).unwrap();
    fs::set_permissions(stage.dir().folder(), fs::Permissions::from_mode(0o700)).unwrap();
    fs::write(stage.with_suffix("part"), "half").unwrap();
    stage.came();
    assert_eq!(stage.calls(), 2);
}

#[test]
fn a_file_that_lies_is_deleted_and_said() {
    for lie in ["echo '<html>Sign in</html>' > \"$part\"", "tr a b < whole > \"$part\"", "cat whole whole > \"$part\""]
    {
        let stage = Stage::new().curl(lie);
        let said = stage.failed();
        assert!(said.contains("models.example: what came is not the published file (it"), "{said}");
        assert!(said.contains("was deleted"), "{said}");
        assert!(!stage.with_suffix("part").exists());
    }
}

#[test]
fn sources_are_tried_in_order() {
    let stage = Stage::new().with_mirror().curl(MIRROR_GIVES);
    assert_eq!(stage.came(), ["models.example: (22) error 503"]);
    assert_eq!(stage.calls(), 2);

    // What the first left of the file is gone on with: there is one digest for all.
    let half = "case $url in *mirror*) tail -c +$(($(wc -c < \"$part\") + 1)) whole >> \"$part\";;
        *) head -c 100000 whole > \"$part\"; echo 'curl: (18) partial file' >&2; exit 18;; esac";
    assert_eq!(Stage::new().with_mirror().curl(half).came(), ["models.example: (18) partial file"]);

    // And what it said wrongly is not.
    let lie =
        "case $url in *mirror*) [ ! -s \"$part\" ] && cat whole > \"$part\";; *) tr a b < whole > \"$part\";; esac";
    let [said] = &Stage::new().with_mirror().curl(lie).came()[..] else { panic!() };
    assert!(said.starts_with("models.example: what came is not the published file (its SHA-256 is "), "{said}");
}

#[test]
fn a_detectors_file_is_fetched_alike() {
    let stage = Stage::new().curl("printf network > \"$part\"");
    let dir = ModelDir::with_manifest(stage.dir().folder(), &with_detector(b"network")).unwrap();
    assert_eq!(dir.fetch("ear", &stage.tool(), &mut |_| {}).unwrap(), Fetched::New(dir.folder().join("ear.onnx")));
    assert_eq!(dir.detector("ear").unwrap(), b"network");
}

#[test]
fn when_all_fail_each_reason_is_told() {
    insta::assert_snapshot!(Stage::new().with_mirror().curl(FAILS).failed(), @"the model small could not be fetched: models.example: (6) Could not resolve host; mirror.example: (6) Could not resolve host. Run `make model MODELS=small` in a checkout of Keicho, or put the file https://models.example/small.bin at ROOT/data/models/small.bin yourself and run `keicho models verify small`");
    insta::assert_snapshot!(Stage::new().failed(), @"the model small could not be fetched: models.example: curl is not installed. Run `make model MODELS=small` in a checkout of Keicho, or put the file https://models.example/small.bin at ROOT/data/models/small.bin yourself and run `keicho models verify small`");
    insta::assert_snapshot!(Stage::new().curl("exit 7").failed(), @"the model small could not be fetched: models.example: curl ended with exit status: 7. Run `make model MODELS=small` in a checkout of Keicho, or put the file https://models.example/small.bin at ROOT/data/models/small.bin yourself and run `keicho models verify small`");
}

#[test]
fn a_folder_that_cannot_be_written_to_is_said() {
    let stage = Stage::new().curl(GIVES);
    fs::write(stage.root.path().join("data"), "a file").unwrap();
    let said = stage.failed();
    assert!(said.starts_with("cannot write ROOT/data/models") && said.contains("KEICHO_MODELS"), "{said}");
}

#[test]
fn two_fetches_take_turns() {
    let stage = Stage::new().curl(GIVES);
    let both = std::thread::scope(|scope| {
        let one = scope.spawn(|| stage.fetch_again());
        [stage.fetch_again(), one.join().unwrap()]
    });
    assert!(both.contains(&Fetched::New(stage.place())) && both.contains(&Fetched::Already(stage.place())));
    assert_eq!(stage.calls(), 1);
}

impl Stage {
    /// Fetches where it may be here already.
    fn fetch_again(&self) -> Fetched {
        self.dir().fetch("small", &self.tool(), &mut |_| {}).unwrap()
    }
}
