//! What a client may not do, by a clock that stands until all wait: connections in memory, no sockets.

use tokio::io::{AsyncReadExt as _, DuplexStream};
use tokio::time::Instant;
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use super::*;
use crate::server::connections::{router, serve_connection};

/// How much a connection holds that nobody has read, in bytes.
const PIPE: usize = 4 * 1024;

/// A site that is asked through memory.
struct Line {
    site: Arc<Site>,
    app: axum::Router,
    _alive: tokio::sync::watch::Sender<()>,
}

type InMemory = WebSocketStream<DuplexStream>;

impl Line {
    fn new(feed: &Feed) -> Self {
        let addr = (Ipv4Addr::LOCALHOST, 4649).into();
        let refuse: OnClientEvent = Arc::new(|event| {
            if let ClientEvent::Command(request) = event {
                request.responder.refuse(BUSY);
            }
        });
        let site = Arc::new(Site::new(addr, None, feed.clone(), refuse, Arc::new(NoPages)).unwrap());
        let (alive, watched) = tokio::sync::watch::channel(());
        Self { app: router(Arc::clone(&site), watched), site, _alive: alive }
    }

    fn connection(&self) -> DuplexStream {
        let (near, far) = tokio::io::duplex(PIPE);
        tokio::spawn(serve_connection(far, self.app.clone()));
        near
    }

    async fn connect(&self) -> Result<InMemory, Error> {
        let mut request = format!("ws://{}/ws", self.site.addr).into_client_request().unwrap();
        request.headers_mut().insert("Origin", format!("http://{}", self.site.addr).parse().unwrap());
        client_async(request, self.connection()).await.map(|(socket, _)| socket)
    }

    /// A client that has said hello, and was answered.
    async fn greeted(&self) -> InMemory {
        let mut socket = self.connect().await.unwrap();
        let hello = json!({ "type": "hello", "protocol": 1, "token": self.site.token });
        socket.send(Message::text(hello.to_string())).await.unwrap();
        assert!(matches!(socket.next().await, Some(Ok(Message::Text(_)))));
        socket
    }
}

/// How long something is waited for that would come at once: longer than any limit of the server.
const LONG_ENOUGH: Duration = Duration::from_secs(600);

/// The code of the close, whatever comes before it; none if the connection ends without.
async fn close_code(socket: &mut InMemory) -> Option<u16> {
    let closed = async {
        loop {
            match socket.next().await {
                Some(Ok(Message::Close(frame))) => return frame.map(|frame| CloseCode::into(frame.code)),
                Some(Ok(_)) => {}
                _ => return None,
            }
        }
    };
    tokio::time::timeout(LONG_ENOUGH, closed).await.expect("it was never closed")
}

#[tokio::test(start_paused = true)]
async fn who_says_no_hello_in_two_seconds_is_closed() {
    let line = Line::new(&feed());
    let mut silent = line.connect().await.unwrap();
    let began = Instant::now();
    assert_eq!(close_code(&mut silent).await, Some(4400));
    assert_eq!(began.elapsed().as_millis() / 100, 20);
    // It is not enough to say something.
    let mut pings = line.connect().await.unwrap();
    pings.send(Message::Ping("?".into())).await.unwrap();
    assert_eq!(close_code(&mut pings).await, Some(4400));
}

#[tokio::test(start_paused = true)]
async fn who_falls_silent_is_closed_within_15_seconds() {
    let feed = feed();
    let line = Line::new(&feed);
    let mut there = line.greeted().await;
    let silent = line.greeted().await;
    assert_eq!(line.site.client_slots.available_permits(), 6);
    let began = Instant::now();
    // All that comes is taken, and nothing is answered.
    let mut deaf = silent.into_inner();
    let end = tokio::time::timeout(LONG_ENOUGH, async { while deaf.read_u8().await.is_ok() {} });
    let (ended, none) = tokio::join!(
        async {
            // One that is never closed has stayed for as long as it is waited for.
            let _ = end.await;
            began.elapsed()
        },
        // The other answers as browsers do, by itself.
        tokio::time::timeout(LONG_ENOUGH, async {
            while !matches!(there.next().await, Some(Ok(Message::Text(_) | Message::Close(_))) | None) {}
        })
    );
    assert!(ended <= Duration::from_secs(15), "{ended:?}");
    assert!(none.is_err(), "who answers stays");
    there.send(Message::text(json!({ "type": "command", "command": "pause" }).to_string())).await.unwrap();
    while matches!(there.next().await.unwrap().unwrap(), Message::Ping(_)) {}
    assert_eq!(line.site.client_slots.available_permits(), 7);
}

#[tokio::test(start_paused = true)]
async fn who_takes_nothing_is_closed_within_15_seconds_and_holds_up_nobody() {
    let mut feed = feed();
    let line = Line::new(&feed);
    let mut stuck = Vec::new();
    for _ in 0..7 {
        stuck.push(line.greeted().await);
    }
    let mut good = line.greeted().await;
    let began = Instant::now();
    // More than the connection holds.
    happen(&mut feed, 1_000);
    let mut newest = 0;
    while newest < 1_000 {
        if let Message::Text(text) = good.next().await.unwrap().unwrap() {
            newest = serde_json::from_str::<Value>(&text).unwrap()["seq"].as_u64().unwrap();
        }
    }
    assert!(began.elapsed() < Duration::from_millis(10), "the clock does not move while there is something to do");
    drop(good);
    feed.wait_until_empty().await;
    assert!(began.elapsed() <= Duration::from_secs(15), "{:?}", began.elapsed());
}

#[tokio::test(start_paused = true)]
async fn the_ninth_client_is_refused_until_one_leaves() {
    let line = Line::new(&feed());
    let mut clients = Vec::new();
    for _ in 0..8 {
        clients.push(line.greeted().await);
    }
    let Err(Error::Http(refusal)) = line.connect().await else { panic!("it was let in") };
    assert_eq!(refusal.status(), 503);
    assert_eq!(refusal.headers()["x-content-type-options"], "nosniff");
    drop(clients.pop());
    // It is gone once the server has seen that.
    while line.site.client_slots.available_permits() == 0 {
        tokio::task::yield_now().await;
    }
    line.greeted().await;
}

#[tokio::test]
async fn a_connection_too_many_is_closed_at_once() {
    let server = server(&feed());
    let mut waiting = Vec::new();
    for _ in 0..128 {
        waiting.push(TcpStream::connect(server.addr()).await.unwrap());
    }
    let mut one_more = TcpStream::connect(server.addr()).await.unwrap();
    // Who was let in and asks for nothing is closed too, five seconds later.
    let closed = tokio::time::timeout(Duration::from_secs(4), one_more.read_u8()).await.expect("it was let in");
    assert!(matches!(closed.map_err(|error| error.kind()), Err(std::io::ErrorKind::UnexpectedEof)));
    drop(waiting);
    stop(server).await;
}

#[tokio::test(start_paused = true)]
async fn twenty_messages_a_second_pass_and_one_more_closes() {
    let line = Line::new(&feed());
    let mut socket = line.greeted().await;
    let pause = || Message::text(json!({ "type": "command", "command": "pause" }).to_string());
    for _ in 0..2 {
        for _ in 0..20 {
            socket.send(pause()).await.unwrap();
            assert!(matches!(socket.next().await, Some(Ok(Message::Text(_)))));
        }
        tokio::time::advance(Duration::from_secs(1)).await;
    }
    for kind in [pause(), Message::Ping("?".into()), Message::binary(vec![0])] {
        let mut flood = line.greeted().await;
        for _ in 0..21 {
            flood.send(kind.clone()).await.unwrap();
        }
        assert_eq!(close_code(&mut flood).await, Some(1008), "{kind:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_message_of_4_kib_passes_and_a_longer_one_closes_unless_it_is_a_plan() {
    let line = Line::new(&feed());
    let padded = |length: usize| {
        let command = json!({ "type": "command", "command": "pause" }).to_string();
        Message::text(command.clone() + &" ".repeat(length - command.len()))
    };
    let mut socket = line.greeted().await;
    socket.send(padded(4 * 1024)).await.unwrap();
    assert!(matches!(socket.next().await, Some(Ok(Message::Text(_)))));
    // Twenty items of two hundred letters.
    let plan = json!({ "type": "command", "command": "prepare", "agenda": vec!["議".repeat(200); 20] }).to_string();
    assert!(plan.len() > 11 * 1024);
    socket.send(Message::text(plan)).await.unwrap();
    let Some(Ok(Message::Text(refused))) = socket.next().await else { panic!("it was closed") };
    let refused: Value = serde_json::from_str(&refused).unwrap();
    assert_eq!(refused["why"]["en"], BUSY.en, "it was read");
    for length in [4 * 1024 + 1, 16 * 1024 + 1, 1 << 20] {
        let mut socket = line.greeted().await;
        // The rest of it is not read.
        let _ = socket.send(padded(length)).await;
        assert_eq!(close_code(&mut socket).await, Some(1009), "{length}");
    }
    let mut stranger = line.connect().await.unwrap();
    let hello = json!({ "type": "hello", "protocol": 1, "token": line.site.token }).to_string();
    stranger.send(Message::text(hello + &" ".repeat(4 * 1024))).await.unwrap();
    assert_eq!(close_code(&mut stranger).await, Some(1009), "a hello");
}
