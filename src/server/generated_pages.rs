//! Pages that are made when a form asks for them: a call's summary, the history, a mirror to save. Their addresses
//! cannot be opened: the token comes in the body of the form, so that it stands in no address, no history and no log.
//!
//! The server does not know what they say: whoever runs it makes them ([`PageRenderer`]), on a thread that may wait.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{self, Body};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::agenda::{Action, NoteEdit};
use crate::i18n::Bilingual;
use crate::language::Language;
use crate::report::html;
use crate::server::{Site, is_token};

/// A form is no longer than this, in bytes, and arrives within this time. A note of 200 letters takes 2,400 bytes at most.
const MAX_FORM_BYTES: usize = 4096;
const FORM_TIMEOUT: Duration = Duration::from_secs(5);

const FORM_CONTENT_TYPE: &[u8] = b"application/x-www-form-urlencoded";

/// What a form asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PageRequest {
    /// The manager's calls so far.
    History {
        /// Only the calls with this person; all calls if it is `None`.
        with: Option<String>,
    },
    /// What a call came to.
    Summary {
        /// The call's name; `None` for the call that this server is for.
        call: Option<String>,
    },
    /// The same call for both who held it, to be saved.
    Mirror {
        /// The call's name, as for a summary.
        call: Option<String>,
    },
    /// The question whether a record is to be deleted, or that it is.
    Delete {
        /// Whose.
        record: RecordName,
        /// Whether the question was answered by yes.
        confirmed: bool,
    },
    /// Another name for a person; their calls under it.
    Rename {
        /// The old name.
        name: String,
        /// The new one.
        to: String,
    },
    /// What is meant for the next call after this one; its summary.
    Intend {
        /// The call's name.
        call: String,
        /// The name of an intention; anything else takes back what was chosen.
        what: Option<String>,
    },
    /// What the other person answered on the shared summary of a call, as it came back; its summary.
    Answer {
        /// The call's name.
        call: String,
        /// The text that came back.
        text: String,
    },
    /// Another note of a call, or one that is changed or goes; its summary.
    EditNote {
        /// The call's name.
        call: String,
        /// The change; `None` if the form names none.
        edit: Option<NoteEdit>,
    },
    /// Another person for a call, or none; its summary.
    Assign {
        /// The call's name.
        call: String,
        /// Who it was with.
        with: Option<String>,
    },
}

/// What is remembered under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordName {
    /// A person, with every call with them.
    Person(String),
    /// A call.
    Call(String),
}

/// Who asks.
#[derive(Clone, Copy)]
pub struct PageContext<'a> {
    /// The secret of this launch, for the forms of the page that is made.
    pub token: &'a str,
    /// The language in which the page is read, if the form says so.
    pub language: Option<Language>,
}

/// A page that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenderedPage {
    /// The page.
    pub html: String,
    /// The content-security policy that it is under.
    pub policy: String,
    /// The name of the file as which it is saved; `None` if it is shown.
    pub download_name: Option<String>,
}

/// Why there is no such page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageError {
    /// There is nothing that it could be made of, or not yet. The sentence says so.
    NotFound(Bilingual),
    /// It could not be made. The sentence says so.
    Failed(Bilingual),
}

/// Makes pages. Called on threads that may wait for the disk, a few at a time.
pub trait PageRenderer: Send + Sync {
    /// The page that is asked for.
    ///
    /// # Errors
    /// When there is none.
    fn render(&self, wanted: &PageRequest, asker: PageContext<'_>) -> Result<RenderedPage, PageError>;
}

/// For a server that has nothing but its feed.
pub(super) struct NoPages;

impl PageRenderer for NoPages {
    fn render(&self, _: &PageRequest, _: PageContext<'_>) -> Result<RenderedPage, PageError> {
        Err(PageError::NotFound(Bilingual {
            ja: "ここにはページがありません。", en: "There is no such page here."
        }))
    }
}

/// The answer to a page that another launch of the program made.
const ANOTHER_LAUNCH: &str = "Open the address that keicho printed.\n";

/// A page could not be made, and nothing more is known of why.
const RENDER_FAILED: Bilingual = Bilingual {
    ja: "ページを作れませんでした。もう一度お試しください。",
    en: "The page could not be made. Try again.",
};

/// The page of the history.
pub(super) async fn history(State(site): State<Arc<Site>>, request: Request) -> Response {
    respond(site, request, |form| PageRequest::History { with: form.value("with") }).await
}

/// The page of a summary.
pub(super) async fn summary(State(site): State<Arc<Site>>, request: Request) -> Response {
    respond(site, request, |form| PageRequest::Summary { call: form.value("call") }).await
}

/// A mirror, to be saved.
pub(super) async fn mirror(State(site): State<Arc<Site>>, request: Request) -> Response {
    respond(site, request, |form| PageRequest::Mirror { call: form.value("call") }).await
}

/// The question whether a record is to be deleted, or that it is.
pub(super) async fn delete(State(site): State<Arc<Site>>, request: Request) -> Response {
    respond(site, request, |form| {
        let person = form.value("with").map(RecordName::Person);
        let record = person.or_else(|| form.value("call").map(RecordName::Call));
        let record = record.unwrap_or_else(|| RecordName::Call(String::new()));
        PageRequest::Delete { record, confirmed: form.value("yes").is_some() }
    })
    .await
}

/// A person's calls under another name.
pub(super) async fn rename(State(site): State<Arc<Site>>, request: Request) -> Response {
    respond(site, request, |form| PageRequest::Rename {
        name: form.value("with").unwrap_or_default(),
        to: form.value("to").unwrap_or_default(),
    })
    .await
}

/// A call's summary with what is meant for the next one.
pub(super) async fn intend(State(site): State<Arc<Site>>, request: Request) -> Response {
    respond(site, request, |form| PageRequest::Intend {
        call: form.value("call").unwrap_or_default(),
        what: form.value("what"),
    })
    .await
}

/// A call's summary with what the other person answered.
pub(super) async fn answer(State(site): State<Arc<Site>>, request: Request) -> Response {
    respond(site, request, |form| PageRequest::Answer {
        call: form.value("call").unwrap_or_default(),
        text: form.value("text").unwrap_or_default(),
    })
    .await
}

/// A call's summary with other notes.
pub(super) async fn note(State(site): State<Arc<Site>>, request: Request) -> Response {
    respond(site, request, |form| PageRequest::EditNote {
        call: form.value("call").unwrap_or_default(),
        edit: note_edit(form),
    })
    .await
}

/// The change that a form describes: with a number of the note that has it, without one of another; `None` if the number is none.
/// What is no owner is nobody: then it is a note.
fn note_edit(form: &FormFields) -> Option<NoteEdit> {
    let id = form.value("note").map(|number| number.parse());
    let text = form.value("text").unwrap_or_default();
    let owner = form.value("kind").and_then(|kind| kind.parse().ok());
    let state = form.value("state").and_then(|state| state.parse().ok()).unwrap_or_default();
    let action = owner.map(|owner| Action { owner, state });
    match id {
        None => Some(NoteEdit::Add { text, action }),
        Some(Ok(id)) if form.value("remove").is_some() => Some(NoteEdit::Remove { id }),
        Some(Ok(id)) => Some(NoteEdit::Change { id, text, action }),
        Some(Err(_)) => None,
    }
}

/// A call's summary with another person.
pub(super) async fn assign(State(site): State<Arc<Site>>, request: Request) -> Response {
    respond(site, request, |form| PageRequest::Assign {
        call: form.value("call").unwrap_or_default(),
        with: form.value("to"),
    })
    .await
}

/// Whether this launch made the page that asks: nothing to say if it did.
pub(super) async fn there(State(site): State<Arc<Site>>, request: Request) -> Response {
    match FormFields::read(request).await {
        Ok(form) if form.has_token(&site) => StatusCode::NO_CONTENT.into_response(),
        Ok(_) => (StatusCode::FORBIDDEN, ANOTHER_LAUNCH).into_response(),
        Err((status, why)) => (status, why).into_response(),
    }
}

async fn respond(site: Arc<Site>, request: Request, wanted: impl FnOnce(&FormFields) -> PageRequest) -> Response {
    let form = match FormFields::read(request).await {
        Ok(form) => form,
        Err((status, why)) => return (status, why).into_response(),
    };
    if !form.has_token(&site) {
        return (StatusCode::FORBIDDEN, ANOTHER_LAUNCH).into_response();
    }
    let language = form.value("lang").and_then(|code| code.parse().ok());
    let wanted = wanted(&form);
    // It reads a database: the clients of the call are not kept waiting for it.
    let made = tokio::task::spawn_blocking(move || {
        site.page_renderer.render(&wanted, PageContext { token: &site.token, language })
    });
    let made = made.await.unwrap_or_else(|error| {
        tracing::error!(%error, "a page could not be made");
        Err(PageError::Failed(RENDER_FAILED))
    });
    let (status, made) = match made {
        Ok(made) => (StatusCode::OK, made),
        Err(PageError::NotFound(why)) => (StatusCode::NOT_FOUND, error_page(why, language)),
        Err(PageError::Failed(why)) => (StatusCode::INTERNAL_SERVER_ERROR, error_page(why, language)),
    };
    page_response(status, made)
}

/// A page of one sentence.
fn error_page(why: Bilingual, language: Option<Language>) -> RenderedPage {
    let language = language.unwrap_or_default();
    let (html, policy) = html::sentence_page(why.pick(language), language);
    RenderedPage { html, policy, download_name: None }
}

fn page_response(status: StatusCode, made: RenderedPage) -> Response {
    let mut response = (status, Body::from(made.html)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    // A page cannot forbid by itself that another one frames it.
    if let Ok(policy) = HeaderValue::try_from(format!("{}; frame-ancestors 'none'", made.policy)) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    if let Some(Ok(name)) =
        made.download_name.map(|name| HeaderValue::try_from(format!("attachment; filename=\"{name}\"")))
    {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    response
}

/// The fields of a form, each with its value.
struct FormFields(Vec<(String, String)>);

impl FormFields {
    async fn read(request: Request) -> Result<Self, (StatusCode, &'static str)> {
        let form = request
            .headers()
            .get(header::CONTENT_TYPE)
            .is_some_and(|given| given.as_bytes().starts_with(FORM_CONTENT_TYPE));
        if !form {
            return Err((StatusCode::UNSUPPORTED_MEDIA_TYPE, "Send the form of the overlay.\n"));
        }
        let body = tokio::time::timeout(FORM_TIMEOUT, body::to_bytes(request.into_body(), MAX_FORM_BYTES)).await;
        let body = body.map_err(|_| (StatusCode::REQUEST_TIMEOUT, "The form did not come to its end.\n"))?;
        let body = body.map_err(|_| (StatusCode::PAYLOAD_TOO_LARGE, "Send the form of the overlay.\n"))?;
        Ok(Self(form_urlencoded::parse(&body).into_owned().collect()))
    }

    /// Whether the form is of a page that this launch made.
    fn has_token(&self, site: &Site) -> bool {
        self.value("token").is_some_and(|given| is_token(&given, &site.token))
    }

    /// The first value of that field; `None` if it is not there or is empty.
    fn value(&self, name: &str) -> Option<String> {
        let (_, value) = self.0.iter().find(|(field, _)| field == name)?;
        (!value.is_empty()).then(|| value.clone())
    }
}
