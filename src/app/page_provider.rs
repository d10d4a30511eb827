//! Pages that the running server shows on request: what this call came to once it is over, and, beside a live call, the
//! manager's calls so far, each with its summary and its mirror.

mod record_words;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Zoned;
use maud::html;

use crate::agenda::{AgendaError, NoteEdit};
use crate::app::{AppError, Notifier, SummarizedCall, UserNotice, exports, past_calls};
use crate::dates;
use crate::i18n::Bilingual;
use crate::language::Language;
use crate::prepare::LONGEST_NAME;
use crate::records::{CallRecord, Intention, TheirAnswer};
use crate::report::history::History;
use crate::report::html::{PageLocation, question_page};
use crate::report::summary::{Perception, PriorCalls, Summary};
use crate::server::{PageContext, PageError, PageRenderer, PageRequest, RecordName, RenderedPage};
use crate::session::{CommandError, Event};
use crate::store::{CallState, Forget, PastCall, Store, StoreError};
use crate::time::SampleTime;

const GOES_ON: Bilingual = Bilingual {
    ja: "通話が続いています。まとめは終わってからです。",
    en: "The call is still running. Its summary comes once it ends.",
};
const ANSWER_FIRST: Bilingual = Bilingual {
    ja: "先に、感じた割合を答えてください。",
    en: "First say how much you think you talked.",
};
const CUT_OFF: Bilingual = Bilingual {
    ja: "途中で切れた通話です。次の起動でまとめができます。",
    en: "This call was cut off. Its summary comes at the next start.",
};
const NAME_TAKEN: Bilingual = Bilingual {
    ja: "その名前の人はもういます。通話を一つずつ移してください。",
    en: "There is somebody of that name already. Give the calls to them one by one.",
};
const BAD_NAME: Bilingual =
    Bilingual { ja: "名前は1〜80字で入れてください。", en: "A name has 1 to 80 characters." };
const STILL_RUNNING: Bilingual = Bilingual {
    ja: "通話中の記録は変えられません。終了してからどうぞ。",
    en: "A call that is still running cannot be changed. Finish it first.",
};
const NO_CALL: Bilingual =
    Bilingual { ja: "その通話はもうありません。", en: "There is no such call any more." };
const NOBODY: Bilingual =
    Bilingual { ja: "その人との通話はありません。", en: "There is no call with anybody of that name." };
const NO_HISTORY: Bilingual = Bilingual {
    ja: "録音の再生は、これまでの1on1に入りません。",
    en: "A recording that is replayed is not one of your past 1on1s.",
};
const NO_ANSWER: Bilingual = Bilingual {
    ja: "回答の1行が見つかりません。「[Keicho」から「]」までを入れてください。",
    en: "That holds no answer. Paste the whole line, from “[Keicho” to “]”.",
};
const ANSWER_OF_ANOTHER: Bilingual = Bilingual {
    ja: "ほかの通話への回答です。その通話のまとめに入れてください。",
    en: "That is the answer to another call. Add it on that call’s summary.",
};
const BROKE: Bilingual = Bilingual {
    ja: "ページを作れませんでした。もう一度お試しください。",
    en: "The page could not be made. Try again.",
};

/// What pages are made of. It is shared by the call's controller, which puts in what there is, and the server's
/// threads, which make pages of it.
pub(super) struct PageProvider {
    /// The language of a page whose browser asks for none.
    language: Language,
    notifier: Arc<dyn Notifier>,
    /// A connection of its own to the store; `None` beside a recording. It is held while a page is read from it,
    /// by the server's threads alone: a second page waits for the first.
    store: Mutex<Option<Store>>,
    /// This call, once it is over. It is held while the call is summed up; the controller waits for that at most when
    /// it puts in what the user took their share to be.
    ended: Mutex<Option<EndedCall>>,
}

/// A call that is over.
pub(super) struct EndedCall {
    pub(super) record: CallRecord,
    pub(super) events: Arc<Vec<(SampleTime, Event)>>,
    pub(super) perception: Option<Perception>,
    /// Whether the user is still asked how it felt: no figure is shown before.
    pub(super) awaiting_answer: bool,
}

impl PageProvider {
    /// A provider that has nothing to show yet.
    pub(super) fn new(language: Language, notifier: Arc<dyn Notifier>) -> Self {
        Self { language, notifier, store: Mutex::default(), ended: Mutex::default() }
    }

    /// From now on there are the calls in this store.
    pub(super) fn set_store(&self, store: Store) {
        *lock(&self.store) = Some(store);
    }

    /// From now on there is this call, which is over.
    pub(super) fn set_ended(&self, ended: EndedCall) {
        *lock(&self.ended) = Some(ended);
    }

    /// Takes what the user took their share of this call to be, 0 to 1; `None` if they do not say, or are not asked.
    pub(super) fn set_perceived(&self, share: Option<f64>) {
        if let Some(ended) = &mut *lock(&self.ended) {
            ended.perception = share.map(|share| Perception { share });
            ended.awaiting_answer = false;
        }
    }

    /// Fails as long as the user is asked: this call's figures, which are among those of the history too, would answer.
    fn require_answer(&self) -> Result<(), PageFailure> {
        let asked = lock(&self.ended).as_ref().is_some_and(|ended| ended.awaiting_answer);
        if asked { Err(PageFailure::NotThere(ANSWER_FIRST)) } else { Ok(()) }
    }

    fn history(
        &self,
        with: Option<&str>,
        place: PageLocation<'_>,
        language: Language,
    ) -> Result<RenderedPage, PageFailure> {
        let store = lock(&self.store);
        let store = store.as_ref().ok_or(PageFailure::NotThere(NO_HISTORY))?;
        let (html, policy) = History::read(store, with, &Zoned::now())?.served_page(language, place);
        Ok(RenderedPage { html, policy, download_name: None })
    }

    fn summary(
        &self,
        call: Option<&str>,
        place: PageLocation<'_>,
        language: Language,
    ) -> Result<RenderedPage, PageFailure> {
        let SummarizedCall { summary, prior_calls, .. } = self.call(call, language)?;
        let remembered = lock(&self.store).is_some();
        let (html, policy) = summary.served_page(language, &prior_calls, place, remembered);
        Ok(RenderedPage { html, policy, download_name: None })
    }

    /// Asks once, and says what goes.
    fn ask_to_delete(
        &self,
        record: &RecordName,
        place: PageLocation<'_>,
        language: Language,
    ) -> Result<RenderedPage, PageFailure> {
        let store = lock(&self.store);
        let store = store.as_ref().ok_or(PageFailure::NotThere(NO_HISTORY))?;
        let (heading, field) = match record {
            RecordName::Person(name) => {
                if !store.people(&Zoned::now())?.iter().any(|person| person.name == *name) {
                    return Err(PageFailure::NotThere(NOBODY));
                }
                let calls = store.calls(Some(name), usize::MAX)?.len();
                (record_words::delete_person(name, calls, language), ("with", name.as_str()))
            }
            RecordName::Call(id) => {
                let call = store.call(Some(id))?;
                (record_words::delete_call(call.record.started_at.as_deref(), language), ("call", id.as_str()))
            }
        };
        let yes = html! { button { (record_words::DELETE.pick(language)) } };
        let no = html! { button { (record_words::CANCEL.pick(language)) } };
        let forms = html! {
            (place.form_with(language, "/delete", &[field, ("yes", "1")], &yes))
            @match record {
                RecordName::Person(name) => (place.form_with(language, "/history", &[("with", name)], &no)),
                RecordName::Call(id) => (place.form_with(language, "/summary", &[("call", id)], &no)),
            }
        };
        Ok(shown(question_page(&heading, record_words::what_goes(record, language), &forms, language, place)))
    }

    fn delete(
        &self,
        record: &RecordName,
        place: PageLocation<'_>,
        language: Language,
    ) -> Result<RenderedPage, PageFailure> {
        let mut store = lock(&self.store);
        let store = store.as_mut().ok_or(PageFailure::NotThere(NO_HISTORY))?;
        let left = store.forget(&match record {
            RecordName::Person(name) => Forget::Person(name.clone()),
            RecordName::Call(id) => Forget::Call(id.clone()),
        })?;
        let back = html! { button { (record_words::TO_HISTORY.pick(language)) } };
        let forms = place.form_with(language, "/history", &[], &back);
        let words = record_words::what_stays(&left.folders_left, language);
        Ok(shown(question_page(record_words::DELETED.pick(language), &words, &forms, language, place)))
    }

    fn rename(
        &self,
        name: &str,
        to: &str,
        place: PageLocation<'_>,
        language: Language,
    ) -> Result<RenderedPage, PageFailure> {
        let to = name_of(to).ok_or(PageFailure::NotThere(BAD_NAME))?;
        {
            let mut store = lock(&self.store);
            let store = store.as_mut().ok_or(PageFailure::NotThere(NO_HISTORY))?;
            // A call that runs would end under the name with which it began.
            if store.calls(Some(name), usize::MAX)?.iter().any(|call| call.state == CallState::Running) {
                return Err(PageFailure::NotThere(STILL_RUNNING));
            }
            store.rename_person(name, &to)?;
            for call in store.calls(Some(&to), usize::MAX)? {
                write_files_again(store, &call, language)?;
            }
        }
        if let Some(ended) = lock(&self.ended).as_mut().filter(|ended| ended.record.with.as_deref() == Some(name)) {
            ended.record.with = Some(to.clone());
        }
        self.history(Some(&to), place, language)
    }

    fn assign(
        &self,
        id: &str,
        with: Option<&str>,
        place: PageLocation<'_>,
        language: Language,
    ) -> Result<RenderedPage, PageFailure> {
        let with = with.map(|name| name_of(name).ok_or(PageFailure::NotThere(BAD_NAME))).transpose()?;
        {
            let mut store = lock(&self.store);
            let store = store.as_mut().ok_or(PageFailure::NotThere(NO_HISTORY))?;
            if store.call(Some(id))?.state == CallState::Running {
                return Err(PageFailure::NotThere(STILL_RUNNING));
            }
            store.assign_call(id, with.as_deref())?;
            write_files_again(store, &store.call(Some(id))?, language)?;
        }
        if let Some(ended) = lock(&self.ended).as_mut().filter(|ended| ended.record.id == id) {
            ended.record.with.clone_from(&with);
        }
        self.summary(Some(id), place, language)
    }

    /// Saves what is meant for the next call, and shows the summary with it.
    fn intend(
        &self,
        id: &str,
        what: Option<&str>,
        place: PageLocation<'_>,
        language: Language,
    ) -> Result<RenderedPage, PageFailure> {
        {
            let mut store = lock(&self.store);
            let store = store.as_mut().ok_or(PageFailure::NotThere(NO_HISTORY))?;
            store.set_intention(id, what.and_then(Intention::from_name))?;
        }
        self.summary(Some(id), place, language)
    }

    /// Saves what the other person answered on the shared summary, and shows the summary with it.
    fn answer(
        &self,
        id: &str,
        text: &str,
        place: PageLocation<'_>,
        language: Language,
    ) -> Result<RenderedPage, PageFailure> {
        let (of, answer) = TheirAnswer::find(text).ok_or(PageFailure::NotThere(NO_ANSWER))?;
        if of != id {
            return Err(PageFailure::NotThere(ANSWER_OF_ANOTHER));
        }
        {
            let mut store = lock(&self.store);
            let store = store.as_mut().ok_or(PageFailure::NotThere(NO_HISTORY))?;
            store.set_their_answer(id, answer)?;
            write_files_again(store, &store.call(Some(id))?, language)?;
        }
        self.summary(Some(id), place, language)
    }

    /// Changes what was written down in a call, and shows the summary with it.
    fn edit_note(
        &self,
        id: &str,
        edit: Option<&NoteEdit>,
        place: PageLocation<'_>,
        language: Language,
    ) -> Result<RenderedPage, PageFailure> {
        let refused = |why: AgendaError| PageFailure::NotThere(CommandError::Agenda(why).words());
        let edit = edit.ok_or_else(|| refused(AgendaError::NoSuchNote))?;
        {
            let mut store = lock(&self.store);
            let store = store.as_mut().ok_or(PageFailure::NotThere(NO_HISTORY))?;
            let call = store.call(Some(id))?;
            if !matches!(call.state, CallState::Ended { .. }) {
                return Err(PageFailure::NotThere(STILL_RUNNING));
            }
            let mut notes = past_calls::summarize(store, &call, language)?.summary.kept_notes();
            let (before, after) = edit.clone().apply(&mut notes).map_err(refused)?;
            store.set_edited_notes(id, &notes, (before.as_ref(), after.as_ref()))?;
            write_files_again(store, &call, language)?;
        }
        self.summary(Some(id), place, language)
    }

    /// Writes the mirror into the call's folder, and gives it to be saved elsewhere too.
    fn mirror(&self, call: Option<&str>, language: Language) -> Result<RenderedPage, PageFailure> {
        let call = self.call(call, language)?;
        call.write_mirror(language)?;
        let summary = &call.summary;
        let day = summary.call.started_at.as_deref().and_then(dates::date);
        let file = day.map_or_else(|| "mirror.html".to_owned(), |day| format!("mirror-{day}.html"));
        Ok(RenderedPage { html: summary.mirror(language), policy: Summary::policy(), download_name: Some(file) })
    }

    /// The call of this name, or else this one.
    fn call(&self, id: Option<&str>, language: Language) -> Result<SummarizedCall, PageFailure> {
        if let Some(ended) = lock(&self.ended).as_ref().filter(|ended| id.is_none_or(|id| id == ended.record.id)) {
            // The call may have been forgotten since, and so may the calls before it.
            let summary = Summary::from_journal(&ended.record, &ended.events, language);
            let summary = Summary { perception: ended.perception, ..summary };
            let (prior_calls, summary) = match &*lock(&self.store) {
                Some(store) => {
                    let id = store.call(Some(&ended.record.id))?.record.id;
                    (exports::prior_calls(store, &id)?, past_calls::with_later(store, summary)?)
                }
                None => (PriorCalls::default(), summary),
            };
            return Ok(SummarizedCall { summary, prior_calls, folder: ended.record.folder.clone() });
        }
        let id = id.ok_or(PageFailure::NotThere(GOES_ON))?;
        let store = lock(&self.store);
        let store = store.as_ref().ok_or(PageFailure::NotThere(NO_CALL))?;
        let call = store.call(Some(id))?;
        match call.state {
            CallState::Running => return Err(PageFailure::NotThere(GOES_ON)),
            CallState::CutOff => return Err(PageFailure::NotThere(CUT_OFF)),
            CallState::Ended { .. } => {}
        }
        Ok(past_calls::summarize(store, &call, language)?)
    }
}

impl PageRenderer for PageProvider {
    fn render(&self, wanted: &PageRequest, asker: PageContext<'_>) -> Result<RenderedPage, PageError> {
        let language = asker.language.unwrap_or(self.language);
        let place = PageLocation::Server { token: asker.token };
        let made = self.require_answer().and_then(|()| match wanted {
            PageRequest::History { with } => self.history(with.as_deref(), place, language),
            PageRequest::Summary { call } => self.summary(call.as_deref(), place, language),
            PageRequest::Mirror { call } => self.mirror(call.as_deref(), language),
            PageRequest::Delete { record, confirmed: false } => self.ask_to_delete(record, place, language),
            PageRequest::Delete { record, confirmed: true } => self.delete(record, place, language),
            PageRequest::Rename { name, to } => self.rename(name, to, place, language),
            PageRequest::Intend { call, what } => self.intend(call, what.as_deref(), place, language),
            PageRequest::Answer { call, text } => self.answer(call, text, place, language),
            PageRequest::EditNote { call, edit } => self.edit_note(call, edit.as_ref(), place, language),
            PageRequest::Assign { call, with } => self.assign(call, with.as_deref(), place, language),
        });
        made.map_err(|failure| match failure {
            PageFailure::NotThere(why) => PageError::NotFound(why),
            PageFailure::Failed(error) => {
                self.notifier.notify(UserNotice::PageNotMade(error));
                PageError::Failed(BROKE)
            }
        })
    }
}

/// A name that somebody may have; `None` if it is empty, too long, or no text.
fn name_of(given: &str) -> Option<String> {
    let name = given.trim();
    let fits = !name.is_empty() && name.chars().count() <= LONGEST_NAME && !name.chars().any(char::is_control);
    fits.then(|| name.to_owned())
}

/// The files of a call that is over, with what has changed of it; a folder that is gone stays so.
fn write_files_again(store: &Store, call: &PastCall, language: Language) -> Result<(), PageFailure> {
    if matches!(call.state, CallState::Ended { .. }) && call.record.folder.exists() {
        past_calls::summarize(store, call, language)?.write_files(language)?;
    }
    Ok(())
}

fn shown((html, policy): (String, String)) -> RenderedPage {
    RenderedPage { html, policy, download_name: None }
}

/// Why a page cannot be had.
enum PageFailure {
    /// There is no such page; what is shown instead says so.
    NotThere(Bilingual),
    /// It could not be made; a notice says why.
    Failed(AppError),
}

impl From<StoreError> for PageFailure {
    fn from(error: StoreError) -> Self {
        Self::from(AppError::from(error))
    }
}

impl From<AppError> for PageFailure {
    fn from(error: AppError) -> Self {
        match error {
            AppError::Store(StoreError::NoCall { .. }) => Self::NotThere(NO_CALL),
            AppError::Store(StoreError::NoPerson { .. }) => Self::NotThere(NOBODY),
            AppError::Store(StoreError::NameTaken { .. }) => Self::NotThere(NAME_TAKEN),
            AppError::Store(StoreError::CallRunning { .. }) => Self::NotThere(STILL_RUNNING),
            other => Self::Failed(other),
        }
    }
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
