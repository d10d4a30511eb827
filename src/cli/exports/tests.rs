use super::*;
use crate::nudges::Mode;
use crate::store::{CallEnd, CallStart, Figures, Home};

/// A call of this share with this person, on this day of April; one that still goes on has no share.
fn call(store: &mut Store, day: u32, with: &str, share: Option<f64>) {
    let start = CallStart {
        id: format!("2026-04-{day:02}"),
        started_at: format!("2026-04-{day:02}T10:00:00+09:00"),
        with: Some(with.to_owned()),
        mode: Mode::Listening,
        target: 0.3,
        language: None,
        keep_words: false,
        folder: PathBuf::from(format!("/nowhere/{day}")),
    };
    let journal = store.begin(&start).unwrap();
    if share.is_some() {
        let figures = Figures { share, longest_turn_ms: Some(60_000), ..Figures::default() };
        journal.finish(CallEnd { figures, ..CallEnd::default() }).unwrap();
    }
}

#[test]
fn the_last_five_before_a_call_stand_beside_it_the_oldest_first() {
    let home = tempfile::tempdir().unwrap();
    let mut store = Store::open(&Home::at(home.path().join("keicho"))).unwrap();
    for day in 1..=7 {
        call(&mut store, day, if day % 2 == 0 { "Sato" } else { "Aoki" }, Some(f64::from(day) / 10.0));
    }
    call(&mut store, 8, "Sato", None);
    let shares =
        |id: &str| -> Vec<f64> { before(&store, id).unwrap().calls.iter().map(|past| past.share.unwrap()).collect() };
    assert_eq!(shares("2026-04-08"), [0.3, 0.4, 0.5, 0.6, 0.7], "whoever they were with");
    assert_eq!(shares("2026-04-03"), [0.1, 0.2], "none that came after");
    assert_eq!(shares("2026-04-01"), [0.0; 0]);
    let last = before(&store, "2026-04-02").unwrap().calls.pop().unwrap();
    assert_eq!((last.longest_ms, last.wait_ms), (Some(60_000), None));
}
