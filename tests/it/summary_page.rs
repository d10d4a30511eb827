//! The summary's pages in headless Chromium: opened from disk in both languages, light and dark, on a phone and on a desk;
//! read by keyboard, pointer and touch, zoomed, and printed on two sheets at most.
//!
//! `tests/page/summary.mjs` drives the browser. Needs node, `npm ci` in `tests/page`, and Chromium: `make test` sees to
//! them. The pictures are left in `target/summary-page`.

use std::path::Path;
use std::process::Command;

use keicho::report::summary::{Language, Summary};

use crate::support::hear;
use crate::support::long_call;

#[test]
fn the_pages_are_read_on_a_phone_on_a_desk_and_on_paper() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let out = root.join("target/summary-page");
    assert!(
        root.join("tests/page/node_modules").is_dir(),
        "the browser's driver is missing: run npm ci --prefix tests/page, or make test"
    );
    if out.exists() {
        std::fs::remove_dir_all(&out).unwrap();
    }
    std::fs::create_dir_all(&out).unwrap();
    let put = |name: &str, text: &str| std::fs::write(out.join(name), text).unwrap();
    put("policy.txt", &Summary::policy());
    let sample = hear::sample_call();
    for language in [Language::Ja, Language::En] {
        let code = language.code();
        put(&format!("sample-{code}.html"), &Summary::from_journal(&hear::info(), &sample, language).page(language));
        let long = Summary::from_journal(&long_call::info(), &long_call::journal(language), language);
        put(&format!("long-{code}.html"), &long.page_with_prior_calls(language, &long_call::before()));
        put(&format!("mirror-{code}.html"), &long.mirror(language));
    }
    let seen = Command::new("node")
        .arg(root.join("tests/page/summary.mjs"))
        .args([&out, &out.join("pictures")])
        .output()
        .expect("node is missing: make test installs it");
    assert!(seen.status.success(), "{}", String::from_utf8_lossy(&seen.stderr));
    assert_eq!(String::from_utf8_lossy(&seen.stdout), "6 pages seen\n");
}
