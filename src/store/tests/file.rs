//! The file: who may read it, and what becomes of one that is not ours, not whole, or not of today.

use std::fs;

use super::*;
use crate::health::confidence::{Confidence, FigureGroup};
use crate::people::Preference;
use crate::store::database::MIGRATIONS;

fn file(home: &DataDir) -> std::path::PathBuf {
    home.path().join("keicho.db")
}

/// A file with a call in it, all of it in the file itself.
fn filled() -> (TempDir, DataDir) {
    let (dir, home) = home();
    past(&mut Store::open(&home).unwrap(), &home, "2026-11-03T10-00-00", "Sato", 0.6);
    assert!(!home.path().join("keicho.db-wal").exists(), "closed in order");
    (dir, home)
}

#[test]
fn a_newer_file_is_refused_and_left_as_it_is() {
    let (_dir, home) = filled();
    let newer = rusqlite::Connection::open(file(&home)).unwrap();
    newer.pragma_update(None, "user_version", 4_649).unwrap();
    newer.close().unwrap();
    let before = fs::read(file(&home)).unwrap();
    let error = Store::open(&home).unwrap_err().to_string();
    let knows =
        format!("was written by a newer Keicho (version 4649 of the file, this one knows {})", MIGRATIONS.len());
    assert!(error.contains(&knows), "{error}");
    assert_eq!(error.lines().count(), 1);
    assert!(Store::forget_all(&home).is_err());
    assert_eq!(fs::read(file(&home)).unwrap(), before);
}

#[test]
fn a_newer_version_that_stands_in_the_log_alone_is_seen() {
    let (_dir, home) = filled();
    // A newer Keicho that was killed right after its first commit: the file's own header is still of today.
    let newer = rusqlite::Connection::open(file(&home)).unwrap();
    newer.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).unwrap();
    newer.pragma_update(None, "user_version", 4_649).unwrap();
    newer.close().unwrap();
    let log = home.path().join("keicho.db-wal");
    let before = (fs::read(file(&home)).unwrap(), fs::read(&log).unwrap());
    assert_eq!(before.0[60..64], (MIGRATIONS.len() as u32).to_be_bytes());
    assert!(matches!(Store::open(&home), Err(StoreError::Newer { found: 4_649, .. })));
    assert_eq!((fs::read(file(&home)).unwrap(), fs::read(&log).unwrap()), before);
}

#[test]
fn a_damaged_file_is_refused_and_left_as_it_is() {
    let (_dir, home) = filled();
    let whole = fs::read(file(&home)).unwrap();
    let mut torn = whole.clone();
    torn[4_096 * 3..4_096 * 3 + 64].fill(0xa5);
    let foreign = {
        let mut bytes = whole.clone();
        bytes[68..72].copy_from_slice(b"else");
        bytes
    };
    let kinds = [
        ("no database", b"something else altogether".to_vec()),
        ("a header that is cut short", whole[..50].to_vec()),
        ("cut short", whole[..whole.len() - 4_096 * 2].to_vec()),
        ("a page of noise", torn),
        ("another program's", foreign),
    ];
    for (kind, bytes) in kinds {
        fs::write(file(&home), &bytes).unwrap();
        let error = Store::open(&home).map(drop).unwrap_err();
        assert!(matches!(error, StoreError::Damaged { .. }), "{kind}: {error}");
        assert_eq!(error.to_string().lines().count(), 1, "{kind}: {error}");
        assert_eq!(fs::read(file(&home)).unwrap(), bytes, "{kind}");
    }
    Store::forget_all(&home).unwrap();
    assert!(!file(&home).exists(), "all goes, damaged or not");
}

#[test]
fn a_file_of_version_1_is_brought_up_to_date_with_everything_in_it() {
    let (_dir, home) = home();
    home.create().unwrap();
    let old = rusqlite::Connection::open(file(&home)).unwrap();
    old.execute_batch(MIGRATIONS[0]).unwrap();
    old.execute_batch(
        "PRAGMA user_version = 1;
         INSERT INTO person VALUES (7, 'Sato', 'time_to_think camera_off', 'Mornings', '2026-10-01');
         INSERT INTO call VALUES (9, '2026-11-03T10-00-00', 7, '2026-11-03T10:00:00+09:00', 1793667600, 'coaching', 0.3,
             'ja', 1, '/nowhere', 160000, 1);
         INSERT INTO event VALUES (11, 9, 16000, '{\"turn\":{\"run\":{\"track\":\"me\",\"span\":[0,16000]}}}');
         INSERT INTO figures (call, duration_ms, talk_ms, their_talk_ms, monologues, interruptions, interruptions_failed,
             silences, nudges, unsure) VALUES (9, 10000, 6000, 4000, 1, 2, 3, 4, 5, 1);
         INSERT INTO item VALUES (1, 9, 7, 'Holidays', 'open');
         INSERT INTO check_in VALUES (9, 4, 'fine');
         INSERT INTO perceived VALUES (9, 0.5);",
    )
    .unwrap();
    old.pragma_update(None, "application_id", u32::from_be_bytes(*b"keic")).unwrap();
    old.close().unwrap();
    // The step of a day to come, after all that there are.
    let tomorrow: Vec<&str> =
        MIGRATIONS.iter().copied().chain(["ALTER TABLE person ADD COLUMN moon TEXT NOT NULL DEFAULT 'full'"]).collect();
    let store = Store::open_with_migrations(&home, &tomorrow).unwrap();
    let moon: String = store.db.query_row("SELECT moon FROM person WHERE name = 'Sato'", [], |row| row.get(0)).unwrap();
    assert_eq!(moon, "full");
    assert_eq!(store.events("2026-11-03T10-00-00").unwrap(), [run(1_000)]);
    let call = store.call(None).unwrap();
    assert_eq!((call.record.mode, call.record.with.as_deref()), (Mode::Coaching, Some("Sato")));
    let figures = call.figures.unwrap();
    assert_eq!((call.perceived, figures.interruptions_failed), (Perceived::Share(0.5), 3));
    let about = |group| figures.confidence(&[group]);
    assert_eq!(about(FigureGroup::Interruptions), Some(Confidence::Medium), "as its share was");
    assert_eq!(about(FigureGroup::Questions), None);
    let people = store.people(&"2026-11-26T09:00:00+09:00[Asia/Tokyo]".parse().unwrap()).unwrap();
    assert_eq!(people[0].card.as_ref().unwrap().card.points, [Preference::TimeToThink, Preference::CameraOff]);
    assert_eq!(store.open_items("Sato").unwrap().len() + store.check_ins("Sato").unwrap().len(), 2);
    drop(store);
    assert!(matches!(Store::open(&home), Err(StoreError::Newer { found, known, .. }) if found == known + 1));
}

#[test]
fn a_step_that_fails_changes_nothing() {
    let (_dir, home) = filled();
    let before = fs::read(file(&home)).unwrap();
    let broken: Vec<&str> =
        MIGRATIONS.iter().copied().chain(["CREATE TABLE moon (phase TEXT); CREATE TABLE call (id TEXT)"]).collect();
    let error = Store::open_with_migrations(&home, &broken).unwrap_err().to_string();
    assert!(error.contains("table call already exists"), "{error}");
    assert_eq!(fs::read(file(&home)).unwrap(), before);
    assert_eq!(Store::open(&home).unwrap().calls(None, 9).unwrap().len(), 1);
}

#[cfg(unix)]
mod private {
    use std::os::unix::fs::PermissionsExt;
    use std::process::Command;

    use super::*;

    const OPEN_HANDED: &str = "KEICHO_TEST_OPEN_HANDED";

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    /// Everything under a folder, the folder too.
    fn all_under(root: &Path) -> Vec<std::path::PathBuf> {
        let mut found = vec![root.to_owned()];
        let mut next = 0;
        while let Some(path) = found.get(next).cloned() {
            next += 1;
            if path.is_dir() {
                found.extend(fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
            }
        }
        found
    }

    fn look(home: &DataDir) {
        let mut store = Store::open(home).unwrap();
        let id = "2026-11-03T10-00-00";
        let mut journal = store.begin_call(&record(home, id, Some("Sato"))).unwrap();
        let (at, event) = run(10);
        journal.emit(at, event);
        settle(&journal);
        let folder = CallFolder::create(&home.path().join("calls").join(id)).unwrap();
        store.export_events(id, &folder).unwrap();
        let all = all_under(home.path());
        for name in ["keicho.db", "keicho.db-wal", "keicho.db-shm", "running", "1", "calls", "events.jsonl"] {
            assert!(all.iter().any(|path| path.ends_with(name)), "{name}: {all:?}");
        }
        for path in all {
            let wanted = if path.is_dir() { 0o700 } else { 0o600 };
            assert_eq!(mode(&path), wanted, "{}", path.display());
        }
        journal.finish(CallEnd::default()).unwrap();
    }

    #[test]
    fn only_the_owner_can_read_whatever_the_umask() {
        if let Some(dir) = std::env::var_os(OPEN_HANDED) {
            return look(&DataDir::new(dir));
        }
        let (_dir, home) = home();
        let name = "store::tests::file::private::only_the_owner_can_read_whatever_the_umask";
        let again = std::env::current_exe().unwrap();
        let script = format!("umask 000; exec '{}' --exact {name} --nocapture", again.display());
        let output = Command::new("sh").args(["-c", &script]).env(OPEN_HANDED, home.path()).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && said.contains("1 passed"), "{said}");
        assert!(file(&home).exists());
    }

    #[test]
    fn what_was_left_open_is_closed() {
        let (_dir, home) = filled();
        fs::set_permissions(home.path(), fs::Permissions::from_mode(0o755)).unwrap();
        fs::set_permissions(file(&home), fs::Permissions::from_mode(0o644)).unwrap();
        Store::open(&home).unwrap();
        assert_eq!((mode(home.path()), mode(&file(&home))), (0o700, 0o600));
    }

    #[test]
    fn what_a_killed_keicho_was_writing_is_its_own() {
        let (dir, _) = home();
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
        fs::write(dir.path().join("history.html.part"), "<!doc").unwrap();
        Store::open(&DataDir::new(dir.path())).unwrap();
        assert_eq!(mode(dir.path()), 0o700);
    }

    #[test]
    fn a_folder_with_other_things_is_left_to_others() {
        let (dir, _) = home();
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
        fs::write(dir.path().join("letter.txt"), "to a friend").unwrap();
        let error = Store::open(&DataDir::new(dir.path())).unwrap_err().to_string();
        assert!(error.starts_with("others can read the folder ") && error.ends_with("with KEICHO_DATA"), "{error}");
        assert_eq!((mode(dir.path()), fs::read_dir(dir.path()).unwrap().count()), (0o755, 1));
    }
}
