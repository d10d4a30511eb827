//! Bytes that were read well before somebody damaged them, and how many of them are tried.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::FileFailurePersistence;

/// How many times as many cases are tried as in the suite; `make soak` sets it.
const FACTOR: &str = "KEICHO_TEST_CASES";

/// The seeds of cases that once failed: all tests of damage try them before any other. A case that fails is written here, and
/// stays when it is mended.
const FAILED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/failed_cases.txt");

/// So many cases in the suite, and a multiple of them in `make soak`; and those that once failed.
pub fn cases(in_suite: u32) -> ProptestConfig {
    let factor = std::env::var(FACTOR).ok().and_then(|factor| factor.parse().ok()).unwrap_or(1);
    cases_after_those_of(FAILED, in_suite.saturating_mul(factor))
}

/// The cases that a file holds, and so many more.
pub fn cases_after_those_of(failed: &'static str, count: u32) -> ProptestConfig {
    let persistence = FileFailurePersistence::Direct(failed);
    ProptestConfig { failure_persistence: Some(Box::new(persistence)), ..ProptestConfig::with_cases(count) }
}

/// What is done to some bytes.
#[derive(Clone, Debug)]
enum Damage {
    Overwrite(Index, u8),
    Insert(Index, Vec<u8>),
    Remove(Index, usize),
    Repeat(Index, usize),
    CutOff(Index),
}

/// Numbers and signs at which readers stumble.
const SCRAPS: [&str; 16] = [
    "-1",
    "0",
    "1e308",
    "18446744073709551615",
    "9223372036854775808",
    "null",
    "\"",
    "\\u0000",
    "\\ud800",
    "{",
    "[[[[[[[[",
    "}",
    "]",
    ",",
    "\u{feff}",
    "は",
];

/// One of these, with some of its bytes changed, added or gone.
pub fn damaged(whole: Vec<Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    let damage = prop_oneof![
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Damage::Overwrite(at, byte)),
        (any::<Index>(), prop::sample::select(&SCRAPS[..]))
            .prop_map(|(at, scrap)| Damage::Insert(at, scrap.as_bytes().to_vec())),
        (any::<Index>(), 1_usize..30).prop_map(|(at, count)| Damage::Remove(at, count)),
        (any::<Index>(), 1_usize..60).prop_map(|(at, count)| Damage::Repeat(at, count)),
        any::<Index>().prop_map(Damage::CutOff),
    ];
    (prop::sample::select(whole), vec(damage, 1..6)).prop_map(|(mut bytes, damages)| {
        damages.into_iter().for_each(|damage| damage.apply_to(&mut bytes));
        bytes
    })
}

impl Damage {
    fn apply_to(self, bytes: &mut Vec<u8>) {
        let place = |at: Index| at.index(bytes.len() + 1);
        match self {
            Self::Overwrite(at, byte) => {
                let at = place(at);
                if let Some(old) = bytes.get_mut(at) {
                    *old = byte;
                }
            }
            Self::Insert(at, scrap) => {
                let at = place(at);
                bytes.splice(at..at, scrap);
            }
            Self::Remove(at, count) => {
                let at = place(at);
                bytes.drain(at..bytes.len().min(at + count));
            }
            Self::Repeat(at, count) => {
                let at = place(at);
                let piece = bytes[at..bytes.len().min(at + count)].to_vec();
                bytes.splice(at..at, piece);
            }
            Self::CutOff(at) => bytes.truncate(place(at)),
        }
    }
}
