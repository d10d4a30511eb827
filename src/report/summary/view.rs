//! Who reads a page: the manager about the own call, or both of those who held it.

use crate::audio::Track;
use crate::report::html::text::addressed;
use crate::report::summary::{Language, Summary};

/// Who reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Audience {
    /// The manager, who is spoken to.
    Manager,
    /// Both: the shared mirror, which speaks to neither and judges neither.
    Both,
}

/// A summary, in whose language and for whom it is said.
#[derive(Clone, Copy)]
pub(super) struct SummaryView<'a> {
    pub(super) summary: &'a Summary,
    pub(super) language: Language,
    pub(super) audience: Audience,
}

/// A name is cut to this width beside a plot; a Japanese character is two wide.
const LABEL_WIDTH: usize = 12;

impl<'a> SummaryView<'a> {
    /// The manager's own.
    pub(super) fn for_manager(summary: &'a Summary, language: Language) -> Self {
        Self { summary, language, audience: Audience::Manager }
    }

    /// The shared mirror.
    pub(super) fn for_both(summary: &'a Summary, language: Language) -> Self {
        Self { summary, language, audience: Audience::Both }
    }

    pub(super) fn is_mirror(&self) -> bool {
        self.audience == Audience::Both
    }

    /// The one of two that is this page's language.
    pub(super) fn pick<T>(&self, ja: T, en: T) -> T {
        self.language.pick(ja, en)
    }

    /// Whose a track is, as the head of a column.
    pub(super) fn track_name(&self, track: Track) -> String {
        match (self.audience, track) {
            (Audience::Manager, Track::Me) => self.pick("自分", "you").to_owned(),
            (Audience::Manager, Track::Them) => self.pick("相手", "them").to_owned(),
            (Audience::Both, Track::Me) => self.pick("マネージャー", "the manager").to_owned(),
            (Audience::Both, Track::Them) => match &self.summary.call.with {
                Some(name) => addressed(name, self.language),
                None => self.pick("メンバー", "the other").to_owned(),
            },
        }
    }

    /// Whose a track is, as who did something.
    pub(super) fn track_subject(&self, track: Track) -> String {
        match (self.audience, track) {
            (Audience::Manager, Track::Them) => self.pick("相手", "they").to_owned(),
            _ => self.track_name(track),
        }
    }

    /// The name at the head of a sentence or of a column.
    pub(super) fn track_heading(&self, track: Track) -> String {
        let name = self.track_name(track);
        let mut letters = name.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    }

    /// The same, short enough to stand beside a lane.
    pub(super) fn track_label(&self, track: Track) -> String {
        let name = self.track_name(track);
        let width = |c: char| if c.is_ascii() { 1 } else { 2 };
        if name.chars().map(width).sum::<usize>() <= LABEL_WIDTH {
            return name;
        }
        let mut left = LABEL_WIDTH - 1;
        let fits = name.chars().take_while(|c| {
            let fits = left >= width(*c);
            left = left.saturating_sub(width(*c));
            fits
        });
        fits.collect::<String>() + "…"
    }
}
