//! What packages are made of: the program's own manual pages and completions, and the files of `packaging/`. That a package can be
//! installed, runs and can be removed is `make package-test`'s.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::run::WorkingDir;

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A folder with what `keicho package-files` makes.
fn package_files() -> (WorkingDir, PathBuf) {
    let dir = WorkingDir::new();
    let ran = dir.keicho(&["package-files", "made"]);
    assert_eq!((ran.status, ran.stdout.as_str(), ran.stderr.as_str()), (Some(0), "", ""));
    let made = dir.path().join("made");
    (dir, made)
}

/// The commands that `keicho --help` lists.
fn commands(dir: &WorkingDir) -> Vec<String> {
    let help = dir.keicho(&["--help"]).stdout;
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let lines = lines.take_while(|line| !line.is_empty());
    let names = lines.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let names = names.filter_map(|line| line.split_whitespace().next().map(str::to_owned));
    names.filter(|name| name != "help").collect()
}

#[test]
fn each_command_has_a_page_and_a_completion() {
    let (dir, made) = package_files();
    let commands = commands(&dir);
    assert!(commands.len() >= 8, "{commands:?}");
    let read = |path: &str| fs::read_to_string(made.join(path)).unwrap();
    let shells = [read("completions/keicho.bash"), read("completions/_keicho"), read("completions/keicho.fish")];
    for command in &commands {
        let page = read(&format!("man/keicho-{command}.1"));
        assert!(page.contains(".SH NAME") && page.contains(&format!("keicho\\-{command}")), "{command}: {page}");
        assert!(shells.iter().all(|shell| shell.contains(command.as_str())), "{command}");
    }
    assert!(read("man/keicho.1").contains("Attentive listening"), "what the program is");
}

#[test]
fn what_is_no_command_for_people_has_no_page() {
    let (_dir, made) = package_files();
    for hidden in ["open-pages", "package-files"] {
        assert!(!made.join(format!("man/keicho-{hidden}.1")).exists(), "{hidden}");
    }
}

#[test]
fn the_package_is_made_of_files_that_are_there() {
    let (_dir, made) = package_files();
    let manifest: toml::Table = fs::read_to_string(repository().join("Cargo.toml")).unwrap().parse().unwrap();
    let assets = manifest["package"]["metadata"]["deb"]["assets"].as_array().unwrap();
    for asset in assets {
        let source = asset[0].as_str().unwrap();
        let there = match source.strip_prefix("target/release/") {
            None => repository().join(source).is_file(),
            // The program, and what the script of the licences writes beside what the program does.
            Some("keicho" | "package/THIRD-PARTY-NOTICES") => true,
            Some("package/man/*.1") => made.join("man/keicho.1").is_file(),
            Some(other) => made.join(other.strip_prefix("package/").unwrap()).is_file(),
        };
        assert!(there, "{source}");
    }
}

#[test]
fn the_entry_in_the_menu_is_sound() {
    let entry = repository().join("packaging/keicho.desktop");
    let validated = Command::new("desktop-file-validate").arg(&entry).output().unwrap();
    assert!(validated.status.success() && validated.stdout.is_empty(), "{validated:?}");
    let text = fs::read_to_string(&entry).unwrap();
    let dir = WorkingDir::new();
    for line in text.lines().filter_map(|line| line.strip_prefix("Exec=keicho ")) {
        let command = line.split(' ').next().unwrap();
        assert_eq!(dir.keicho(&[command, "--help"]).status, Some(0), "{line}");
    }
}

#[test]
fn every_library_in_the_program_has_its_licence() {
    let script = repository().join("packaging/notices.py");
    let ran = Command::new("python3").arg("-B").arg(script).current_dir(repository()).output().unwrap();
    let (notices, errors) = (String::from_utf8(ran.stdout).unwrap(), String::from_utf8(ran.stderr).unwrap());
    assert!(ran.status.success(), "{errors}");
    for name in [
        "\nclap 4",
        "\nopusic-sys ",
        "\nsymphonia ",
        "\nwhisper-rs-sys ",
        "\nRust's standard library",
        "FireRedVAD",
        "mecab-ipadic",
    ] {
        assert!(notices.contains(name), "{name}");
    }
    assert!(notices.contains("The ggml authors"), "the C++ inside of a library has its own");
}
