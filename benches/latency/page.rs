//! A client of the overlay's web socket, as the page is one.

use std::sync::mpsc::channel;
use std::thread::JoinHandle;

use futures_util::{SinkExt as _, StreamExt as _};
use keicho::server::Server;
use keicho::time::SampleTime;
use serde_json::{Value, json};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;

use crate::call::{Seen, now};

/// A page that is open.
pub struct Page(JoinHandle<Vec<Seen>>);

impl Page {
    /// Opens it; returns once the server has answered its hello.
    pub fn open(server: &Server) -> Self {
        let (origin, token) = (format!("http://{}", server.addr()), server.overlay_url());
        let mut request = format!("ws://{}/ws", server.addr()).into_client_request().unwrap();
        request.headers_mut().insert("Origin", origin.parse().unwrap());
        let (_, token) = token.split_once("#token=").unwrap();
        let hello = json!({ "type": "hello", "protocol": 1, "token": token, "last_seq": 0 }).to_string();
        let (greet, greeted) = channel();
        let page = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let (mut socket, _) = connect_async(request).await.unwrap();
                socket.send(Message::text(hello)).await.unwrap();
                let mut seen = Vec::new();
                while let Some(Ok(message)) = socket.next().await {
                    let at = now();
                    // The server's pings are answered by the library.
                    let Message::Text(text) = message else { continue };
                    let message: Value = serde_json::from_str(&text).unwrap();
                    match message["type"].as_str() {
                        Some("hello") => greet.send(()).unwrap(),
                        Some("snapshot") => seen.push(Seen {
                            at,
                            now: SampleTime::from_ms(message["now_ms"].as_u64().unwrap()),
                            speaking: message["speaking"]["me"] == true,
                            floor: message["floor"] == "me",
                        }),
                        _ => {}
                    }
                }
                seen
            })
        });
        greeted.recv().unwrap();
        Self(page)
    }

    /// All that it was shown, once the call is over.
    pub fn seen(self) -> Vec<Seen> {
        self.0.join().unwrap()
    }
}
