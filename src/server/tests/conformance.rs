//! Whether the web socket keeps to its protocol: an echo on the same upgrade, limit and farewell as the page's socket.
//!
//! With `KEICHO_TEST_KOSOKU` set to the program of the PyPI package kosoku, as `make soak` does, the cases of Autobahn's test
//! suite are run against it. Those on compression (12 and 13) are left out: the page's socket offers none.

use std::process::Command;

use axum::extract::ws::{Message as ServerMessage, WebSocket, WebSocketUpgrade};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::*;
use crate::server::connections::serve_connection;
use crate::server::socket::{answer_farewell, say_farewell, with_limit};

/// The largest of the suite's messages have 16 MiB.
const MAX_BYTES: usize = 64 << 20;

async fn echo(mut socket: WebSocket) {
    loop {
        match socket.recv().await {
            Some(Ok(message @ (ServerMessage::Text(_) | ServerMessage::Binary(_)))) => {
                if socket.send(message).await.is_err() {
                    return;
                }
            }
            Some(Ok(ServerMessage::Close(_))) => return answer_farewell(&mut socket).await,
            Some(Ok(_)) => {}
            Some(Err(error)) => return say_farewell(&mut socket, error).await,
            None => return,
        }
    }
}

/// Starts the echo on a free port of 127.0.0.1; it ends with the test.
async fn start_echo() -> SocketAddr {
    let upgrade = |upgrade: WebSocketUpgrade| async { with_limit(upgrade, MAX_BYTES).on_upgrade(echo) };
    let app = axum::Router::new().route("/", axum::routing::get(upgrade));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let addr = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve_connection(stream, app.clone()));
        }
    });
    addr
}

/// What the echo answers to bytes that follow the handshake, up to the end of the connection.
async fn answer(addr: SocketAddr, frames: &[u8]) -> Vec<u8> {
    let request = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
                   Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
    let mut stream = TcpStream::connect(addr).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    stream.write_all(frames).await.unwrap();
    let mut all = Vec::new();
    stream.read_to_end(&mut all).await.unwrap();
    let head = all.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
    all.split_off(head)
}

/// A close frame of the server.
fn close(code: u16) -> [u8; 2] {
    code.to_be_bytes()
}

#[tokio::test]
async fn what_is_no_protocol_is_closed_with_its_code() {
    let addr = start_echo().await;
    // Masked by zeros, as which a client's bytes stand as they are.
    for (frames, code) in [
        (&[0x83, 0x80, 0, 0, 0, 0][..], 1002),         // an opcode that is reserved
        (&[0xc1, 0x80, 0, 0, 0, 0], 1002),             // a bit that is reserved
        (&[0x81, 0x00], 1002),                         // no mask
        (&[0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28], 1007), // not UTF-8
        (&[0x82, 0xff, 0, 0, 0, 0, 0x10, 0, 0, 0, 0, 0, 0, 0], 1009), // 256 MiB
        (&[0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe8], 1000), // a farewell
    ] {
        let answer = answer(addr, frames).await;
        assert_eq!((answer[0], &answer[2..4]), (0x88, &close(code)[..]), "{frames:x?}: {answer:x?}");
    }
    let echoed = answer(addr, &[0x81, 0x82, 0, 0, 0, 0, b'h', b'i', 0x88, 0x80, 0, 0, 0, 0]).await;
    assert_eq!(echoed[..4], [0x81, 2, b'h', b'i']);
}

#[tokio::test]
async fn no_case_of_the_suite_fails() {
    let Some(kosoku) = std::env::var_os("KEICHO_TEST_KOSOKU") else { return };
    let addr = start_echo().await;
    let out = tempfile::tempdir().unwrap();
    let report = out.path().to_owned();
    let run = move || {
        let mut suite = Command::new(kosoku);
        suite.args(["-x", "12.*", "-x", "13.*", "-o"]).arg(report).arg(addr.to_string());
        suite.output().unwrap()
    };
    let output = tokio::task::spawn_blocking(run).await.unwrap();
    let index = std::fs::read_to_string(out.path().join("index.json"));
    let index: Value = serde_json::from_str(&index.unwrap_or_else(|_| panic!("{output:?}"))).unwrap();
    let (_, cases) = index.as_object().unwrap().iter().next().unwrap();
    let cases = cases.as_object().unwrap();
    let failed: Vec<_> = cases
        .iter()
        .filter(|(_, case)| case["behavior"] == "FAILED" || case["behaviorClose"] == "FAILED")
        .map(|(name, _)| name)
        .collect();
    assert!(cases.len() > 200 && failed.is_empty(), "of {} cases failed {failed:?}", cases.len());
}
