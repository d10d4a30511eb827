//! The other person's name on the command line, which every user of the machine can read in the list of processes for as
//! long as the process runs.

use std::io::stdin;

use anyhow::Context;

/// Stands for a name that is not on the command line.
const NOT_HERE: &str = "-";

/// Where the name is then; the environment is for the same user's eyes alone.
const VARIABLE: &str = "KEICHO_WITH";

/// The name that is given, if one is: for `-`, what `KEICHO_WITH` says, or else the first line of the input.
pub(super) fn read(given: Option<&str>) -> anyhow::Result<Option<String>> {
    match given {
        Some(NOT_HERE) => match std::env::var(VARIABLE) {
            Ok(name) => Ok(Some(name)),
            Err(_) => {
                let mut line = String::new();
                stdin().read_line(&mut line).context("cannot read the name for --with - from the input")?;
                Ok(Some(line.trim_end_matches(['\n', '\r']).to_owned()))
            }
        },
        other => Ok(other.map(str::to_owned)),
    }
}

/// Takes a name off the command line of a process that may run for long: the program starts itself anew in its place,
/// with the name in its environment. Does nothing if there is none, or if that cannot be.
#[cfg(unix)]
pub(super) fn hide(given: Option<&str>) {
    use std::os::unix::process::CommandExt as _;
    use std::process::Command;

    let Some(name) = given.filter(|name| *name != NOT_HERE) else { return };
    let mut words = std::env::args_os();
    let (Some(called), Ok(program)) = (words.next(), std::env::current_exe()) else { return };
    let words: Vec<_> = words.collect();
    let hidden = without_name(words.iter().cloned(), name);
    if hidden == words {
        return;
    }
    let error = Command::new(program).arg0(called).args(hidden).env(VARIABLE, name).exec();
    // It comes back only if it failed.
    tracing::debug!(%error, "the name stays on the command line");
}

/// Elsewhere a process cannot take the place of another: the name stays.
#[cfg(not(unix))]
pub(super) fn hide(_: Option<&str>) {}

/// The words of a command line with `-` in the place of the name.
#[cfg(unix)]
fn without_name(words: impl Iterator<Item = std::ffi::OsString>, name: &str) -> Vec<std::ffi::OsString> {
    let joined = format!("--with={name}");
    let mut hidden: Vec<std::ffi::OsString> = Vec::new();
    for word in words {
        let follows = hidden.last().is_some_and(|before| before == "--with");
        hidden.push(match () {
            () if follows && word == name => NOT_HERE.into(),
            () if word == joined.as_str() => format!("--with={NOT_HERE}").into(),
            () => word,
        });
    }
    hidden
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_taken_off_the_command_line_and_nothing_else_is() {
        let hidden = |line: &str, name: &str| {
            let words = line.split(' ').map(std::ffi::OsString::from);
            without_name(words, name).iter().map(|word| word.to_str().unwrap()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(hidden("live --with Sato --port 0", "Sato"), "live --with - --port 0");
        assert_eq!(hidden("replay Sato --with=Sato", "Sato"), "replay Sato --with=-");
        assert_eq!(hidden("live --me Sato", "Kato"), "live --me Sato");
    }
}
