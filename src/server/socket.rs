//! One client's web socket: its hello, then what it missed, then everything as it comes.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior};
use tungstenite::Error;

use crate::server::feed::{Feed, FeedCursor};
use crate::server::requests::{ClientEvent, CommandLimiter, MessageMeter};
use crate::server::{Site, is_token};
use crate::wire::{self, ClientHello, ClientMessage, MAX_MESSAGE_BYTES, MAX_PLAN_BYTES, PROTOCOL, ServerHello};

/// A client says hello within this time.
const HELLO_TIMEOUT: Duration = Duration::from_secs(2);

/// A client that takes nothing for this long is gone.
const SEND_TIMEOUT: Duration = Duration::from_secs(5);

/// How often a client is asked whether it is there: browsers answer by themselves.
const PING_INTERVAL: Duration = Duration::from_secs(3);

/// After this many questions without an answer, or anything else, a client is gone. With the time that the last message to it
/// may have waited, it is closed 15 s after it fell silent at the latest.
const MAX_UNANSWERED_PINGS: u32 = 3;

/// Close codes of our own; the page has a sentence for each.
const BAD_HELLO: u16 = 4400;
const WRONG_TOKEN: u16 = 4401;
/// Close codes of RFC 6455, section 7.4.1.
const CALL_OVER: u16 = 1000;
const GOING_AWAY: u16 = 1001;
const PROTOCOL_ERROR: u16 = 1002;
const NOT_UTF8: u16 = 1007;
const POLICY_VIOLATION: u16 = 1008;
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

/// Makes a client of a request; there is room for a few.
pub(super) async fn upgrade(State(shared): State<RouterState>, upgrade: WebSocketUpgrade) -> Response {
    let Ok(slot) = Arc::clone(&shared.site.client_slots).try_acquire_owned() else {
        return (StatusCode::SERVICE_UNAVAILABLE, "Too many pages follow the call. Close one of them.\n")
            .into_response();
    };
    with_limit(upgrade, MAX_PLAN_BYTES).on_upgrade(move |socket| async move {
        let guest = shared.site.feed.register_client();
        serve_client(socket, &shared.site, shared.alive).await;
        drop((guest, slot));
    })
}

/// A longer message is not read to its end.
pub(super) fn with_limit(upgrade: WebSocketUpgrade, max_bytes: usize) -> WebSocketUpgrade {
    upgrade.max_message_size(max_bytes).max_frame_size(max_bytes)
}

async fn serve_client(mut socket: WebSocket, site: &Arc<Site>, mut alive: watch::Receiver<()>) {
    let hello = match tokio::time::timeout(HELLO_TIMEOUT, receive_hello(&mut socket)).await {
        Ok(Ok(hello)) if hello.protocol == PROTOCOL => hello,
        Ok(Err(Farewell { code, reason })) => return close(&mut socket, code, reason).await,
        _ => return close(&mut socket, BAD_HELLO, NO_HELLO).await,
    };
    if !is_token(&hello.token, &site.token) {
        return close(&mut socket, WRONG_TOKEN, "this address is of an earlier start").await;
    }
    site.redirect.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
    let _asker = hello.asks.then(|| site.count_asking_page());
    let (mut limiter, mut refusals) = CommandLimiter::new();
    let mut meter = MessageMeter::new();
    let feed = &site.feed;
    let mut changed = feed.subscribe();
    let mut place = feed.cursor(hello.epoch, hello.last_seq);
    let answer = ServerHello { protocol: PROTOCOL, epoch: place.epoch, seq: feed.newest_seq() };
    let Ok(answer) = serde_json::to_string(&answer) else { return };
    if !send(&mut socket, answer.into()).await {
        return;
    }
    let mut pings = tokio::time::interval_at(Instant::now() + PING_INTERVAL, PING_INTERVAL);
    // A process that stood still asks once, and not as often as it would have.
    pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut unanswered = 0;
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
            _ = pings.tick() => {
                if unanswered == MAX_UNANSWERED_PINGS || !send_message(&mut socket, Message::Ping(Default::default())).await {
                    return;
                }
                unanswered += 1;
            },
            received = socket.recv() => {
                unanswered = 0;
                let message = match received {
                    Some(Ok(Message::Pong(_))) => continue,
                    Some(Ok(Message::Close(_))) => return answer_farewell(&mut socket).await,
                    None => return,
                    Some(Ok(message)) => message,
                    Some(Err(error)) => return say_farewell(&mut socket, error).await,
                };
                if !meter.admit() {
                    return close(&mut socket, POLICY_VIOLATION, "too many messages in a second").await;
                }
                if let Message::Text(text) = message
                    && handle_message(&mut socket, &text, &mut limiter, site).await.is_break()
                {
                    return;
                }
            },
        }
    }
}

/// Passes on what a client asks for, or says why that cannot be.
async fn handle_message(
    socket: &mut WebSocket,
    text: &str,
    limiter: &mut CommandLimiter,
    site: &Site,
) -> ControlFlow<()> {
    let message = ClientMessage::parse(text);
    if text.len() > message.as_ref().map_or(MAX_MESSAGE_BYTES, ClientMessage::max_bytes) {
        close(socket, TOO_LARGE, TOO_LONG).await;
        return ControlFlow::Break(());
    }
    let refusal = match message {
        Ok(ClientMessage::Command(asked)) => match limiter.admit(asked) {
            Ok(request) => {
                (site.on_client_event)(ClientEvent::Command(request));
                return ControlFlow::Continue(());
            }
            Err(refusal) => refusal,
        },
        // The client has said hello already.
        Ok(ClientMessage::Hello(_)) => return ControlFlow::Continue(()),
        Err(unfit) => wire::encode_refusal(&unfit.name, unfit.why),
    };
    match send(socket, refusal.into()).await {
        true => ControlFlow::Continue(()),
        false => ControlFlow::Break(()),
    }
}

/// Sends all that is new, a bounded piece at a time.
async fn send_updates(socket: &mut WebSocket, feed: &Feed, place: &mut FeedCursor) -> ControlFlow<()> {
    loop {
        let update = feed.next_update(place);
        let all_at_once = update.snapshot.iter().chain(&update.saving).chain(&update.hush);
        for message in update.start_page.iter().chain(&update.settings).chain(&update.events).chain(all_at_once) {
            if !send(socket, Utf8Bytes::from(message.as_ref())).await {
                return ControlFlow::Break(());
            }
        }
        if update.closed {
            close(socket, CALL_OVER, "the call is over").await;
            return ControlFlow::Break(());
        }
        if !update.has_more {
            return ControlFlow::Continue(());
        }
    }
}

/// Why a connection is closed.
struct Farewell {
    code: u16,
    reason: &'static str,
}

const NO_HELLO: &str = "say hello with protocol 1 first";
const TOO_LONG: &str = "a message is too long";

async fn receive_hello(socket: &mut WebSocket) -> Result<ClientHello, Farewell> {
    let no_hello = Farewell { code: BAD_HELLO, reason: NO_HELLO };
    match socket.recv().await {
        Some(Ok(Message::Text(text))) if text.len() > MAX_MESSAGE_BYTES => {
            Err(Farewell { code: TOO_LARGE, reason: TOO_LONG })
        }
        Some(Ok(Message::Text(text))) => match ClientMessage::parse(&text) {
            Ok(ClientMessage::Hello(hello)) => Ok(hello),
            _ => Err(no_hello),
        },
        Some(Err(error)) => Err(Farewell::for_error(error).unwrap_or(no_hello)),
        _ => Err(no_hello),
    }
}

impl Farewell {
    /// What is said of what was received; nothing if the connection is gone.
    fn for_error(error: axum::Error) -> Option<Self> {
        let error = error.into_inner().downcast::<Error>().ok()?;
        match *error {
            Error::Capacity(_) => Some(Self { code: TOO_LARGE, reason: TOO_LONG }),
            Error::Utf8(_) => Some(Self { code: NOT_UTF8, reason: "a text is not UTF-8" }),
            Error::Protocol(_) => Some(Self { code: PROTOCOL_ERROR, reason: "that was no message of a page" }),
            _ => None,
        }
    }
}

/// Says what was wrong with what was received, if the connection is still there.
pub(super) async fn say_farewell(socket: &mut WebSocket, error: axum::Error) {
    if let Some(Farewell { code, reason }) = Farewell::for_error(error) {
        close(socket, code, reason).await;
    }
}

/// Lets the answer to a client's farewell out, which is sent with the next look at what it says.
pub(super) async fn answer_farewell(socket: &mut WebSocket) {
    // A client that is gone needs no answer.
    let _ = tokio::time::timeout(SEND_TIMEOUT, socket.recv()).await;
}

/// Whether the client took the message.
async fn send(socket: &mut WebSocket, text: Utf8Bytes) -> bool {
    send_message(socket, Message::Text(text)).await
}

async fn send_message(socket: &mut WebSocket, message: Message) -> bool {
    matches!(tokio::time::timeout(SEND_TIMEOUT, socket.send(message)).await, Ok(Ok(())))
}

async fn close(socket: &mut WebSocket, code: u16, reason: &'static str) {
    let frame = CloseFrame { code, reason: Utf8Bytes::from_static(reason) };
    // A client that is gone needs no farewell.
    send_message(socket, Message::Close(Some(frame))).await;
}
