//! How Japanese writing is read, as far as a mora count needs: the cheapest way through a dictionary of words.
//!
//! The dictionary is IPADIC, cut down to contexts, costs and morae by `readings/make.py`, which says how the file is
//! laid out. It is unpacked (some 7 MB) when the first Japanese text comes, and stays. The algorithm is MeCab's (Kudo
//! 2004): a lattice of all words, and Viterbi's search in it.

use std::sync::LazyLock;

use crate::language::morae::{kana_morae, latin_morae};
use crate::language::text::{is_hiragana, is_katakana};

static FILE: &[u8] = include_bytes!("readings/readings.bin");

static READINGS: LazyLock<Option<Readings>> = LazyLock::new(|| Readings::parse(FILE));

/// The dictionary, unless its file is broken (a test would fail).
pub(super) fn readings() -> Option<&'static Readings> {
    READINGS.as_ref()
}

/// The context of a text's beginning and end.
const EDGE: u16 = 0;

/// The context of a common noun, which words that the dictionary lacks are taken for, and what such a word costs by its
/// script: IPADIC's `unk.def`.
const NOUN: u16 = 1285;
const COST_KATAKANA: i16 = 9461;
const COST_LATIN: i16 = 13398;
const COST_HIRAGANA: i16 = 13069;

/// Costs of contexts are kept in steps of this.
const STEP: i32 = 100;

/// A stretch of a text and its morae.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Morpheme {
    /// Characters.
    pub(super) len: usize,
    pub(super) morae: u32,
}

/// A word as the lattice needs it.
#[derive(Clone, Copy, Debug)]
struct DictionaryWord {
    context: u16,
    cost: i16,
    morae: u16,
}

/// Words by their spelling, and what each context costs after each other.
pub(super) struct Readings {
    contexts: usize,
    /// Row: the word before; column: the word after.
    costs: &'static [u8],
    /// All spellings in their order, one after the other.
    spelled: Vec<u8>,
    /// Where each spelling ends in `spelled`, and its words in `words`.
    ends: Vec<(u32, u32)>,
    words: Vec<DictionaryWord>,
}

impl Readings {
    fn parse(file: &'static [u8]) -> Option<Self> {
        let mut rest = file.strip_prefix(b"KYM1")?;
        let contexts = usize::from(u16::from_le_bytes(take(&mut rest)?));
        let spellings = u32::from_le_bytes(take(&mut rest)?) as usize;
        let costs = rest.get(..contexts * contexts)?;
        rest = rest.get(contexts * contexts..)?;
        let mut found = Self { contexts, costs, spelled: Vec::new(), ends: Vec::new(), words: Vec::new() };
        let mut spelling: Vec<u8> = Vec::new();
        for _ in 0..spellings {
            let [shared, fresh] = take(&mut rest)?;
            spelling.truncate(usize::from(shared));
            spelling.extend_from_slice(rest.get(..usize::from(fresh))?);
            rest = rest.get(usize::from(fresh)..)?;
            let [words] = take(&mut rest)?;
            for _ in 0..words {
                let context = u16::from_le_bytes(take(&mut rest)?);
                let cost = i16::from_le_bytes(take(&mut rest)?);
                let [morae] = take(&mut rest)?;
                found.words.push(DictionaryWord { context, cost, morae: u16::from(morae) });
            }
            found.spelled.extend_from_slice(&spelling);
            found.ends.push((found.spelled.len() as u32, found.words.len() as u32));
        }
        let known = |word: &DictionaryWord| usize::from(word.context) < contexts;
        (rest.is_empty() && usize::from(NOUN) < contexts && found.words.iter().all(known)).then_some(found)
    }

    /// The likeliest reading of a clause without punctuation, or `None` if a character of it cannot be read.
    pub(super) fn read(&self, clause: &[char]) -> Option<Vec<Morpheme>> {
        let mut lattice = Lattice::new(clause.len());
        for at in 0..clause.len() {
            if lattice.ending[at].is_empty() {
                continue;
            }
            let known = self.for_each_prefix(&clause[at..], |len, word| lattice.insert(self, at, len, *word));
            if let Some((len, word)) = unknown_word(&clause[at..], known) {
                lattice.insert(self, at, len, word);
            }
        }
        lattice.cheapest(self)
    }

    /// Tells every word that the text begins with; whether there was one.
    fn for_each_prefix(&self, text: &[char], mut visit: impl FnMut(usize, &DictionaryWord)) -> bool {
        let (mut prefix, mut bytes) = (Vec::with_capacity(48), [0; 4]);
        let (mut low, mut high) = (0, self.ends.len());
        let mut any = false;
        for (at, c) in text.iter().enumerate() {
            prefix.extend_from_slice(c.encode_utf8(&mut bytes).as_bytes());
            low = first_that(low, high, |at| self.spelling(at) >= prefix.as_slice());
            high = first_that(low, high, |at| !self.spelling(at).starts_with(&prefix));
            if low == high {
                break;
            }
            if self.spelling(low) == prefix.as_slice() {
                any = true;
                let first = low.checked_sub(1).map_or(0, |before| self.ends[before].1 as usize);
                self.words[first..self.ends[low].1 as usize].iter().for_each(|word| visit(at + 1, word));
            }
        }
        any
    }

    fn spelling(&self, at: usize) -> &[u8] {
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before].0 as usize);
        &self.spelled[start..self.ends[at].0 as usize]
    }

    fn cost(&self, before: u16, after: u16) -> i32 {
        let at = usize::from(before) * self.contexts + usize::from(after);
        i32::from(self.costs[at].cast_signed()) * STEP
    }
}

/// A word that the dictionary lacks, for every script but kanji, whose reading nobody could guess.
fn unknown_word(text: &[char], known: bool) -> Option<(usize, DictionaryWord)> {
    let first = *text.first()?;
    let run = |belongs: fn(char) -> bool| text.iter().take_while(|c| belongs(**c)).count();
    let word = |cost, morae: u32| DictionaryWord { context: NOUN, cost, morae: morae.min(u32::from(u16::MAX)) as u16 };
    if is_katakana(first) {
        let len = run(is_katakana);
        Some((len, word(COST_KATAKANA, kana_morae(&text[..len]))))
    } else if first.is_ascii_alphabetic() {
        let len = run(|c| c.is_ascii_alphabetic());
        Some((len, word(COST_LATIN, latin_morae(&text[..len]))))
    } else if is_hiragana(first) && !known {
        Some((1, word(COST_HIRAGANA, kana_morae(&text[..1]))))
    } else {
        None
    }
}

/// A word at a place in the text, reached in the cheapest way.
struct Node {
    len: usize,
    word: DictionaryWord,
    total: i32,
    /// The node before it, none for the first word.
    before: Option<usize>,
}

/// All words that a text may consist of.
struct Lattice {
    nodes: Vec<Node>,
    /// The nodes that end before each character, and at the end.
    ending: Vec<Vec<usize>>,
}

impl Lattice {
    fn new(len: usize) -> Self {
        let edge = Node { len: 0, word: DictionaryWord { context: EDGE, cost: 0, morae: 0 }, total: 0, before: None };
        let mut ending = vec![Vec::new(); len + 1];
        ending[0].push(0);
        Self { nodes: vec![edge], ending }
    }

    fn insert(&mut self, readings: &Readings, at: usize, len: usize, word: DictionaryWord) {
        let Some((before, total)) = self.best(readings, at, word.context) else { return };
        self.ending[at + len].push(self.nodes.len());
        self.nodes.push(Node { len, word, total: total.saturating_add(i32::from(word.cost)), before: Some(before) });
    }

    /// The node that ends here and is the cheapest before this context, with what both cost together.
    fn best(&self, readings: &Readings, at: usize, context: u16) -> Option<(usize, i32)> {
        let through = |node: &usize| {
            let before = &self.nodes[*node];
            (*node, before.total.saturating_add(readings.cost(before.word.context, context)))
        };
        self.ending[at].iter().map(through).min_by_key(|(_, total)| *total)
    }

    fn cheapest(&self, readings: &Readings) -> Option<Vec<Morpheme>> {
        let mut next = self.best(readings, self.ending.len() - 1, EDGE).map(|(node, _)| node);
        let mut pieces = Vec::new();
        while let Some(node) = next.map(|at| &self.nodes[at]).filter(|node| node.len > 0) {
            pieces.push(Morpheme { len: node.len, morae: u32::from(node.word.morae) });
            next = node.before;
        }
        pieces.reverse();
        (!self.ending[self.ending.len() - 1].is_empty()).then_some(pieces)
    }
}

/// The first of `low..high` for which it holds, when it holds for all after that one; else `high`.
fn first_that(mut low: usize, mut high: usize, holds: impl Fn(usize) -> bool) -> usize {
    while low < high {
        let middle = low.midpoint(high);
        if holds(middle) { high = middle } else { low = middle + 1 }
    }
    low
}

/// Takes as many bytes from the front as the array holds.
fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (front, back) = rest.split_first_chunk()?;
    *rest = back;
    Some(*front)
}
