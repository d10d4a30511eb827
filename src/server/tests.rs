use std::net::TcpListener as StdListener;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use super::*;
use crate::asr::NoText;
use crate::i18n::Bilingual;
use crate::nudges::{Mode, NudgeKind};
use crate::prepare::{EchoCheck, SoundCheckStatus};
use crate::records::Origin;
use crate::session::{Command, Event, Session, SessionSetup, Sink, Snapshot};
use crate::time::SampleTime;
use crate::wire::{CallSettings, ClientCommand, StartPage};

mod commands;
mod conformance;
mod forms;
mod limits;

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

fn feed() -> Feed {
    Feed::new(CallSettings { origin: Origin::Replay, mode: Mode::Listening, target: 0.3, demo_timing: false })
}

const FREE: ServerSetup = ServerSetup { port: 0, web_dir: None };

fn server(feed: &Feed) -> Server {
    Server::start(&FREE, feed.clone()).unwrap()
}

fn happen(feed: &mut Feed, times: usize) {
    (0..times).for_each(|_| feed.emit(SampleTime::from_ms(10), Event::NudgeWithdrawn(NudgeKind::Share)));
}

fn blank() -> Snapshot {
    Session::new(&SessionSetup::default(), Box::new(NoText::default())).snapshot()
}

fn show(feed: &mut Feed) {
    feed.emit_snapshot(&blank());
}

async fn stop(server: Server) {
    tokio::task::spawn_blocking(move || server.stop()).await.unwrap();
}

async fn connect(server: &Server, origin: &str, host: Option<&str>) -> Result<Socket, Error> {
    let mut request = format!("ws://{}/ws", server.addr()).into_client_request().unwrap();
    request.headers_mut().insert("Origin", origin.parse().unwrap());
    if let Some(host) = host {
        request.headers_mut().insert("Host", host.parse().unwrap());
    }
    tokio_tungstenite::connect_async(request).await.map(|(socket, _)| socket)
}

/// A client that has said hello.
async fn client(server: &Server, hello: Value) -> Socket {
    let mut socket = connect(server, &format!("http://{}", server.addr()), None).await.unwrap();
    socket.send(Message::text(hello.to_string())).await.unwrap();
    socket
}

fn hello(server: &Server, last_seq: u64) -> Value {
    json!({ "type": "hello", "protocol": 1, "token": server.site.token, "last_seq": last_seq, "epoch": 1 })
}

/// The next message, or the code of the close.
async fn next(socket: &mut Socket) -> Result<Value, u16> {
    loop {
        match socket.next().await {
            Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text).unwrap()),
            Some(Ok(Message::Close(Some(frame)))) => return Err(frame.code.into()),
            Some(Ok(_)) => {}
            _ => return Err(0),
        }
    }
}

#[tokio::test]
async fn a_client_is_told_what_it_missed_and_then_how_it_stands() {
    let mut feed = feed();
    let server = server(&feed);
    happen(&mut feed, 3);
    show(&mut feed);
    let mut socket = client(&server, hello(&server, 1)).await;
    let first = next(&mut socket).await.unwrap();
    assert_eq!((&first["type"], &first["protocol"], &first["seq"]), (&json!("hello"), &json!(1), &json!(3)));
    for seq in [2, 3] {
        assert_eq!(next(&mut socket).await.unwrap()["seq"], json!(seq));
    }
    assert_eq!(next(&mut socket).await.unwrap()["type"], "snapshot");
    happen(&mut feed, 1);
    assert_eq!(next(&mut socket).await.unwrap()["seq"], json!(4));
    tokio::task::spawn_blocking(move || server.stop()).await.unwrap();
    assert_eq!(next(&mut socket).await, Err(CALL_OVER));
}

const CALL_OVER: u16 = 1000;

#[tokio::test]
async fn a_client_of_another_epoch_starts_from_the_snapshot() {
    let mut feed = feed();
    let server = server(&feed);
    happen(&mut feed, 3);
    show(&mut feed);
    let stranger = json!({ "type": "hello", "protocol": 1, "token": server.site.token, "last_seq": 1, "epoch": 7 });
    let mut socket = client(&server, stranger).await;
    assert_eq!(next(&mut socket).await.unwrap()["type"], "hello");
    assert_eq!(next(&mut socket).await.unwrap()["type"], "snapshot");
    tokio::task::spawn_blocking(move || server.stop()).await.unwrap();
}

#[tokio::test]
async fn a_wrong_token_and_a_wrong_hello_are_told_apart() {
    let feed = feed();
    let server = server(&feed);
    let with = |token: &str, protocol: u32| json!({ "type": "hello", "protocol": protocol, "token": token });
    let token = server.site.token.clone();
    for (said, code) in
        [(with("0123", 1), 4401), (with(&token.replace('0', "1"), 9), 4400), (json!({"type": "?"}), 4400)]
    {
        let mut socket = client(&server, said).await;
        assert_eq!(next(&mut socket).await, Err(code));
    }
    tokio::task::spawn_blocking(move || server.stop()).await.unwrap();
}

#[tokio::test]
async fn only_this_very_site_gets_in() {
    let feed = feed();
    let server = server(&feed);
    let own = format!("http://{}", server.addr());
    let port = server.addr().port();
    for (origin, host) in [
        ("http://evil.example".to_owned(), None),
        (format!("http://localhost:{port}"), None),
        (own.clone(), Some("evil.example".to_owned())),
        (own.clone(), Some(format!("localhost:{port}"))),
        (own.replace("http", "https"), None),
    ] {
        match connect(&server, &origin, host.as_deref()).await {
            Err(Error::Http(response)) => {
                assert_eq!(response.status(), 403, "{origin} {host:?}");
                let header = |name: &str| response.headers()[name].to_str().unwrap();
                assert!(header("content-security-policy").starts_with("default-src 'none'; "));
                let rules = ["x-content-type-options", "cache-control", "cross-origin-resource-policy"];
                assert_eq!(rules.map(header), ["nosniff", "no-store", "same-origin"]);
            }
            other => panic!("{origin} {host:?}: {other:?}"),
        }
    }
    assert!(connect(&server, &own, None).await.is_ok());
    tokio::task::spawn_blocking(move || server.stop()).await.unwrap();
}

#[tokio::test]
async fn after_a_failure_the_same_address_serves_again_and_nothing_is_missed() {
    let mut feed = feed();
    let server = Arc::new(server(&feed));
    happen(&mut feed, 2);
    let mut socket = client(&server, hello(&server, 2)).await;
    assert_eq!(next(&mut socket).await.unwrap()["type"], "hello");
    let address = server.overlay_url();
    let stopped = Arc::clone(&server);
    tokio::task::spawn_blocking(move || stopped.suspend()).await.unwrap();
    while next(&mut socket).await.is_ok() {}
    assert!(StdListener::bind(server.addr()).is_ok(), "the port is free");
    happen(&mut feed, 2);
    let resumed = Arc::clone(&server);
    tokio::task::spawn_blocking(move || resumed.resume()).await.unwrap();
    assert_eq!(server.overlay_url(), address);
    let mut socket = client(&server, hello(&server, 2)).await;
    assert_eq!(next(&mut socket).await.unwrap()["seq"], json!(4));
    assert_eq!(next(&mut socket).await.unwrap()["seq"], json!(3));
    assert_eq!(next(&mut socket).await.unwrap()["seq"], json!(4));
    let server = Arc::into_inner(server).unwrap();
    tokio::task::spawn_blocking(move || server.stop()).await.unwrap();
}

#[tokio::test]
async fn a_server_that_fails_badly_goes_on_at_the_same_address() {
    let mut feed = feed();
    let server = server(&feed);
    happen(&mut feed, 2);
    let mut socket = client(&server, hello(&server, 2)).await;
    assert_eq!(next(&mut socket).await.unwrap()["type"], "hello");
    server.control.send(ControlMessage::Panic).await.unwrap();
    while next(&mut socket).await.is_ok() {}
    happen(&mut feed, 1);
    let mut socket = client(&server, hello(&server, 2)).await;
    assert_eq!(next(&mut socket).await.unwrap()["seq"], json!(3));
    assert_eq!(next(&mut socket).await.unwrap()["seq"], json!(3), "nothing is missed");
    stop(server).await;
}

#[tokio::test]
async fn the_desk_comes_after_hello_and_again_when_it_changed_and_only_the_newest() {
    let mut feed = feed();
    let server = server(&feed);
    feed.publish_start_page(&StartPage::default());
    feed.publish_start_page(&StartPage { target: 0.45, ..StartPage::default() });
    show(&mut feed);
    let mut socket = client(&server, hello(&server, 0)).await;
    assert_eq!(next(&mut socket).await.unwrap()["type"], "hello");
    let desk = next(&mut socket).await.unwrap();
    assert_eq!((&desk["type"], &desk["version"], &desk["target"]), (&json!("desk"), &json!(2), &json!(0.45)));
    assert_eq!(next(&mut socket).await.unwrap()["type"], "snapshot");
    happen(&mut feed, 1);
    assert_eq!(next(&mut socket).await.unwrap()["type"], "event", "no desk that is known already");
    feed.publish_start_page(&StartPage { target: 0.5, ..StartPage::default() });
    assert_eq!(next(&mut socket).await.unwrap()["version"], json!(3));
    let mut late = client(&server, hello(&server, 1)).await;
    assert_eq!(next(&mut late).await.unwrap()["type"], "hello");
    assert_eq!(next(&mut late).await.unwrap()["version"], json!(3));
    stop(server).await;
}

#[tokio::test]
async fn before_the_call_there_are_levels_and_then_the_call() {
    let mut feed = feed();
    let server = server(&feed);
    let standing = SoundCheckStatus { echo: EchoCheck::Leaks, ..SoundCheckStatus::default() };
    feed.publish_preparation(&blank(), &standing);
    let mut socket = client(&server, hello(&server, 0)).await;
    assert_eq!(next(&mut socket).await.unwrap()["type"], "hello");
    let before = next(&mut socket).await.unwrap();
    assert_eq!((&before["state"], &before["echo_check"]), (&json!("before"), &json!("leaks")));
    let frame = CallSettings { origin: Origin::Live, mode: Mode::Feedback, target: 0.45, demo_timing: false };
    feed.set_plan(frame, &["Goals".to_owned()]);
    feed.publish_preparation(&blank(), &standing);
    assert_eq!(next(&mut socket).await.unwrap()["agenda"][0]["text"], "Goals");
    show(&mut feed);
    let live = next(&mut socket).await.unwrap();
    assert_eq!((&live["state"], &live["levels"]), (&json!("live"), &Value::Null));
    assert_eq!((&live["mode"], &live["band"]["high"]), (&json!("feedback"), &json!(0.45)));
    stop(server).await;
}

#[tokio::test]
async fn a_client_that_slept_through_two_erasings_misses_nothing_that_is_left() {
    let mut feed = feed();
    let at = SampleTime::from_ms;
    let told = |feed: &mut Feed, ms| feed.emit(at(ms), Event::NudgeWithdrawn(NudgeKind::Share));
    let mut sleeper = feed.cursor(1, 0);
    (1..=5).for_each(|ms| told(&mut feed, ms));
    assert_eq!(feed.next_update(&mut sleeper).events.len(), 5);
    feed.erase(at(2));
    (6..=9).for_each(|ms| told(&mut feed, ms));
    feed.erase(at(8));
    // It knows 1 and 2 of what is left, and not 6, 7 and 8.
    let left: Vec<Value> =
        feed.next_update(&mut sleeper).events.iter().map(|message| serde_json::from_str(message).unwrap()).collect();
    assert_eq!(left.iter().map(|one| one["at_ms"].as_u64().unwrap()).collect::<Vec<_>>(), [6, 7, 8]);
    assert!(left.iter().all(|one| one["epoch"] == 3));
    assert!(feed.next_update(&mut sleeper).events.is_empty());
}

#[tokio::test]
async fn a_client_that_takes_nothing_harms_nobody() {
    let mut feed = feed();
    let server = server(&feed);
    let mut sleeper = client(&server, hello(&server, 0)).await;
    assert_eq!(next(&mut sleeper).await.unwrap()["type"], "hello");
    let mut reader = client(&server, hello(&server, 0)).await;
    assert_eq!(next(&mut reader).await.unwrap()["type"], "hello");
    // Far more than the kernel buffers for the one that does not read.
    happen(&mut feed, 100_000);
    let mut newest = 0;
    while newest < 100_000 {
        newest = next(&mut reader).await.unwrap()["seq"].as_u64().unwrap();
    }
    drop(sleeper);
    tokio::task::spawn_blocking(move || server.stop()).await.unwrap();
}

#[test]
fn a_client_that_was_away_is_given_a_bounded_piece_at_a_time() {
    let mut feed = feed();
    happen(&mut feed, 600);
    show(&mut feed);
    feed.close();
    let mut place = feed.cursor(1, 0);
    let pieces: Vec<_> = (0..3).map(|_| feed.next_update(&mut place)).collect();
    assert_eq!(pieces.iter().map(|piece| piece.events.len()).collect::<Vec<_>>(), [256, 256, 88]);
    assert_eq!(pieces.iter().map(|piece| piece.has_more).collect::<Vec<_>>(), [true, true, false]);
    // The snapshot says how it stands after all of them.
    assert_eq!(pieces.iter().map(|piece| piece.snapshot.is_some()).collect::<Vec<_>>(), [false, false, true]);
    assert_eq!(pieces.iter().map(|piece| piece.closed).collect::<Vec<_>>(), [false, false, true]);
    let seqs = pieces.iter().flat_map(|piece| &piece.events).map(|message| {
        let message: Value = serde_json::from_str(message).unwrap();
        message["seq"].as_u64().unwrap()
    });
    assert!(seqs.eq(1..=600));
    assert_eq!(feed.next_update(&mut place).events.len(), 0);
}

#[test]
fn a_taken_port_is_one_sentence() {
    let taken = StdListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let error = Server::start(&ServerSetup { port, web_dir: None }, feed()).err().unwrap().to_string();
    assert!(
        error.starts_with(&format!("cannot listen on 127.0.0.1:{port}: ")) && error.contains("--port 0"),
        "{error}"
    );
}

#[test]
fn tokens_differ_and_are_long() {
    let (a, b) = (token().unwrap(), token().unwrap());
    assert_ne!(a, b);
    assert_eq!(a.len(), 32);
}

#[cfg(unix)]
#[test]
fn the_file_that_opens_a_browser_is_private_and_goes() {
    use std::os::unix::fs::PermissionsExt;
    let file = RedirectFile::write("http://127.0.0.1:1/#token=t").unwrap();
    let path = file.path().to_owned();
    let mode = std::fs::metadata(&path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o600);
    assert!(std::fs::read_to_string(&path).unwrap().contains("http://127.0.0.1:1/#token=t"));
    drop(file);
    assert!(!path.exists());
}
