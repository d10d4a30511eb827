//! Pages that the running server shows on request: what this call came to once it is over, and, beside a live call, one's
//! own calls so far, each with its summary and its mirror.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Zoned;

use crate::cli::{exports, own_language, summary};
use crate::history::History;
use crate::language::Language;
use crate::nudges::Words;
use crate::page::Place;
use crate::page::dates;
use crate::server::{Asker, Made, Pages, Unmade, Wanted};
use crate::session::Event;
use crate::store::{CallFolder, CallState, Store, StoreError};
use crate::summary::{Before, CallInfo, Perception, Summary};
use crate::time::SampleTime;

const GOES_ON: Words = Words {
    ja: "通話が続いています。まとめは終わってからです。",
    en: "The call goes on; there is no summary yet.",
};
const ANSWER_FIRST: Words = Words {
    ja: "先に、通話のページで、どのくらい話したと思うかを答えてください。数字はそのあとです。",
    en: "Say on the call's own page first how much you think you talked; the figures come after that.",
};
const CUT_OFF: Words = Words {
    ja: "この通話は途中で切れました。まとめは 名前をつけた `keicho summary` か、次の起動のときに作られます。",
    en: "This call was cut off. `keicho summary` with its name, or the next start, makes its summary.",
};
const NO_CALL: Words = Words { ja: "その通話はもうありません。", en: "There is no such call any more." };
const NOBODY: Words =
    Words { ja: "その人との通話はありません。", en: "There is no call with anybody of that name." };
const NO_HISTORY: Words = Words {
    ja: "録音の再生は、これまでの通話に入りません。`keicho history` で見られます。",
    en: "A recording that is replayed is no part of your calls. `keicho history` shows those.",
};
const BROKE: Words = Words {
    ja: "ページを作れませんでした。理由は keicho を動かしている端末に出ています。",
    en: "The page could not be made. The terminal that runs keicho says why.",
};

/// What pages are made of. Shared by the main thread, which puts in what there is, and the server's threads, which make
/// pages of it.
#[derive(Default)]
pub(super) struct Library {
    /// A connection of its own to what is remembered; `None` beside a recording. Held while a page is read from it, by the
    /// server's threads alone: a second page waits for the first.
    store: Mutex<Option<Store>>,
    /// This call, once it is over. Held while it is summed up; the main thread waits for that at most when it puts in
    /// what the user took their share to be.
    ended: Mutex<Option<Ended>>,
}

/// A call that is over.
pub(super) struct Ended {
    pub(super) info: CallInfo,
    pub(super) events: Arc<Vec<(SampleTime, Event)>>,
    pub(super) perception: Option<Perception>,
    /// Whether the user is still asked how it felt: no figure is shown before.
    pub(super) asked: bool,
    pub(super) folder: CallFolder,
}

/// What a page of one call is made of.
struct Call {
    summary: Summary,
    before: Before,
    folder: PathBuf,
}

impl Library {
    /// From now on one's calls are there.
    pub(super) fn remember(&self, store: Store) {
        *lock(&self.store) = Some(store);
    }

    /// This call is over.
    pub(super) fn end(&self, ended: Ended) {
        *lock(&self.ended) = Some(ended);
    }

    /// What the user took their share of it to be; `None` where they do not say, or are not asked.
    pub(super) fn perceived(&self, share: Option<f64>) {
        if let Some(ended) = &mut *lock(&self.ended) {
            ended.perception = share.map(|share| Perception { share });
            ended.asked = false;
        }
    }

    /// Fails while the user is asked: this call's figures, which are among those of the history too, would answer.
    fn answered(&self) -> Result<(), Trouble> {
        let asked = lock(&self.ended).as_ref().is_some_and(|ended| ended.asked);
        if asked { Err(Trouble::NotThere(ANSWER_FIRST)) } else { Ok(()) }
    }

    fn history(&self, with: Option<&str>, place: Place<'_>, language: Language) -> Result<Made, Trouble> {
        let store = lock(&self.store);
        let store = store.as_ref().ok_or(Trouble::NotThere(NO_HISTORY))?;
        let (html, policy) = History::read(store, with, &Zoned::now())?.page_served(language, place);
        Ok(Made { html, policy, file: None })
    }

    fn summary(&self, call: Option<&str>, place: Place<'_>, language: Language) -> Result<Made, Trouble> {
        let Call { summary, before, .. } = self.call(call, language)?;
        let remembered = lock(&self.store).is_some();
        let (html, policy) = summary.page_served(language, &before, place, remembered);
        Ok(Made { html, policy, file: None })
    }

    /// Writes the mirror into the call's folder, and gives it to be saved elsewhere too.
    fn mirror(&self, call: Option<&str>, language: Language) -> Result<Made, Trouble> {
        let Call { summary, folder, .. } = self.call(call, language)?;
        exports::mirror(&summary, &CallFolder::at(&folder)?, language)?;
        let day = summary.call.started_at.as_deref().and_then(dates::date);
        let file = day.map_or_else(|| "mirror.html".to_owned(), |day| format!("mirror-{day}.html"));
        Ok(Made { html: summary.mirror(language), policy: Summary::policy(), file: Some(file) })
    }

    /// The call of this name, or else this one.
    fn call(&self, id: Option<&str>, language: Language) -> Result<Call, Trouble> {
        if let Some(ended) = lock(&self.ended).as_ref().filter(|ended| id.is_none_or(|id| id == ended.info.id)) {
            // It may have been forgotten since, and so may those before it.
            let before = match &*lock(&self.store) {
                Some(store) => exports::before(store, &store.call(Some(&ended.info.id))?.start.id)?,
                None => Before::default(),
            };
            let summary = Summary::of(&ended.info, &ended.events, language);
            let summary = Summary { perception: ended.perception, ..summary };
            let folder = ended.folder.path().to_owned();
            return Ok(Call { summary, before, folder });
        }
        let id = id.ok_or(Trouble::NotThere(GOES_ON))?;
        let store = lock(&self.store);
        let store = store.as_ref().ok_or(Trouble::NotThere(NO_CALL))?;
        let call = store.call(Some(id))?;
        match call.state {
            CallState::GoesOn => return Err(Trouble::NotThere(GOES_ON)),
            CallState::CutOff => return Err(Trouble::NotThere(CUT_OFF)),
            CallState::Ended { .. } => {}
        }
        Ok(Call {
            summary: summary::summary(store, &call, language)?,
            before: exports::before(store, id)?,
            folder: call.start.folder,
        })
    }
}

impl Pages for Library {
    fn make(&self, wanted: &Wanted, asker: Asker<'_>) -> Result<Made, Unmade> {
        let language = asker.language.unwrap_or_else(own_language);
        let place = Place::Server { token: asker.token };
        let made = self.answered().and_then(|()| match wanted {
            Wanted::History { with } => self.history(with.as_deref(), place, language),
            Wanted::Summary { call } => self.summary(call.as_deref(), place, language),
            Wanted::Mirror { call } => self.mirror(call.as_deref(), language),
        });
        made.map_err(Trouble::told)
    }
}

/// Why a page cannot be had.
enum Trouble {
    NotThere(Words),
    Failed(anyhow::Error),
}

impl Trouble {
    /// In one sentence; what it does not say goes to the terminal.
    #[expect(clippy::print_stderr, reason = "the command line's own voice")]
    fn told(self) -> Unmade {
        match self {
            Self::NotThere(why) => Unmade::NotThere(why),
            Self::Failed(error) => {
                eprintln!("keicho: a page could not be made: {error:#}");
                Unmade::Failed(BROKE)
            }
        }
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NoCall { .. } => Self::NotThere(NO_CALL),
            StoreError::Nobody { .. } => Self::NotThere(NOBODY),
            other => Self::Failed(other.into()),
        }
    }
}

impl From<anyhow::Error> for Trouble {
    fn from(error: anyhow::Error) -> Self {
        Self::Failed(error)
    }
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
