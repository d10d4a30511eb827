//! The summary's pages in headless Chromium: opened from disk in both languages, light and dark, on a phone and on a desk;
//! read by keyboard, pointer and touch, zoomed, and printed on two sheets at most.
//!
//! `tests/page/summary.mjs` drives the browser. The pictures are left in `target/summary-page`.

use keicho::report::summary::{Language, Summary};

use crate::support::browser;
use crate::support::doubles::record::replayed_call;
use crate::support::hear;
use crate::support::long_call;

#[test]
fn the_pages_are_read_on_a_phone_on_a_desk_and_on_paper() {
    let out = browser::emptied("summary-page");
    let put = |name: &str, text: &str| std::fs::write(out.join(name), text).unwrap();
    put("policy.txt", &Summary::policy());
    let sample = hear::sample_call();
    for language in [Language::Ja, Language::En] {
        let code = language.code();
        put(&format!("sample-{code}.html"), &Summary::from_journal(&replayed_call(), &sample, language).page(language));
        let long = Summary::from_journal(&long_call::info(), &long_call::journal(language), language);
        put(&format!("long-{code}.html"), &long.page_with_prior_calls(language, &long_call::before()));
        put(&format!("mirror-{code}.html"), &long.mirror(language));
    }
    assert_eq!(browser::run("summary.mjs", &[&out, &out.join("pictures")]), "6 pages seen\n");
}
