//! What a thousand kept calls cost: their folder is opened, the history is read and its page made, a person is forgotten.
//!
//! Every call here has figures, and none has events: reading the history looks at none, which a test of the store holds.

#![allow(clippy::unwrap_used, reason = "a bench that cannot be set up fails")]

#[path = "../tests/it/support/mod.rs"]
#[allow(dead_code, unused_imports, unused_macros, reason = "a bench uses its part of it")]
mod support;

use std::hint::black_box;
use std::path::Path;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use keicho::language::Language;
use keicho::report::history::History;
use keicho::store::{DataDir, Forget, Store};

use support::past;

/// In turn the others of the calls.
const PEOPLE: [&str; 5] = ["Sato", "Takahashi", "Kim", "Lindqvist", "Okafor"];

fn now() -> jiff::Zoned {
    "2026-11-26T09:00:00+01:00[Europe/Berlin]".parse().unwrap()
}

fn thousand(c: &mut Criterion) {
    let dir = tempfile::tempdir().unwrap();
    let home = DataDir::new(dir.path().join("data"));
    past::fill(&home, 1_000, now().date(), &PEOPLE, Language::En);
    let mut group = c.benchmark_group("thousand_calls");
    group.sample_size(20);
    group.bench_function("open", |b| b.iter(|| Store::open(&home).unwrap()));

    let store = Store::open(&home).unwrap();
    group.bench_function("read", |b| b.iter(|| History::read(&store, None, &now()).unwrap()));
    let history = History::read(&store, None, &now()).unwrap();
    group.bench_function("page", |b| b.iter(|| black_box(history.page(Language::En, &|_| None))));
    drop(store);

    group.bench_function("forget_a_person", |b| {
        b.iter_batched(
            || {
                let other = tempfile::tempdir().unwrap();
                copy(home.path(), &other.path().join("data"));
                let store = Store::open(&DataDir::new(other.path().join("data"))).unwrap();
                (other, store)
            },
            |(other, mut store)| {
                store.forget(&Forget::Person("Kim".to_owned())).unwrap();
                other
            },
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        match entry.path().is_dir() {
            true => copy(&entry.path(), &to),
            false => std::fs::copy(entry.path(), to).map(drop).unwrap(),
        }
    }
}

criterion_group!(benches, thousand);
criterion_main!(benches);
