//! What clients ask for reaches the call, and the answer comes back to the one who asked.

use std::sync::mpsc::{Receiver, sync_channel};

use super::*;

/// A server whose clients are heard, and what they say.
fn heard(feed: &Feed) -> (Server, Receiver<ClientEvent>) {
    let (tell, news) = sync_channel(64);
    let ears: OnClientEvent = Arc::new(move |one| {
        if let Err(std::sync::mpsc::TrySendError::Full(ClientEvent::Command(said))) = tell.try_send(one) {
            said.responder.refuse(BUSY);
        }
    });
    (Server::start_with(&FREE, feed.clone(), ears, Arc::new(NoPages)).unwrap(), news)
}

async fn said(news: Receiver<ClientEvent>) -> (ClientRequest, Receiver<ClientEvent>) {
    let next = move || loop {
        if let ClientEvent::Command(said) = news.recv().unwrap() {
            return (said, news);
        }
    };
    tokio::task::spawn_blocking(next).await.unwrap()
}

async fn greeted(server: &Server) -> Socket {
    let mut socket = client(server, hello(server, 0)).await;
    assert_eq!(next(&mut socket).await.unwrap()["type"], "hello");
    socket
}

async fn ask(socket: &mut Socket, command: Value) {
    let mut message = command;
    message["type"] = "command".into();
    socket.send(Message::text(message.to_string())).await.unwrap();
}

const WHY: Bilingual = Bilingual { ja: "いまは無理です。", en: "Not now." };

fn refusal(command: &str, why: Bilingual) -> Value {
    json!({ "type": "refused", "command": command, "why": { "ja": why.ja, "en": why.en } })
}

#[tokio::test]
async fn a_refusal_comes_back_to_the_one_who_asked_alone() {
    let mut feed = feed();
    let (server, news) = heard(&feed);
    let (mut asks, mut looks) = (greeted(&server).await, greeted(&server).await);
    ask(&mut asks, json!({ "command": "pause" })).await;
    let (pause, news) = said(news).await;
    assert_eq!(pause.named.command, ClientCommand::Session(Command::Pause));
    pause.responder.refuse(WHY);
    assert_eq!(next(&mut asks).await.unwrap(), refusal("pause", WHY));
    // What is done is not answered: the page sees it.
    ask(&mut asks, json!({ "command": "mute" })).await;
    let (mute, news) = said(news).await;
    mute.responder.done();
    // What is dropped is refused.
    ask(&mut asks, json!({ "command": "stop" })).await;
    let (dropped, _news) = said(news).await;
    drop(dropped);
    let lost = next(&mut asks).await.unwrap();
    assert_eq!((&lost["type"], &lost["command"]), (&json!("refused"), &json!("stop")));
    happen(&mut feed, 1);
    assert_eq!(next(&mut asks).await.unwrap()["type"], "event");
    assert_eq!(next(&mut looks).await.unwrap()["type"], "event", "the other one heard nothing of it");
    stop(server).await;
}

#[tokio::test]
async fn what_is_no_command_never_reaches_the_call() {
    let feed = feed();
    let (server, news) = heard(&feed);
    let mut socket = greeted(&server).await;
    for (message, name) in [
        ("{".to_owned(), ""),
        (json!({ "type": "command", "command": "shout" }).to_string(), "shout"),
        (json!({ "type": "command", "command": "pause", "for": "ever" }).to_string(), "pause"),
        (json!({ "type": "command", "command": "agenda_add", "text": "x".repeat(201) }).to_string(), "agenda_add"),
    ] {
        socket.send(Message::text(message)).await.unwrap();
        let refused = next(&mut socket).await.unwrap();
        assert_eq!((&refused["type"], &refused["command"]), (&json!("refused"), &json!(name)));
        assert!(
            !refused["why"]["ja"].as_str().unwrap().is_empty() && !refused["why"]["en"].as_str().unwrap().is_empty()
        );
    }
    stop(server).await;
    assert!(news.iter().all(|one| !matches!(one, ClientEvent::Command(_))));
}

#[tokio::test]
async fn before_hello_nothing_is_asked() {
    let feed = feed();
    let (server, news) = heard(&feed);
    let mut socket = client(&server, json!({ "type": "command", "command": "stop" })).await;
    assert_eq!(next(&mut socket).await, Err(4400));
    stop(server).await;
    assert!(news.iter().next().is_none());
}

#[tokio::test]
async fn a_client_has_eight_commands_under_way_at_most() {
    let feed = feed();
    let (server, news) = heard(&feed);
    let (mut asks, mut other) = (greeted(&server).await, greeted(&server).await);
    // Nobody answers.
    for _ in 0..20 {
        ask(&mut asks, json!({ "command": "pause" })).await;
    }
    for _ in 0..12 {
        let refused = next(&mut asks).await.unwrap();
        assert!(refused["why"]["en"].as_str().unwrap().starts_with("Too many"), "{refused}");
    }
    ask(&mut other, json!({ "command": "mute" })).await;
    let mut reached = Vec::new();
    let mut news = news;
    for _ in 0..9 {
        let (one, rest) = said(news).await;
        reached.push(one);
        news = rest;
    }
    assert_eq!(reached.iter().filter(|said| said.named.name == "pause").count(), 8);
    assert_eq!(reached.last().unwrap().named.name, "mute");
    stop(server).await;
}

#[tokio::test]
async fn pages_that_ask_are_counted_while_they_are_there() {
    let feed = feed();
    let (server, news) = heard(&feed);
    let _looks = greeted(&server).await;
    assert_eq!(server.asking_pages(), 0, "who does not ask does not count");
    let mut asks = hello(&server, 0);
    asks["asks"] = true.into();
    let mut socket = client(&server, asks).await;
    assert_eq!(next(&mut socket).await.unwrap()["type"], "hello");
    assert_eq!(server.asking_pages(), 1);
    assert!(matches!(news.recv(), Ok(ClientEvent::AskingPagesChanged)));
    drop(socket);
    let news = tokio::task::spawn_blocking(move || news.recv()).await.unwrap();
    assert!(matches!(news, Ok(ClientEvent::AskingPagesChanged)));
    assert_eq!(server.asking_pages(), 0);
    stop(server).await;
}

#[tokio::test]
async fn a_server_that_nobody_listens_behind_refuses() {
    let feed = feed();
    let server = server(&feed);
    let mut socket = greeted(&server).await;
    ask(&mut socket, json!({ "command": "pause" })).await;
    assert_eq!(next(&mut socket).await.unwrap()["type"], "refused");
    stop(server).await;
}
