//! One client's web socket: its hello, then what it missed, then everything as it comes.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use tokio::sync::watch;

use crate::server::feed::{Feed, FeedCursor};
use crate::server::requests::{ClientEvent, CommandLimiter};
use crate::server::{Site, is_token};
use crate::wire::{self, ClientHello, ClientMessage, MAX_MESSAGE_BYTES, PROTOCOL, ServerHello};

/// A client says hello within this time.
const HELLO_TIMEOUT: Duration = Duration::from_secs(5);

/// A client that takes nothing for this long is gone.
const SEND_TIMEOUT: Duration = Duration::from_secs(10);

/// Close codes of our own; the page has a sentence for each.
const BAD_HELLO: u16 = 4400;
const WRONG_TOKEN: u16 = 4401;
const CALL_OVER: u16 = 1000;
const GOING_AWAY: u16 = 1001;
const TOO_LARGE: u16 = 1009;

/// What a handler gets.
#[derive(Clone)]
pub(super) struct RouterState {
    pub(super) site: Arc<Site>,
    /// Closed when the serving task ends.
    pub(super) alive: watch::Receiver<()>,
}

impl axum::extract::FromRef<RouterState> for Arc<Site> {
    fn from_ref(shared: &RouterState) -> Self {
        Arc::clone(&shared.site)
    }
}

pub(super) async fn upgrade(State(shared): State<RouterState>, upgrade: WebSocketUpgrade) -> Response {
    upgrade.max_message_size(MAX_MESSAGE_BYTES).max_frame_size(MAX_MESSAGE_BYTES).on_upgrade(move |socket| async move {
        let guest = shared.site.feed.register_client();
        serve_client(socket, &shared.site, shared.alive).await;
        drop(guest);
    })
}

async fn serve_client(mut socket: WebSocket, site: &Arc<Site>, mut alive: watch::Receiver<()>) {
    let hello = match tokio::time::timeout(HELLO_TIMEOUT, receive_hello(&mut socket)).await {
        Ok(Some(hello)) if hello.protocol == PROTOCOL => hello,
        _ => return close(&mut socket, BAD_HELLO, "say hello with protocol 1 first").await,
    };
    if !is_token(&hello.token, &site.token) {
        return close(&mut socket, WRONG_TOKEN, "this address is of an earlier start").await;
    }
    site.redirect.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
    let _asker = hello.asks.then(|| site.count_asking_page());
    let (mut limiter, mut refusals) = CommandLimiter::new();
    let feed = &site.feed;
    let mut changed = feed.subscribe();
    let mut place = feed.cursor(hello.epoch, hello.last_seq);
    let answer = ServerHello { protocol: PROTOCOL, epoch: place.epoch, seq: feed.newest_seq() };
    let Ok(answer) = serde_json::to_string(&answer) else { return };
    if !send(&mut socket, answer.into()).await {
        return;
    }
    loop {
        if send_updates(&mut socket, feed, &mut place).await.is_break() {
            return;
        }
        tokio::select! {
            change = changed.changed() => if change.is_err() { return },
            ended = alive.changed() => if ended.is_err() {
                return close(&mut socket, GOING_AWAY, "the server is bound again").await;
            },
            // The channel has an end of ours too: it never closes.
            Some(refusal) = refusals.recv() => if !send(&mut socket, refusal.message.into()).await {
                return;
            },
            received = socket.recv() => match received {
                Some(Ok(Message::Text(text))) => {
                    if let Some(refusal) = handle_message(&text, &mut limiter, site)
                        && !send(&mut socket, refusal.into()).await
                    {
                        return;
                    }
                }
                Some(Ok(Message::Close(_))) | None => return,
                Some(Ok(_)) => {}
                Some(Err(_)) => return close(&mut socket, TOO_LARGE, "that was no message of a page").await,
            },
        }
    }
}

/// Passes on what a client asks for. Gives the refusal if that cannot be.
fn handle_message(text: &str, limiter: &mut CommandLimiter, site: &Site) -> Option<String> {
    match ClientMessage::parse(text) {
        Ok(ClientMessage::Command(asked)) => match limiter.admit(asked) {
            Ok(request) => {
                (site.on_client_event)(ClientEvent::Command(request));
                None
            }
            Err(refusal) => Some(refusal),
        },
        // The client has said hello already.
        Ok(ClientMessage::Hello(_)) => None,
        Err(unfit) => Some(wire::encode_refusal(&unfit.name, unfit.why)),
    }
}

/// Sends all that is new.
async fn send_updates(socket: &mut WebSocket, feed: &Feed, place: &mut FeedCursor) -> ControlFlow<()> {
    let update = feed.next_update(place);
    for message in update.start_page.iter().chain(&update.events).chain(&update.snapshot).chain(&update.saving) {
        if !send(socket, Utf8Bytes::from(message.as_ref())).await {
            return ControlFlow::Break(());
        }
    }
    if update.closed {
        close(socket, CALL_OVER, "the call is over").await;
        return ControlFlow::Break(());
    }
    ControlFlow::Continue(())
}

async fn receive_hello(socket: &mut WebSocket) -> Option<ClientHello> {
    match socket.recv().await? {
        Ok(Message::Text(text)) => match ClientMessage::parse(&text).ok()? {
            ClientMessage::Hello(hello) => Some(hello),
            ClientMessage::Command(_) => None,
        },
        _ => None,
    }
}

/// Whether the client took the message.
async fn send(socket: &mut WebSocket, text: Utf8Bytes) -> bool {
    matches!(tokio::time::timeout(SEND_TIMEOUT, socket.send(Message::Text(text))).await, Ok(Ok(())))
}

async fn close(socket: &mut WebSocket, code: u16, reason: &'static str) {
    let frame = CloseFrame { code, reason: Utf8Bytes::from_static(reason) };
    // A client that is gone needs no farewell.
    let _ = tokio::time::timeout(SEND_TIMEOUT, socket.send(Message::Close(Some(frame)))).await;
}
