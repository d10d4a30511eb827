//! The summary's page is for a form with the token, and for nobody else.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::*;

/// What a request is answered, head and body.
async fn answer(server: &Server, request: String) -> (u16, String) {
    let mut stream = TcpStream::connect(server.addr()).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut said = String::new();
    stream.read_to_string(&mut said).await.unwrap();
    (said[9..12].parse().unwrap(), said)
}

fn post(server: &Server, origin: Option<&str>, kind: &str, body: &str) -> String {
    let host = server.addr();
    let origin = origin.map(|origin| format!("Origin: {origin}\r\n")).unwrap_or_default();
    format!(
        "POST /summary HTTP/1.1\r\nHost: {host}\r\n{origin}Content-Type: {kind}\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n{body}",
        body.len()
    )
}

const FORM: &str = "application/x-www-form-urlencoded";

#[tokio::test]
async fn a_form_with_the_token_opens_it_under_its_own_policy() {
    let feed = feed();
    let server = server(&feed);
    let own = format!("http://{}", server.addr());
    let form = post(&server, Some(&own), FORM, &format!("token={}", server.site.token));
    let (status, said) = answer(&server, form.clone()).await;
    assert!(status == 404 && said.ends_with("there is no summary yet.\n"), "{said}");

    let dir = tempfile::tempdir().unwrap();
    let page = dir.path().join("summary.html");
    std::fs::write(&page, "<p>58 %</p>").unwrap();
    feed.summary(page.clone(), "default-src 'none'; style-src 'sha256-x'".to_owned());
    let (status, said) = answer(&server, form.clone()).await;
    assert!(status == 200 && said.ends_with("<p>58 %</p>"), "{said}");
    let head = said.to_lowercase();
    assert_eq!(head.matches("content-security-policy").count(), 1);
    assert!(head.contains("content-security-policy: default-src 'none'; style-src 'sha256-x'"), "{said}");
    for expected in ["content-type: text/html", "cache-control: no-store", "nosniff", "cross-origin-opener-policy"] {
        assert!(head.contains(expected), "{expected}: {said}");
    }

    std::fs::remove_file(&page).unwrap();
    let (status, said) = answer(&server, form).await;
    assert!(status == 404 && said.ends_with("no longer where it was written.\n"), "{said}");
    stop(server).await;
}

#[tokio::test]
async fn nobody_else_gets_it() {
    let feed = feed();
    let server = server(&feed);
    let dir = tempfile::tempdir().unwrap();
    let page = dir.path().join("summary.html");
    std::fs::write(&page, "needle").unwrap();
    feed.summary(page, String::new());
    let own = format!("http://{}", server.addr());
    let right = format!("token={}", server.site.token);
    let wrong = format!("token={}", "0".repeat(32));
    let host = server.addr();
    for (request, expected) in [
        (post(&server, None, FORM, &right), 403),
        (post(&server, Some("null"), FORM, &right), 403),
        (post(&server, Some("http://evil.example"), FORM, &right), 403),
        (post(&server, Some(&own), FORM, &wrong), 403),
        (post(&server, Some(&own), FORM, ""), 403),
        (post(&server, Some(&own), "text/plain", &right), 415),
        (post(&server, Some(&own), FORM, &format!("a={}&{right}", "x".repeat(2_000))), 413),
        (format!("GET /summary HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"), 404),
        (format!("GET /summary?{right} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"), 404),
        (post(&server, None, FORM, "").replace("POST /summary", "POST /"), 403),
        (post(&server, Some(&own), FORM, "").replace("POST /summary", "POST /"), 405),
    ] {
        let (status, said) = answer(&server, request.clone()).await;
        assert_eq!(status, expected, "{request}");
        assert!(!said.contains("needle"), "{request}");
    }
    stop(server).await;
}

#[tokio::test]
async fn the_overlay_may_send_forms_to_itself_and_tells_its_origin() {
    let feed = feed();
    let server = server(&feed);
    let request = format!("GET / HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", server.addr());
    let (status, said) = answer(&server, request).await;
    assert_eq!(status, 200);
    assert!(said.contains("form-action 'self'") && said.contains("referrer-policy: same-origin"), "{said}");
    stop(server).await;
}
