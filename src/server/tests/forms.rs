//! Pages that forms ask for are for a form with the token, and for nobody else.

use std::sync::mpsc::{Receiver, Sender, channel};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::*;
use crate::agenda::{Action, ItemState, NoteEdit};
use crate::audio::Track;
use crate::language::Language;

/// Makes a page that says what was wanted, and tells of it.
struct Told(Mutex<Sender<(PageRequest, Option<Language>)>>);

impl PageRenderer for Told {
    fn render(&self, wanted: &PageRequest, asker: PageContext<'_>) -> Result<RenderedPage, PageError> {
        assert_eq!(std::thread::current().name(), Some("pages"), "the clients' own thread does not wait");
        self.0.lock().unwrap().send((wanted.clone(), asker.language)).unwrap();
        let file = matches!(wanted, PageRequest::Mirror { .. }).then(|| "mirror-2026-11-03.html".to_owned());
        match wanted {
            PageRequest::Summary { call: Some(call) } if call == "gone" => Err(PageError::NotFound(GONE)),
            PageRequest::Summary { call: Some(call) } if call == "broken" => Err(PageError::Failed(GONE)),
            PageRequest::Summary { call: Some(call) } if call == "panics" => panic!("as a test wants it"),
            _ => Ok(RenderedPage {
                html: format!("<p>58 % {}</p>", asker.token),
                policy: "default-src 'none'; style-src 'sha256-x'".to_owned(),
                download_name: file,
            }),
        }
    }
}

const GONE: Bilingual = Bilingual { ja: "もうありません <&>", en: "It is gone <&>" };

fn told() -> (Server, Receiver<(PageRequest, Option<Language>)>) {
    let (tell, told) = channel();
    let pages = Arc::new(Told(Mutex::new(tell)));
    (Server::start_with(&FREE, feed(), Arc::new(drop), pages).unwrap(), told)
}

/// What a request is answered, head and body.
async fn answer(server: &Server, request: String) -> (u16, String) {
    let mut stream = TcpStream::connect(server.addr()).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut said = String::new();
    stream.read_to_string(&mut said).await.unwrap();
    (said[9..12].parse().unwrap(), said)
}

fn post(server: &Server, path: &str, origin: Option<&str>, kind: &str, body: &str) -> String {
    let host = server.addr();
    let origin = origin.map(|origin| format!("Origin: {origin}\r\n")).unwrap_or_default();
    format!(
        "POST {path} HTTP/1.1\r\nHost: {host}\r\n{origin}Content-Type: {kind}\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n{body}",
        body.len()
    )
}

const FORM: &str = "application/x-www-form-urlencoded";

/// A form of the page's own, with the token.
async fn sent(server: &Server, path: &str, fields: &str) -> (u16, String) {
    let own = format!("http://{}", server.addr());
    answer(server, post(server, path, Some(&own), FORM, &format!("token={}{fields}", server.site.token))).await
}

#[tokio::test]
async fn a_form_with_the_token_opens_a_page_under_its_own_policy() {
    let (server, told) = told();
    let (status, said) = sent(&server, "/summary", "").await;
    assert!(status == 200 && said.ends_with(&format!("<p>58 % {}</p>", server.site.token)), "{said}");
    let head = said.to_lowercase();
    assert_eq!(head.matches("content-security-policy").count(), 1);
    let policy = "content-security-policy: default-src 'none'; style-src 'sha256-x'; frame-ancestors 'none'";
    for expected in
        [policy, "content-type: text/html", "cache-control: no-store", "nosniff", "cross-origin-opener-policy"]
    {
        assert!(head.contains(expected), "{expected}: {said}");
    }
    assert!(!head.contains("content-disposition"), "it is shown");
    assert_eq!(told.recv().unwrap(), (PageRequest::Summary { call: None }, None));
    stop(server).await;
}

#[tokio::test]
async fn what_a_form_asks_for_is_read_as_it_was_meant() {
    let (server, told) = told();
    let text = |text: &str| Some(text.to_owned());
    for (path, fields, wanted, language) in [
        ("/history", "", PageRequest::History { with: None }, None),
        ("/history", "&lang=ja&with=", PageRequest::History { with: None }, Some(Language::Ja)),
        (
            "/history",
            "&with=%E4%BD%90%E8%97%A4+%E3%81%91%E3%82%93&lang=en",
            PageRequest::History { with: text("佐藤 けん") },
            Some(Language::En),
        ),
        ("/history", "&with=a%26token%3D1%2B1&lang=fr", PageRequest::History { with: text("a&token=1+1") }, None),
        // What is no text is nobody's name, and nobody is not everybody.
        ("/history", "&with=%ff%fe", PageRequest::History { with: text("\u{fffd}\u{fffd}") }, None),
        ("/summary", "&call=2026-11-03T10-00-00", PageRequest::Summary { call: text("2026-11-03T10-00-00") }, None),
        ("/mirror", "&call=..%2F..%2Fetc", PageRequest::Mirror { call: text("../../etc") }, None),
    ] {
        let (status, said) = sent(&server, path, fields).await;
        assert_eq!(status, 200, "{said}");
        assert_eq!(told.recv().unwrap(), (wanted, language), "{path} {fields}");
    }
    stop(server).await;
}

#[tokio::test]
async fn a_form_adds_a_note_changes_it_or_removes_it() {
    let (server, told) = told();
    let own = |owner, state| Some(Action { owner, state });
    // The longest note there may be, in the letters that take the most room.
    let longest = "𠮷".repeat(200);
    let sent_longest = "%F0%A0%AE%B7".repeat(200);
    for (fields, edit) in [
        ("&text=On+leave&kind=note".to_owned(), Some(NoteEdit::Add { text: "On leave".to_owned(), action: None })),
        (
            format!("&text={sent_longest}&kind=me"),
            Some(NoteEdit::Add { text: longest, action: own(Track::Me, ItemState::Open) }),
        ),
        (
            "&note=3&text=Sheet&kind=them&state=done".to_owned(),
            Some(NoteEdit::Change { id: 3, text: "Sheet".to_owned(), action: own(Track::Them, ItemState::Done) }),
        ),
        ("&note=3&text=&kind=note".to_owned(), Some(NoteEdit::Change { id: 3, text: String::new(), action: None })),
        ("&note=3&text=Sheet&kind=me&remove=1".to_owned(), Some(NoteEdit::Remove { id: 3 })),
        ("&note=-1&text=Sheet".to_owned(), None),
    ] {
        let (status, said) = sent(&server, "/note", &format!("&call=1{fields}")).await;
        assert_eq!(status, 200, "{said}");
        assert_eq!(told.recv().unwrap().0, PageRequest::EditNote { call: "1".to_owned(), edit }, "{fields}");
    }
    stop(server).await;
}

#[tokio::test]
async fn a_page_learns_whether_the_launch_that_made_it_is_there() {
    let (server, told) = told();
    assert_eq!(sent(&server, "/there", "").await.0, 204);
    let own = format!("http://{}", server.addr());
    let of_another = post(&server, "/there", Some(&own), FORM, &format!("token={}", "0".repeat(32)));
    assert_eq!(answer(&server, of_another).await.0, 403);
    assert!(told.try_recv().is_err(), "no page is made for it");
    stop(server).await;
}

#[tokio::test]
async fn a_mirror_is_saved_and_not_shown() {
    let (server, _told) = told();
    let (status, said) = sent(&server, "/mirror", "&call=1").await;
    assert_eq!(status, 200);
    assert!(
        said.to_lowercase().contains("content-disposition: attachment; filename=\"mirror-2026-11-03.html\""),
        "{said}"
    );
    stop(server).await;
}

#[tokio::test]
async fn where_there_is_no_page_one_sentence_says_why() {
    let (server, _told) = told();
    for (call, language, expected, sentence) in [
        ("gone", "ja", 404, "<p>もうありません &lt;&amp;&gt;</p>"),
        ("gone", "en", 404, "<p>It is gone &lt;&amp;&gt;</p>"),
        ("broken", "en", 500, "<p>It is gone &lt;&amp;&gt;</p>"),
        ("panics", "en", 500, "<p>The page could not be made. Try again.</p>"),
    ] {
        let (status, said) = sent(&server, "/summary", &format!("&call={call}&lang={language}")).await;
        assert_eq!(status, expected, "{said}");
        assert!(said.contains(sentence) && said.contains(&format!("<html lang=\"{language}\">")), "{said}");
        assert!(said.contains("content-security-policy: default-src 'none'"), "{said}");
    }
    // And it goes on.
    assert_eq!(sent(&server, "/summary", "").await.0, 200);
    stop(server).await;

    let bare = super::server(&feed());
    let (status, said) = sent(&bare, "/history", "&lang=en").await;
    assert!(status == 404 && said.contains("There is no such page here."), "{said}");
    stop(bare).await;
}

#[tokio::test]
async fn nobody_else_gets_it() {
    let (server, told) = told();
    let own = format!("http://{}", server.addr());
    let right = format!("token={}", server.site.token);
    let wrong = format!("token={}", "0".repeat(32));
    let host = server.addr();
    for path in ["/summary", "/history", "/mirror", "/note"] {
        for (request, expected) in [
            (post(&server, path, None, FORM, &right), 403),
            (post(&server, path, Some("null"), FORM, &right), 403),
            (post(&server, path, Some("http://evil.example"), FORM, &right), 403),
            (post(&server, path, Some(&own), FORM, &wrong), 403),
            (post(&server, path, Some(&own), FORM, ""), 403),
            (post(&server, path, Some(&own), FORM, &format!("with={right}")), 403),
            (post(&server, path, Some(&own), "text/plain", &right), 415),
            (post(&server, path, Some(&own), FORM, &format!("a={}&{right}", "x".repeat(5_000))), 413),
            (format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"), 404),
            (format!("GET {path}?{right} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"), 404),
            (post(&server, path, None, FORM, "").replace(path, "/"), 403),
            (post(&server, path, Some(&own), FORM, "").replace(path, "/"), 405),
        ] {
            let (status, said) = answer(&server, request.clone()).await;
            assert_eq!(status, expected, "{request}");
            assert!(!said.contains("58 %"), "{request}");
        }
    }
    assert!(told.try_recv().is_err(), "nothing was even made");
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
