//! Pages that are made when a form asks for them: a call's summary, the history, a mirror to save. Their addresses cannot
//! be opened: the token comes in the body of the form, so that it stands in no address, no history and no log.
//!
//! What they say is not the server's: whoever runs it makes them ([`Pages`]), on a thread where that may take its time.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{self, Body};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use percent_encoding::percent_decode_str;

use crate::language::Language;
use crate::nudges::Words;
use crate::page;
use crate::server::Site;
use crate::server::same;

/// A form is no longer than this, and is here by then. A name of 80 letters takes 720 bytes at most.
const LARGEST: usize = 2048;
const WITHIN: Duration = Duration::from_secs(5);

const FORM: &[u8] = b"application/x-www-form-urlencoded";

/// What a form asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// One's own calls so far.
    History {
        /// Those with one person alone.
        with: Option<String>,
    },
    /// What a call came to.
    Summary {
        /// Its name; the one that this server is for where there is none.
        call: Option<String>,
    },
    /// The same call for both who held it, to be saved.
    Mirror {
        /// As above.
        call: Option<String>,
    },
}

/// Who asks.
#[derive(Clone, Copy)]
pub struct Asker<'a> {
    /// The secret of this launch, for the forms of the page that is made.
    pub token: &'a str,
    /// In which language it is read, where the form says so.
    pub language: Option<Language>,
}

/// A page that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// The page.
    pub html: String,
    /// The content-security policy that it is under.
    pub policy: String,
    /// What it is saved as; `None` where it is shown.
    pub file: Option<String>,
}

/// Why there is no such page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unmade {
    /// There is nothing that it could be made of, or not yet.
    NotThere(Words),
    /// It could not be made.
    Failed(Words),
}

/// Makes pages. Called on threads that may wait for the disk, a few at a time.
pub trait Pages: Send + Sync {
    /// The page that is asked for.
    ///
    /// # Errors
    /// When there is none.
    fn make(&self, wanted: &Wanted, asker: Asker<'_>) -> Result<Made, Unmade>;
}

/// For a server that has nothing but its feed.
pub(super) struct NoPages;

impl Pages for NoPages {
    fn make(&self, _: &Wanted, _: Asker<'_>) -> Result<Made, Unmade> {
        Err(Unmade::NotThere(Words {
            ja: "ここにはページがありません。", en: "There is no such page here."
        }))
    }
}

/// Something broke that says no more of itself.
const BROKE: Words = Words {
    ja: "ページを作れませんでした。理由は keicho を動かしている端末に出ています。",
    en: "The page could not be made. The terminal that runs keicho says why.",
};

/// The page of the history.
pub(super) async fn history(State(site): State<Arc<Site>>, request: Request) -> Response {
    answer(site, request, |form| Wanted::History { with: form.take("with") }).await
}

/// The page of a summary.
pub(super) async fn summary(State(site): State<Arc<Site>>, request: Request) -> Response {
    answer(site, request, |form| Wanted::Summary { call: form.take("call") }).await
}

/// A mirror, to be saved.
pub(super) async fn mirror(State(site): State<Arc<Site>>, request: Request) -> Response {
    answer(site, request, |form| Wanted::Mirror { call: form.take("call") }).await
}

async fn answer(site: Arc<Site>, request: Request, wanted: impl FnOnce(&Form) -> Wanted) -> Response {
    let form = match Form::read(request).await {
        Ok(form) => form,
        Err((status, why)) => return (status, why).into_response(),
    };
    if !form.take("token").is_some_and(|given| same(&given, &site.token)) {
        return (StatusCode::FORBIDDEN, "Open the address that keicho printed.\n").into_response();
    }
    let language = form.take("lang").and_then(|code| code.parse().ok());
    let wanted = wanted(&form);
    // It reads a database: the clients of the call are not kept waiting for it.
    let made = tokio::task::spawn_blocking(move || site.pages.make(&wanted, Asker { token: &site.token, language }));
    let made = made.await.unwrap_or_else(|error| {
        tracing::error!(%error, "a page could not be made");
        Err(Unmade::Failed(BROKE))
    });
    let (status, made) = match made {
        Ok(made) => (StatusCode::OK, made),
        Err(Unmade::NotThere(why)) => (StatusCode::NOT_FOUND, sentence(why, language)),
        Err(Unmade::Failed(why)) => (StatusCode::INTERNAL_SERVER_ERROR, sentence(why, language)),
    };
    shown(status, made)
}

/// A page of one sentence.
fn sentence(why: Words, language: Option<Language>) -> Made {
    let language = language.unwrap_or_default();
    let (html, policy) = page::sentence(language.pick(why.ja, why.en), language);
    Made { html, policy, file: None }
}

fn shown(status: StatusCode, made: Made) -> Response {
    let mut response = (status, Body::from(made.html)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    // A page cannot forbid by itself that another one frames it.
    if let Ok(policy) = HeaderValue::try_from(format!("{}; frame-ancestors 'none'", made.policy)) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    if let Some(Ok(name)) = made.file.map(|name| HeaderValue::try_from(format!("attachment; filename=\"{name}\""))) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    response
}

/// The fields of a form.
struct Form(String);

impl Form {
    async fn read(request: Request) -> Result<Self, (StatusCode, &'static str)> {
        let form = request.headers().get(header::CONTENT_TYPE).is_some_and(|given| given.as_bytes().starts_with(FORM));
        if !form {
            return Err((StatusCode::UNSUPPORTED_MEDIA_TYPE, "Send the form of the overlay.\n"));
        }
        let body = tokio::time::timeout(WITHIN, body::to_bytes(request.into_body(), LARGEST)).await;
        let body = body.map_err(|_| (StatusCode::REQUEST_TIMEOUT, "The form did not come to its end.\n"))?;
        let body = body.map_err(|_| (StatusCode::PAYLOAD_TOO_LARGE, "Send the form of the overlay.\n"))?;
        let form = String::from_utf8(body.to_vec());
        form.map(Self).map_err(|_| (StatusCode::BAD_REQUEST, "Send the form of the overlay.\n"))
    }

    /// A field's value; `None` where it is not there, is empty or is no text.
    fn take(&self, name: &str) -> Option<String> {
        let value = self.0.split('&').find_map(|field| field.split_once('=').filter(|(given, _)| *given == name))?.1;
        let value = value.replace('+', " ");
        let value = percent_decode_str(&value).decode_utf8().ok()?.into_owned();
        (!value.is_empty()).then_some(value)
    }
}
