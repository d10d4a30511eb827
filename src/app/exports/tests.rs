use super::*;
use crate::doubles::record::live_call;
use crate::records::{CallRecord, Figures};
use crate::report::summary::Language;
use crate::session::{Event, Sink as _};
use crate::store::{CallEnd, DataDir, Forget};
use crate::time::SampleTime;
use crate::wire::tests::heard;

/// A call of this share with this person, on this day of April; one that still goes on has no share.
fn call(store: &mut Store, day: u32, with: &str, share: Option<f64>) {
    let folder = PathBuf::from(format!("/nowhere/{day}"));
    let record = CallRecord { with: Some(with.to_owned()), folder, ..live_call(&format!("2026-04-{day:02}")) };
    let journal = store.begin_call(&record).unwrap();
    if share.is_some() {
        let figures = Figures { share, longest_turn_ms: Some(60_000), ..Figures::default() };
        journal.finish(CallEnd { figures, ..CallEnd::default() }).unwrap();
    }
}

#[test]
fn the_last_five_before_a_call_stand_beside_it_the_oldest_first() {
    let home = tempfile::tempdir().unwrap();
    let mut store = Store::open(&DataDir::new(home.path().join("keicho"))).unwrap();
    for day in 1..=7 {
        call(&mut store, day, if day % 2 == 0 { "Sato" } else { "Aoki" }, Some(f64::from(day) / 10.0));
    }
    call(&mut store, 8, "Sato", None);
    let shares = |id: &str| -> Vec<f64> {
        prior_calls(&store, id).unwrap().calls.iter().map(|past| past.figures.share.unwrap()).collect()
    };
    assert_eq!(shares("2026-04-08"), [0.3, 0.4, 0.5, 0.6, 0.7], "whoever they were with");
    assert_eq!(shares("2026-04-03"), [0.1, 0.2], "none that came after");
    assert_eq!(shares("2026-04-01"), [0.0; 0]);
    let last = prior_calls(&store, "2026-04-02").unwrap().calls.pop().unwrap();
    assert_eq!((last.figures.longest_turn_ms, last.figures.wait_ms), (Some(60_000), None));
}

#[test]
fn all_that_is_written_elsewhere_goes_with_the_call_and_what_else_is_there_stays() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = Store::open(&DataDir::new(dir.path().join("keicho"))).unwrap();
    let folder = CallFolder::create(&dir.path().join("elsewhere")).unwrap();
    let record = CallRecord {
        with: Some("Sato".to_owned()),
        keep_words: true,
        folder: folder.path().to_owned(),
        ..live_call("2026-04-01")
    };
    let mut journal = store.begin_call(&record).unwrap();
    journal.emit(SampleTime::from_ms(12_000), Event::Heard(heard("んだんだんだ")));
    journal.finish(CallEnd::default()).unwrap();
    let summary = Summary::from_journal(&record, &store.events(&record.id).unwrap(), Language::Ja);
    store.export_events(&record.id, &folder).unwrap();
    let call = SummarizedCall { summary, prior_calls: PriorCalls::default(), folder: folder.path().to_owned() };
    call.write_files(Language::En).unwrap();
    call.write_mirror(Language::En).unwrap();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 7);
    std::fs::write(folder.path().join("mine.txt"), "stays").unwrap();
    let forgotten = store.forget(&Forget::Call(record.id)).unwrap();
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!((left, forgotten.folders_left), (vec!["mine.txt".into()], vec![folder.path().to_owned()]));
}

#[test]
fn a_page_beside_forgotten_calls_is_made_again_without_them() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = Store::open(&DataDir::new(dir.path().join("keicho"))).unwrap();
    let written = |store: &Store, id: &str| {
        let call = store.call(Some(id)).unwrap();
        let call = crate::app::past_calls::summarize(store, &call, Language::En).unwrap();
        std::fs::read_to_string(call.write_page(Language::En).unwrap()).unwrap()
    };
    for day in 1..=3 {
        let id = format!("2026-04-{day:02}");
        let with = Some(if day == 1 { "Sato" } else { "Aoki" }.to_owned());
        let record = CallRecord { with, folder: dir.path().join("elsewhere").join(&id), ..live_call(&id) };
        let figures = Figures { share: Some(0.87), ..Figures::default() };
        store.begin_call(&record).unwrap().finish(CallEnd { figures, ..CallEnd::default() }).unwrap();
        let page = written(&store, &record.id);
        let shows = |day: &str| page.contains(&format!(">{day}<"));
        assert_eq!(shows("1 Apr"), day > 1, "{page}");
    }
    assert_eq!(store.forget(&Forget::Person("Sato".to_owned())).unwrap().pages, 2);
    let left = |id: &str| dir.path().join("elsewhere").join(id).join("summary.html").exists();
    assert!(!left("2026-04-02") && !left("2026-04-03"));
    let page = written(&store, "2026-04-03");
    assert!(!page.contains(">1 Apr<") && page.contains(">2 Apr<"));
}
