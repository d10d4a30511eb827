//! The summary's page. Its address cannot be opened: the token comes in the body of a form, so that it stands in no
//! history and no log.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{self, Body};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::server::{Site, same};

/// The form is no longer than this, and is here by then.
const LARGEST: usize = 1024;
const WITHIN: Duration = Duration::from_secs(5);

const FORM: &[u8] = b"application/x-www-form-urlencoded";

/// The page of the summary, for a form with the token in it.
pub(super) async fn page(State(site): State<Arc<Site>>, request: Request) -> Response {
    let form = request.headers().get(header::CONTENT_TYPE).is_some_and(|given| given.as_bytes().starts_with(FORM));
    if !form {
        return (StatusCode::UNSUPPORTED_MEDIA_TYPE, "Send the form of the overlay.\n").into_response();
    }
    let Ok(read) = tokio::time::timeout(WITHIN, body::to_bytes(request.into_body(), LARGEST)).await else {
        return (StatusCode::REQUEST_TIMEOUT, "The form did not come to its end.\n").into_response();
    };
    let Ok(form) = read else {
        return (StatusCode::PAYLOAD_TOO_LARGE, "Send the form of the overlay.\n").into_response();
    };
    if !token(&form).is_some_and(|given| same(given, &site.token)) {
        return (StatusCode::FORBIDDEN, "Open the address that keicho printed.\n").into_response();
    }
    let Some((path, policy)) = site.feed.page() else {
        return (StatusCode::NOT_FOUND, "The call goes on; there is no summary yet.\n").into_response();
    };
    match std::fs::read(&path) {
        Ok(page) => {
            let mut response = ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], Body::from(page)).into_response();
            if let Ok(policy) = HeaderValue::try_from(policy) {
                response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
            }
            response
        }
        Err(error) => {
            tracing::warn!(path = %path.display(), %error, "the summary cannot be read");
            (StatusCode::NOT_FOUND, "The summary is no longer where it was written.\n").into_response()
        }
    }
}

/// The form's token: hexadecimal digits, which a form writes as they are.
fn token(form: &[u8]) -> Option<&str> {
    let form = std::str::from_utf8(form).ok()?;
    form.split('&').find_map(|field| field.strip_prefix("token="))
}
