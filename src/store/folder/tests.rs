use std::cell::RefCell;

use super::*;
use crate::agenda::ItemState;
use crate::nudges::NudgeKind;
use std::fs;

fn happen(journal: &mut EventsFile) {
    journal.emit(SampleTime::from_ms(20), Event::NudgeWithdrawn(NudgeKind::Share));
}

#[test]
fn a_journal_is_there_line_by_line() {
    let dir = tempfile::tempdir().unwrap();
    let folder = CallFolder::create(&dir.path().join("new/call")).unwrap();
    let mut journal = folder.create_events_file().unwrap();
    happen(&mut journal);
    let path = folder.path().join("events.jsonl");
    let first = "{\"seq\":1,\"at_ms\":20,\"kind\":\"nudge_withdrawn\",\"nudge\":\"share\"}\n";
    assert_eq!(fs::read_to_string(&path).unwrap(), first, "before it is finished");
    happen(&mut journal);
    assert_eq!(journal.finish().unwrap(), path);
    assert_eq!(fs::read_to_string(&path).unwrap().lines().count(), 2);
}

#[test]
fn what_is_erased_leaves_no_byte_and_the_numbers_go_on_from_what_is_left() {
    let dir = tempfile::tempdir().unwrap();
    let folder = CallFolder::create(dir.path()).unwrap();
    let mut journal = folder.create_events_file().unwrap();
    let said = |text: &str| Event::Agenda { id: 1, text: text.to_owned(), state: ItemState::Open };
    journal.emit(SampleTime::from_ms(20), said("kept"));
    journal.emit(SampleTime::from_ms(30), said("kept too"));
    journal.emit(SampleTime::from_ms(40), said("needle"));
    // The same file under another name: what is seen through it is what the file's bytes were.
    let path = folder.path().join("events.jsonl");
    let mut bytes = File::open(&path).unwrap();
    journal.erase(SampleTime::from_ms(30));
    journal.emit(SampleTime::from_ms(40), said("later"));
    journal.finish().unwrap();
    let mut text = String::new();
    bytes.read_to_string(&mut text).unwrap();
    let lines: Vec<&str> = text.lines().map(|line| line.split("\"text\":\"").nth(1).unwrap()).collect();
    assert_eq!(lines, ["kept\",\"state\":\"open\"}", "kept too\",\"state\":\"open\"}", "later\",\"state\":\"open\"}"]);
    assert!(text.lines().last().unwrap().starts_with("{\"seq\":3,"), "{text}");
}

/// A disk that shows what it held whenever it was told to hold it.
#[derive(Default)]
struct Disk {
    bytes: RefCell<Vec<u8>>,
    at: usize,
    held: RefCell<Vec<Vec<u8>>>,
    broken: bool,
}

impl Write for Disk {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.broken {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let mut all = self.bytes.borrow_mut();
        let length = all.len().max(self.at + bytes.len());
        all.resize(length, b'?');
        all[self.at..self.at + bytes.len()].copy_from_slice(bytes);
        self.at += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Seek for Disk {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let SeekFrom::Start(at) = to else { panic!("{to:?}") };
        self.at = at as usize;
        Ok(at)
    }
}

impl ErasableFile for Disk {
    fn length(&self) -> io::Result<u64> {
        Ok(self.bytes.borrow().len() as u64)
    }

    fn sync(&self) -> io::Result<()> {
        self.held.borrow_mut().push(self.bytes.borrow().clone());
        Ok(())
    }

    fn truncate(&self, to: u64) -> io::Result<()> {
        self.bytes.borrow_mut().truncate(to as usize);
        Ok(())
    }
}

#[test]
fn what_is_erased_is_overwritten_on_the_disk_before_the_file_forgets_the_place() {
    let mut disk = Disk { bytes: RefCell::new(b"kept needle".to_vec()), at: 11, ..Disk::default() };
    erase_from(&mut disk, 5).unwrap();
    assert_eq!(*disk.held.borrow(), [b"kept \0\0\0\0\0\0".to_vec(), b"kept ".to_vec()]);
    disk.write_all(b"later").unwrap();
    assert_eq!(*disk.bytes.borrow(), b"kept later");
}

#[test]
fn what_cannot_be_overwritten_is_cut_off_and_told() {
    let mut disk = Disk { bytes: RefCell::new(b"kept needle".to_vec()), broken: true, ..Disk::default() };
    assert_eq!(erase_from(&mut disk, 5).unwrap_err().kind(), io::ErrorKind::StorageFull);
    assert_eq!(*disk.held.borrow(), [b"kept ".to_vec()]);
}

#[test]
fn all_of_a_journal_may_be_erased() {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = CallFolder::create(dir.path()).unwrap().create_events_file().unwrap();
    journal.erase(SampleTime::ZERO);
    happen(&mut journal);
    journal.erase(SampleTime::ZERO);
    assert_eq!(fs::read(journal.finish().unwrap()).unwrap(), b"");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_at_the_end_and_the_call_goes_on() {
    let file = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut journal = EventsFile { path: "/dev/full".into(), file, line_ends: Vec::new(), failed: None };
    happen(&mut journal);
    happen(&mut journal);
    let error = journal.finish().unwrap_err().to_string();
    assert!(error.starts_with("cannot write /dev/full: ") && error.contains("Free some space"), "{error}");
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let folder = CallFolder::create(&dir.path().join("call")).unwrap();
    let file = folder.write("summary.md", b"# hello").unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(folder.path()), mode(&file)), (0o700, 0o600));
    assert_eq!(mode(&folder.create_events_file().unwrap().finish().unwrap()), 0o600);
}

#[test]
fn a_folder_that_cannot_be_is_one_sentence() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, b"").unwrap();
    let error = CallFolder::create(&file.join("call")).unwrap_err().to_string();
    assert!(error.starts_with("cannot make the folder ") && error.ends_with("Choose another with --out"), "{error}");
}
