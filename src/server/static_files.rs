//! Static pages, and the guard in front of everything.

use std::borrow::Cow;
use std::path::{Component, Path};
use std::sync::{Arc, LazyLock};

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

use crate::server::Site;
use crate::server::packed_page::PackedPage;

#[derive(RustEmbed)]
#[folder = "web/"]
#[include = "*.html"]
#[include = "*.css"]
#[include = "*.js"]
struct EmbeddedFiles;

/// The built-in page in few files; a test sees that it can be packed.
static PACKED_PAGE: LazyLock<Option<PackedPage>> =
    LazyLock::new(|| PackedPage::pack(&|name| String::from_utf8(EmbeddedFiles::get(name)?.data.into_owned()).ok()));

/// Lets in only this site's own pages: a host name that was rebound to 127.0.0.1 and another site's page are refused.
pub(super) async fn check_host_and_origin(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let host = site.addr.to_string();
    let origin = format!("http://{host}");
    let headers = request.headers();
    // A page that is opened has no origin; what may act on the call must have ours.
    let acts = request.uri().path() == "/ws" || request.method() != Method::GET;
    let right_host = single_header_value(headers, header::HOST).is_some_and(|given| given == host.as_bytes());
    let right_origin = match single_header_value(headers, header::ORIGIN) {
        Some(given) => given == origin.as_bytes(),
        None => !acts && !headers.contains_key(header::ORIGIN),
    };
    let mut response = match right_host && right_origin {
        true => next.run(request).await,
        false => (StatusCode::FORBIDDEN, "Open the address that keicho printed.\n").into_response(),
    };
    set_security_headers(&host, response.headers_mut());
    response
}

/// The one value of a header; `None` if there is none or more than one.
fn single_header_value(headers: &HeaderMap, name: HeaderName) -> Option<&[u8]> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?;
    values.next().is_none().then_some(value.as_bytes())
}

/// The rules of every answer; a page with a policy of its own keeps that.
fn set_security_headers(host: &str, headers: &mut HeaderMap) {
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
         connect-src 'self' ws://{host}; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    );
    if let Ok(policy) = HeaderValue::try_from(policy) {
        headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(policy);
    }
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // Without a referrer a browser would send our own form from the origin `null`. The token is in the fragment,
        // which is no part of the referrer.
        (header::REFERRER_POLICY, "same-origin"),
        (header::CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

/// A file of the site.
pub(super) async fn serve_file(State(site): State<Arc<Site>>, uri: Uri) -> Response {
    let name = match uri.path().trim_start_matches('/') {
        "" => "index.html",
        name => name,
    };
    match read_file(&site, name) {
        Some(content) => {
            ([(header::CONTENT_TYPE, content_type(name))], Body::from(content.into_owned())).into_response()
        }
        None => (StatusCode::NOT_FOUND, "There is no such page.\n").into_response(),
    }
}

fn read_file(site: &Site, name: &str) -> Option<Cow<'static, [u8]>> {
    match &site.web_dir {
        None => match PACKED_PAGE.as_ref().and_then(|page| page.file(name)) {
            Some(packed) => Some(Cow::Borrowed(packed.as_bytes())),
            None => EmbeddedFiles::get(name).map(|file| file.data),
        },
        Some(folder) => {
            let inside = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
            let known = content_type(name) != UNKNOWN_CONTENT_TYPE;
            (inside && known).then(|| std::fs::read(folder.join(name)).ok().map(Cow::Owned)).flatten()
        }
    }
}

const UNKNOWN_CONTENT_TYPE: &str = "application/octet-stream";

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        _ => UNKNOWN_CONTENT_TYPE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_page_is_three_files() {
        let page = PACKED_PAGE.as_ref().expect("a module of web/ is written in a way that is not known");
        let index = page.file("index.html").unwrap();
        assert_eq!(index.matches("rel=\"stylesheet\"").count(), 1);
        assert_eq!(index.matches("<script").count(), 1);
        let script = page.file("app.js").unwrap();
        assert!(!script.lines().any(|line| line.starts_with("import ") || line.starts_with("export ")));
        for file in EmbeddedFiles::iter().filter(|name| name.ends_with(".js")) {
            let module = format!("const module_{} = (() => {{", file.trim_end_matches(".js"));
            assert_eq!(script.matches(&module).count(), 1, "{file}");
        }
        for file in EmbeddedFiles::iter().filter(|name| name.ends_with(".css")) {
            let sheet = EmbeddedFiles::get(&file).unwrap().data;
            assert!(page.file("all.css").unwrap().contains(std::str::from_utf8(&sheet).unwrap()), "{file}");
        }
    }
}
