//! The order of the modules: each may use only what stands to its left.

use std::fs;
use std::path::{Path, PathBuf};

/// From the left; modules of one group may not use each other.
const ORDER: &[&[&str]] = &[
    &["time", "private_fs", "confinement", "desktop"],
    &["audio"],
    &["capture"],
    &["source", "frontend"],
    &["turns", "health"],
    &["language", "models"],
    &["i18n", "dates"],
    &["asr"],
    &["dynamics"],
    &["nudges"],
    &["agenda", "calendar", "config"],
    &["people", "records"],
    &["session", "prepare"],
    &["wire"],
    &["store"],
    &["report"],
    &["server"],
    &["app", "agent"],
    &["cli"],
];

/// Libraries that only these modules may know.
const KEPT: &[(&str, &[&str])] = &[
    ("alsa", &["capture"]),
    ("cpal", &["capture"]),
    ("pulseaudio", &["capture"]),
    ("realfft", &["frontend"]),
    ("earshot", &["frontend"]),
    ("fearless_simd", &["audio", "frontend"]),
    ("bytemuck", &["frontend"]),
    ("webrtc_vad", &["frontend"]),
    ("rten", &["frontend"]),
    ("rten_tensor", &["frontend"]),
    ("whisper_rs", &["asr"]),
    ("flate2", &["asr"]),
    ("symphonia", &["source"]),
    ("tokio", &["server"]),
    ("axum", &["server"]),
    ("hyper", &["server"]),
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("clap_mangen", &["cli"]),
    ("indicatif", &["cli"]),
    ("ctrlc", &["cli"]),
    ("signal_hook", &["cli"]),
    ("seccompiler", &["confinement"]),
    ("libc", &["confinement"]),
    ("anyhow", &["cli"]),
    ("base64", &["report"]),
    ("calcard", &["calendar"]),
    ("csv", &["source", "report"]),
    ("encoding_rs", &["source"]),
    ("serde_json", &["source", "wire", "server", "report", "app"]),
    ("sha2", &["models", "report"]),
    ("form_urlencoded", &["server"]),
    ("percent_encoding", &["cli"]),
    ("subtle", &["server"]),
    ("rusqlite", &["store"]),
    ("toml", &["language", "models", "config"]),
    ("toml_edit", &["config"]),
    ("unicode_normalization", &["source", "language"]),
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.ends_with("tests") {
            // Tests may know what they like.
            continue;
        } else if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") && !path.ends_with("tests.rs") {
            found.push(path);
        }
    }
}

/// A file's module, and its text without tests and comments.
fn modules() -> Vec<(String, String)> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    sources(&src, &mut found);
    let read = |path: PathBuf| {
        let first = path.strip_prefix(&src).unwrap().iter().next().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        let lines: Vec<_> = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        (first.trim_end_matches(".rs").to_owned(), lines.join("\n"))
    };
    found.into_iter().map(read).filter(|(module, _)| module != "lib" && module != "main").collect()
}

fn place(module: &str) -> usize {
    let found = ORDER.iter().position(|group| group.contains(&module));
    found.unwrap_or_else(|| panic!("{module} has no place in the order"))
}

/// Modules of this crate that a text names after `crate::`, braces included.
fn used(code: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        let list = match rest.strip_prefix('{') {
            Some(inner) => inner.split('}').next().unwrap_or_default(),
            None => rest,
        };
        for name in if rest.starts_with('{') { list.split(',').collect() } else { vec![list] } {
            let word = name.trim_start().split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
            names.push(word.to_owned());
        }
    }
    names
}

#[test]
fn arrows_point_to_the_left() {
    for (module, code) in modules() {
        for other in used(&code).into_iter().filter(|other| *other != module) {
            assert!(place(&other) < place(&module), "{module} uses {other}");
        }
    }
}

#[test]
fn libraries_stay_in_their_rooms() {
    for (module, code) in modules() {
        for (library, rooms) in KEPT {
            let named = code.match_indices(&format!("{library}::")).any(|(at, _)| {
                let before = code[..at].chars().next_back();
                before.is_none_or(|c| !c.is_alphanumeric() && c != '_')
                    && !code[..at].ends_with("crate::")
                    && !code[..at].ends_with("self::")
                    && !code[..at].ends_with("super::")
                    && !code[..at].ends_with("pulse::")
            });
            let own = code.contains(&format!("mod {library};"));
            assert!(!named || own || rooms.contains(&module.as_str()), "{module} knows {library}");
        }
    }
}

/// Without an HTTP client and without TLS, what is heard could be sent nowhere by the libraries themselves. `deny.toml` has
/// the same list.
#[test]
fn libraries_reach_no_network() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let rules = fs::read_to_string(root.join("deny.toml")).unwrap();
    let banned: Vec<_> = rules.lines().filter_map(|line| line.trim().strip_prefix("{ crate = ")).collect();
    assert!(banned.len() > 10, "{banned:?}");
    let lock = fs::read_to_string(root.join("Cargo.lock")).unwrap();
    for name in banned.iter().map(|line| line.trim_end_matches(" },")) {
        assert!(!lock.contains(&format!("name = {name}\n")), "{name} is among the libraries");
    }
}

/// A vanished terminal makes `println!` panic, which would end a call: all that is printed goes through one place.
#[test]
fn one_place_alone_prints() {
    for (module, code) in modules() {
        for macros in ["println!", "print!", "dbg!"] {
            assert!(!code.contains(macros), "{module} has {macros}:\n{code}");
        }
        let console = module == "cli" && code.contains("fn announce(");
        for stream in ["stdout()", "stderr()"] {
            let used =
                code.match_indices(stream).filter(|(at, _)| !code[at + stream.len()..].starts_with(".is_terminal()"));
            assert!(console || used.count() == 0, "{module} writes to {stream}:\n{code}");
        }
    }
}

/// What the application leaves to the command line: to print, and to end the process.
#[test]
fn the_application_neither_prints_nor_exits() {
    for (_, code) in modules().into_iter().filter(|(module, _)| module == "app") {
        for left in ["print!", "println!", "print_stdout", "print_stderr", "process::exit", "process::abort"] {
            assert!(!code.contains(left), "app has {left}:\n{code}");
        }
    }
}

#[test]
fn the_check_can_fail() {
    assert_eq!(used("use crate::time::Span;\nuse crate::{audio::Block, cli};"), ["time", "audio", "cli"]);
    assert!(place("cli") > place("time"));
}
