use std::collections::BTreeMap;

use super::*;
use crate::agenda::{Action, CheckIn, ItemState};
use crate::audio::Track;
use crate::doubles::record::live_call;
use crate::health::confidence::{Confidence, FigureGroup};
use crate::records::{CallRecord, Figures, TrialArm};
use crate::store::{CallEnd, DataDir};

const NOW: &str = "2026-11-26T09:00:00+09:00[Asia/Tokyo]";

/// A store of a test's own.
struct TestStore {
    dir: tempfile::TempDir,
    store: Store,
}

impl TestStore {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&DataDir::new(dir.path().join("data"))).unwrap();
        Self { dir, store }
    }

    /// A call that came to this, at ten in Tokyo.
    fn held(&mut self, id: &str, with: Option<&str>, end: CallEnd) {
        self.held_at(&format!("{id}T10:00:00+09:00"), id, with, end);
    }

    fn held_at(&mut self, started_at: &str, id: &str, with: Option<&str>, end: CallEnd) {
        let record = CallRecord {
            started_at: Some(started_at.to_owned()),
            with: with.map(str::to_owned),
            folder: self.dir.path().join(id),
            ..live_call(id)
        };
        self.store.begin_call(&record).unwrap().finish(end).unwrap();
    }

    /// A call with this share, of a turn of one minute.
    fn shared(&mut self, id: &str, with: &str, share: f64) {
        let figures = Figures { share: Some(share), longest_turn_ms: Some(60_000), ..Figures::default() };
        self.held(id, Some(with), CallEnd { figures, ..CallEnd::default() });
    }

    fn read(&self, with: Option<&str>) -> History {
        History::read(&self.store, with, &NOW.parse().unwrap()).unwrap()
    }

    fn page(&self, with: Option<&str>, language: Language) -> String {
        self.read(with).page(language, &|_| None)
    }
}

/// A store with so many calls of a trial, whose shares differ by `by` where there are nudges.
fn trial_of(calls: u32, by: f64) -> TestStore {
    let mut kept = TestStore::new();
    for n in 0..calls {
        let trial = if n % 2 == 0 { TrialArm::Quiet } else { TrialArm::Nudged };
        let share = 0.4 + 0.01 * f64::from(n / 2) + if trial == TrialArm::Nudged { by } else { 0.0 };
        let id = format!("2026-10-{:02}", n + 1);
        let record = CallRecord {
            trial: Some(trial),
            started_at: Some(format!("{id}T10:00:00+09:00")),
            with: Some("Sato".to_owned()),
            folder: kept.dir.path().join(&id),
            ..live_call(&id)
        };
        let figures = Figures { share: Some(share), ..Figures::default() };
        kept.store.begin_call(&record).unwrap().finish(CallEnd { figures, ..CallEnd::default() }).unwrap();
    }
    kept
}

/// What stands between two marks of a page.
fn between<'a>(page: &'a str, from: &str, to: &str) -> &'a str {
    let rest = &page[page.find(from).unwrap_or_else(|| panic!("{from}: {page}")) + from.len()..];
    &rest[..rest.find(to).unwrap()]
}

/// Everything that a history may have.
fn full() -> TestStore {
    let mut kept = TestStore::new();
    for (day, share) in [(1, 0.62), (4, 0.6), (8, 0.5), (11, 0.48), (15, 0.47)] {
        kept.shared(&format!("2026-10-{day:02}"), if day % 2 == 0 { "佐藤" } else { "Kim <&>" }, share);
    }
    kept.held("2026-10-20", Some("佐藤"), CallEnd::default());
    let figures = Figures {
        duration_ms: 1_805_000,
        share: Some(0.58),
        patience_ms: Some(640),
        longest_turn_ms: Some(160_000),
        interruptions: 2,
        doubts: BTreeMap::from([(FigureGroup::Talk, Confidence::Medium)]),
        ..Figures::default()
    };
    let actions = vec![("資料 <i>A</i>".to_owned(), Action { owner: Track::Them, state: ItemState::Open })];
    let agenda = vec![("評価 <i>制度</i>".to_owned(), ItemState::Open), ("Done".to_owned(), ItemState::Done)];
    kept.held(
        "2026-11-03",
        Some("佐藤"),
        CallEnd { figures, agenda, actions, check_in: CheckIn::new(2, "<b>眠い</b>") },
    );
    kept.store.set_perceived("2026-11-03", Some(0.4)).unwrap();
    kept
}

#[test]
fn the_last_call_stands_beside_my_own_five_before_it() {
    let kept = full();
    let page = kept.page(None, Language::En);
    assert_eq!(headline(&page), "Toward 30%: 60% → 48% → ≈ 47%");
    assert!(page.contains(">≈58%</text>") && page.contains("<circle class=\"now unsure\""), "beside the plot, too");
    let heading = between(&page, "</h3><p>", "</p>");
    let heading = heading.replace("<span class=\"clause\">", "").replace("</span>", "").replace('\u{a0}', " ");
    assert_eq!(heading, "You did about 58% of the talking last time; 50% in the 5 before (median)");
    assert!(page.contains("You talked about 18 points more than you thought (one answer)."), "{page}");
    assert!(page.contains("One call has no share, and no mark here."));
    let page = kept.page(None, Language::Ja);
    assert_eq!(headline(&page), "目標30%へ：60% → 48% → ≈ 47%");
    let heading = between(&page, "</h3><p>", "</p>");
    let heading = heading.replace("<span class=\"clause\">", "").replace("</span>", "").replace('\u{a0}', " ");
    assert_eq!(heading, "前回、話した割合は約58%、その前の5回は50%（中央値）でした");
}

#[test]
fn what_was_approximate_is_so_in_the_heading_too() {
    let mut kept = TestStore::new();
    for (day, share) in [("2026-10-01", 0.72), ("2026-10-02", 0.64)] {
        let about = [(FigureGroup::Talk, Confidence::Medium), (FigureGroup::Interruptions, Confidence::Low)];
        let doubts = BTreeMap::from_iter(about.into_iter().filter(|_| share > 0.7));
        let figures =
            Figures { duration_ms: 600_000, share: Some(share), interruptions: 3, doubts, ..Figures::default() };
        kept.held(day, Some("Kim"), CallEnd { figures, ..CallEnd::default() });
    }
    let says = |language, heading: &str| {
        let page = kept.page(None, language).replace('\u{a0}', " ");
        assert!(page.contains(&format!("aria-label=\"{heading}\"")), "{page}");
    };
    says(Language::En, "You did 64% of the talking last time; about 72% in the one before");
    says(Language::Ja, "前回、話した割合は64%、その前の回は約72%でした");
    says(Language::En, "You interrupted and took the floor 3 times last time; about 3 times in the one before");
    says(Language::Ja, "前回、割り込んで話し手が替わったのは3回、その前の回は約3回でした");
    let doubts = BTreeMap::from([(FigureGroup::Interruptions, Confidence::Medium)]);
    let none = Figures { duration_ms: 600_000, share: Some(0.5), doubts, ..Figures::default() };
    kept.held("2026-10-03", Some("Kim"), CallEnd { figures: none, ..CallEnd::default() });
    let says = |language, heading: &str| {
        let page = kept.page(None, language).replace('\u{a0}', " ");
        assert!(page.contains(&format!("aria-label=\"{heading}\"")), "{page}");
    };
    says(
        Language::En,
        "You interrupted and took the floor probably never last time; about 3 times in the 2 before (median)",
    );
    says(Language::Ja, "前回、割り込んで話し手が替わったのはおそらく0回、その前の2回は約3回（中央値）でした");
    let row = |words: &str| kept.page(None, Language::En).contains(words);
    assert!(row("<td>≈ 3</td>") && row("<td>3</td>"), "{}", kept.page(None, Language::En));
}

#[test]
fn nothing_is_concluded_from_a_share_that_may_be_wrong_altogether() {
    let mut kept = TestStore::new();
    kept.shared("2026-10-01", "Sato", 0.6);
    kept.shared("2026-10-02", "Sato", 0.5);
    let doubts = BTreeMap::from([(FigureGroup::Talk, Confidence::Low)]);
    let figures = Figures { duration_ms: 600_000, share: Some(0.2), doubts, ..Figures::default() };
    kept.held("2026-10-03", Some("Sato"), CallEnd { figures, ..CallEnd::default() });
    kept.store.set_perceived("2026-10-03", Some(0.4)).unwrap();
    let page = kept.page(None, Language::En);
    assert_eq!(headline(&page), "Toward 30%: 60% → 50%");
    assert!(!page.contains("than you thought"), "{page}");
}

/// The first thing that the page of everybody says.
fn headline(page: &str) -> String {
    let heading = between(page, "<h3 class=\"headline\">", "</h3>");
    heading.replace("<span class=\"clause\">", "").replace("</span>", "").replace('\u{a0}', " ")
}

#[test]
fn the_share_is_shown_on_its_way_to_the_target_of_the_last_call() {
    let mut kept = TestStore::new();
    kept.shared("2026-10-01", "Sato", 0.6);
    let page = kept.page(None, Language::En);
    assert_eq!(headline(&page), "Change shows from your second call on.");
    assert!(!page.contains("class=\"trend"), "one mark is no trend");
    kept.shared("2026-10-02", "Sato", 0.45);
    kept.shared("2026-10-03", "Sato", 0.37);
    assert_eq!(headline(&kept.page(None, Language::En)), "Toward 30%: 60% → 45% → 37%");
    kept.shared("2026-10-04", "Sato", 0.25);
    let page = kept.page(None, Language::En);
    assert_eq!(headline(&page), "Within 30%: 60% → 45% → 25%", "each a call, or the median of more");
    let figures = Figures { share: Some(0.55), ..Figures::default() };
    let other = CallRecord {
        target: 0.5,
        started_at: Some("2026-10-05T10:00:00+09:00".to_owned()),
        with: Some("Sato".to_owned()),
        folder: kept.dir.path().join("other"),
        ..live_call("other")
    };
    kept.store.begin_call(&other).unwrap().finish(CallEnd { figures, ..CallEnd::default() }).unwrap();
    let page = kept.page(None, Language::En);
    assert!(headline(&page).starts_with("You did 55%"), "no step from one target to another: {}", headline(&page));
}

#[test]
fn a_share_that_moves_away_from_its_target_is_not_said_to_be_on_its_way_there() {
    let mut kept = TestStore::new();
    for (day, share) in [(1, 0.35), (2, 0.45), (3, 0.6)] {
        kept.shared(&format!("2026-10-0{day}"), "Sato", share);
    }
    assert_eq!(headline(&kept.page(None, Language::En)), "Target 30%: 35% → 45% → 60%");
    assert_eq!(headline(&kept.page(None, Language::Ja)), "目標30%：35% → 45% → 60%");
}

#[test]
fn ten_calls_of_a_trial_are_compared_with_how_sure_that_is() {
    let section = |kept: &TestStore, language| {
        let page = kept.page(None, language);
        let section = between(&page, "<section class=\"trial\">", "</section>");
        section.replace("<span class=\"clause\">", "").replace("</span>", "").replace('\u{a0}', " ")
    };
    assert!(!full().page(None, Language::En).contains("class=\"trial\""), "no trial, no word of it");
    let early = trial_of(9, -0.2);
    assert_eq!(section(&early, Language::En), "<h3>With and without nudges: 9 of 10 calls so far</h3>");
    let told_apart = trial_of(10, -0.2);
    let said = section(&told_apart, Language::En);
    assert!(said.starts_with("<h3>With nudges you talked 20 points less</h3>"), "{said}");
    assert!(said.contains("in 5 calls with nudges and 5 without. The 95% range is −23 to −17 points."), "{said}");
    let said = section(&told_apart, Language::Ja);
    assert!(said.contains("ひとことのある回は、割合が20ポイント低めです"), "{said}");
    assert!(told_apart.read(None).text(Language::En, 50).contains("\nWith nudges you talked 20 points less\n"));
    let json: serde_json::Value = serde_json::from_str(&told_apart.read(None).json().unwrap()).unwrap();
    assert_eq!((&json["trial"]["difference"], &json["calls"][0]["trial"]), (&(-0.2).into(), &"nudged".into()));
    let same = trial_of(10, 0.01);
    let said = section(&same, Language::En);
    assert!(said.starts_with("<h3>No clear difference between calls with and without nudges</h3>"), "{said}");
    assert!(said.contains("−2 to +4 points"), "{said}");
    assert!(!told_apart.page(Some("Sato"), Language::En).contains("class=\"trial\""), "a trial is of all calls");
}

#[test]
fn a_test_of_the_sound_is_no_call_so_far_unless_it_is_kept() {
    let mut kept = TestStore::new();
    kept.shared("2026-11-01", "Sato", 0.5);
    let test =
        Figures { duration_ms: 47_000, talk_ms: 40_000, their_talk_ms: 2_000, share: Some(0.95), ..Figures::default() };
    let silent = Figures { duration_ms: 600_000, talk_ms: 90_000, share: Some(1.0), ..Figures::default() };
    for (day, figures) in [("2026-11-02", test), ("2026-11-03", silent)] {
        kept.held(day, Some("Sato"), CallEnd { figures, ..CallEnd::default() });
    }
    let page = kept.page(None, Language::En);
    let lists = |page: &str, share: &str| page.replace('\u{a0}', " ").contains(&format!("<td>{share}</td>"));
    assert!(lists(&page, "50%") && !lists(&page, "95%") && !lists(&page, "100%"), "{page}");
    assert!(page.contains("2 more calls took less than a minute"), "{page}");
    let text = kept.read(Some("Sato")).text(Language::En, 10);
    assert!(text.contains("1 Nov") && !text.contains("2026-11-02") && text.contains("2 more calls"), "{text}");
    assert_eq!(kept.read(None).json().unwrap().matches("\"id\"").count(), 3, "other programs read them all");
    kept.store.set_perceived("2026-11-02", None).unwrap();
    let page = kept.page(None, Language::En);
    assert!(lists(&page, "95%") && page.contains("One more call"), "{page}");
    kept.store.set_perceived("2026-11-03", None).unwrap();
    assert!(!lists(&kept.page(None, Language::En), "100%"), "of a side that was not heard there is no share");
}

#[test]
fn where_the_last_call_was_not_measured_the_one_before_it_speaks_and_says_so() {
    let mut kept = TestStore::new();
    kept.shared("2026-11-01", "Sato", 0.5);
    kept.shared("2026-11-02", "Sato", 0.4);
    kept.held("2026-11-03", Some("Sato"), CallEnd::default());
    let page = kept.page(None, Language::En).replace('\u{a0}', " ");
    let says = "aria-label=\"You did 40% of the talking in your last measured call; 50% in the one before\"";
    assert!(page.contains(says), "{page}");
}

#[test]
fn after_a_journey_the_last_call_is_the_one_held_last_though_its_day_is_the_day_before() {
    let mut kept = TestStore::new();
    let end = |share| {
        let figures = Figures { share: Some(share), ..Figures::default() };
        CallEnd { figures, ..CallEnd::default() }
    };
    kept.held_at("2026-04-02T08:00:00+09:00", "tokyo", Some("Sato"), end(0.5));
    kept.held_at("2026-04-01T20:00:00-04:00", "new york", Some("Sato"), end(0.4));
    let page = kept.page(None, Language::En).replace('\u{a0}', " ");
    assert!(page.contains("aria-label=\"You did 40% of the talking last time; 50% in the one before\""), "{page}");
    assert_eq!(between(between(&page, "class=\"value now\"", "/text>"), ">", "<"), "40%", "{page}");
    assert!(page.contains("2 calls, Wed 1 Apr 2026 – Thu 2 Apr 2026"), "{page}");
}

#[test]
fn people_stand_in_the_order_of_their_last_call_whatever_the_figures_are() {
    let mut kept = TestStore::new();
    for (id, with, share) in [("2026-11-01", "A", 0.9), ("2026-11-02", "B", 0.1), ("2026-11-03", "C", 0.5)] {
        kept.shared(id, with, share);
    }
    let order = |kept: &TestStore| -> Vec<String> {
        let page = kept.page(None, Language::En);
        let people = between(&page, "<ul class=\"people\">", "</ul>").to_owned();
        people.split("\">").skip(2).map(|rest| rest[..1].to_owned()).collect()
    };
    assert_eq!(order(&kept), ["C", "B", "A"]);
    kept.shared("2026-11-04", "A", 0.2);
    assert_eq!(order(&kept), ["A", "C", "B"]);
}

#[test]
fn for_one_person_there_are_days_open_items_and_check_ins_as_given() {
    let kept = full();
    let page = kept.page(Some("佐藤"), Language::Ja);
    assert!(page.contains("前回：23日前（2026年11月3日（火）10:00）・全4回"), "{page}");
    assert!(page.contains("持ち越しの話題が1件あります") && !page.contains("Done"));
    assert!(page.contains("やることが1件あります"));
    assert!(page.contains("資料 &lt;i&gt;A&lt;/i&gt; <span class=\"source\">相手</span>"), "{page}");
    let given = between(&page, "<section class=\"given\">", "</section>");
    assert!(given.contains("2026年11月3日（火）</span> 5段階の2「&lt;b&gt;眠い&lt;/b&gt;」"), "{given}");
    assert!(!given.contains("<svg") && !given.contains("中央値"), "no line and no average");
    assert!(!page.contains("Kim"), "nobody else");
    let page = kept.page(Some("佐藤"), Language::En);
    assert!(page.contains("Last: 23 days ago (Tue 3 Nov 2026, 10:00) · 4 in all"), "{page}");
    assert!(page.contains("Tue 3 Nov 2026</span> 2 of 5 “&lt;b&gt;眠い&lt;/b&gt;”"), "{page}");
    let nobody = History::read(&kept.store, Some("Mori"), &NOW.parse().unwrap()).unwrap_err().to_string();
    assert!(nobody.starts_with("there is no Mori here"), "{nobody}");
}

#[test]
fn a_row_has_what_was_measured_and_a_dash_for_what_was_not() {
    let kept = full();
    let page = kept.page(None, Language::En);
    let row = between(&page, "<tr><th scope=\"row\">Tue 3 Nov 2026", "</tr>");
    let cells: Vec<_> = row.split("<td>").skip(1).map(|cell| cell.trim_end_matches("</td>")).collect();
    assert_eq!(cells, ["≈ 58%", "40%", "30%", "0.6\u{a0}s", "2", "≈ 2:40"]);
    assert!(row.contains("<small>10:00 · 佐藤 · 30:05</small>"), "{row}");
    let row = between(&page, "<tr><th scope=\"row\">Tue 20 Oct 2026", "</tr>");
    assert_eq!(row.matches("<td>–</td>").count(), 5, "all but the target: {row}");
}

#[test]
fn a_file_leads_where_it_is_told_and_the_server_s_page_by_a_form() {
    let kept = full();
    let history = kept.read(None);
    let file =
        history.page(Language::En, &|call| (call.record.id == "2026-11-03").then(|| "calls/x/s.html".to_owned()));
    assert_eq!(file.matches("<a href=\"calls/x/s.html\">Tue 3 Nov 2026</a>").count(), 2, "of all, and of one");
    assert!(
        !file.contains("<form") && !file.contains("<button") && !file.contains("http:") && !file.contains("https:")
    );
    assert!(file.contains("content=\"no-referrer\"") && History::policy().contains("form-action 'none'"));
    let (served, policy) = history.served_page(Language::En, PageLocation::Server { token: "feed" });
    assert!(served.contains("<button class=\"link\" form=\"open\" name=\"call\" value=\"2026-11-03\">"));
    // Without a referrer of its own the browser would send the form from nowhere, and be refused.
    assert!(served.contains("content=\"same-origin\"") && policy.contains("form-action 'self'"));
}

#[test]
fn a_mark_a_measured_call_and_the_target_may_change() {
    let kept = full();
    let page = kept.page(None, Language::En);
    let share = between(&page, "<section class=\"share\">", "</section>");
    let paths = |class: &str| -> Vec<&str> {
        let mark = format!("<path class=\"{class}\" d=\"");
        share.split(&mark).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
    };
    let count = |path: &str| path.matches('M').count();
    // The key under the plot has a mark of its own.
    assert_eq!(paths("dots").iter().map(|path| count(path)).collect::<Vec<_>>(), [5, 1, 1], "sure, unsure, the key's");
    assert_eq!(count(paths("gap")[0]), 1, "one answer");
    assert!(!paths("target")[0].contains('V'), "it stayed: {}", paths("target")[0]);
    assert_eq!(count(paths("usual")[0]), 1);
    assert!(!page.contains("NaN") && !page.contains("inf"));
}

#[test]
fn an_empty_history_says_how_one_is_made() {
    let kept = TestStore::new();
    assert!(kept.page(None, Language::En).contains("No 1on1s yet. They will appear here."));
    assert_eq!(kept.read(None).text(Language::En, 50), "No calls yet. Start one with `keicho live`.\n");
    let json: serde_json::Value = serde_json::from_str(&kept.read(None).json().unwrap()).unwrap();
    assert_eq!(json["calls"], serde_json::json!([]));
}

#[test]
fn the_json_is_a_contract() {
    insta::assert_snapshot!("json", full().read(Some("佐藤")).json().unwrap());
}

#[test]
fn no_word_of_moods_or_grades_or_ranks() {
    let kept = full();
    let text = |language| {
        kept.page(None, language) + &kept.page(Some("佐藤"), language) + &kept.read(Some("佐藤")).text(language, 50)
    };
    // The user's own words are no words of ours.
    let own = ["評価 &lt;i&gt;制度&lt;/i&gt;", "評価 <i>制度</i>"];
    let texts =
        [Language::En, Language::Ja].map(text).map(|text| own.iter().fold(text, |text, words| text.replace(words, "")));
    for word in crate::report::html::FORBIDDEN_WORDS {
        assert!(texts.iter().all(|text| !text.to_lowercase().contains(word)), "{word}");
    }
    for word in ["best", "worst", "rank", "top ", "most talk", "team average", "一番良", "ワースト", "平均より"]
    {
        assert!(texts.iter().all(|text| !text.to_lowercase().contains(word)), "{word}");
    }
}
