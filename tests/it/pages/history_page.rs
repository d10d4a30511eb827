//! The history's page in headless Chromium: opened from disk in both languages, light and dark, on a phone and on a desk;
//! a person is chosen, a thousand calls are opened, and it is printed.
//!
//! Then beside a call that runs: the ways between history, summary and mirror.
//!
//! `tests/page/history.mjs` and `served.mjs` drive the browser. The pictures are left in `target/history-page`.

use keicho::report::history::History;
use keicho::report::summary::Language;
use keicho::store::{DataDir, Store};

use crate::support::{browser, past};

/// What a call adds to the page of all: its rows, its marks and its place in a path.
const BYTES_A_CALL: usize = 1_000;

const NAMES: [[&str; 4]; 2] = [
    ["佐藤", "高橋 みなみ", "Kim", "長宗我部ヴィルヘルミナ"],
    ["Sato", "Minami Takahashi", "Kim", "Wilhelmina van der Hoogenband-Featherstonehaugh"],
];

fn now() -> jiff::Zoned {
    "2026-11-26T09:00:00+01:00[Europe/Berlin]".parse().unwrap()
}

fn last() -> jiff::civil::Date {
    "2026-11-24".parse().unwrap()
}

#[test]
fn the_page_is_read_on_a_phone_on_a_desk_and_on_paper() {
    let out = browser::emptied("history-page");
    let put = |name: &str, text: &str| std::fs::write(out.join(name), text).unwrap();
    put("policy.txt", &History::policy());
    for (language, names) in [Language::Ja, Language::En].into_iter().zip(NAMES) {
        let code = language.code();
        let dir = tempfile::tempdir().unwrap();
        let none = DataDir::new(dir.path().join("none"));
        let few = DataDir::new(dir.path().join("few"));
        let [one, five] = ["one", "five"].map(|name| DataDir::new(dir.path().join(name)));
        past::fill(&few, 23, last(), &names, language);
        past::fill(&one, 1, last(), &names, language);
        past::fill(&five, 5, last(), &names, language);
        let page = |home: &DataDir, with: Option<&str>| {
            let history = History::read(&Store::open(home).unwrap(), with, &now()).unwrap();
            history.page(language, &|call| Some(format!("calls/{}/summary.html", call.record.id)))
        };
        put(&format!("none-{code}.html"), &page(&none, None));
        put(&format!("one-{code}.html"), &page(&one, None));
        put(&format!("five-{code}.html"), &page(&five, None));
        put(&format!("few-{code}.html"), &page(&few, None));
        put(&format!("person-{code}.html"), &page(&few, Some(names[3])));
    }

    let dir = tempfile::tempdir().unwrap();
    let many = DataDir::new(dir.path().join("many"));
    let names: Vec<String> = (1..=20).map(|n| format!("Person {n}")).collect();
    past::fill(&many, 1_000, last(), &names.iter().map(String::as_str).collect::<Vec<_>>(), Language::En);
    let store = Store::open(&many).unwrap();
    let history = History::read(&store, None, &now()).unwrap();
    let page = history.page(Language::En, &|call| Some(format!("calls/{}/summary.html", call.record.id)));
    println!("1,000 calls: {} KB", page.len() / 1_000);
    assert!(page.len() < 1_000 * BYTES_A_CALL, "{} bytes", page.len());
    put("many-en.html", &page);

    let said = browser::run("history.mjs", &[&out, &out.join("pictures")]);
    println!("{said}");
    assert!(said.ends_with("11 pages seen\n"), "{said}");
}

/// On a sound server of the test's own, as no other call has a history.
#[cfg(all(feature = "capture", target_os = "linux"))]
mod served {
    use std::path::{Path, PathBuf};

    use super::*;
    use crate::support::live::Live;
    use crate::support::server::{SoundServer, on_each_server};

    on_each_server!(from_the_call_to_the_history_to_a_summary_to_a_mirror_and_back);

    fn from_the_call_to_the_history_to_a_summary_to_a_mirror_and_back(server: SoundServer) {
        let pictures = browser::emptied(&format!("history-served-{:?}", server.kind()).to_lowercase());
        let home = DataDir::new(server.dir().join(".local/share/keicho"));
        past::fill(&home, 7, jiff::Zoned::now().date().yesterday().unwrap(), &["Sato", "Kim"], Language::En);
        let mut live = Live::start(&server, &["--at-once", "--with", "Aoki"], None);
        let overlay = live.line("overlay: ");
        let said = browser::run("served.mjs", &[Path::new(&overlay), &pictures]);
        assert_eq!(said, "all ways were gone\n");
        let summary = PathBuf::from(live.ended());
        assert!(!summary.exists(), "it showed figures of somebody who was deleted meanwhile");
        let mirror = std::fs::read_to_string(summary.with_file_name("mirror.html")).unwrap();
        assert!(mirror.contains("Our 1on1") && !mirror.contains("<form"), "{mirror}");
    }
}
