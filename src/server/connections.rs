//! Accepts connections, a bounded number of them, and sends each request to whoever answers it.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::{get, post};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use crate::server::{REBIND_DELAY, Site, generated_pages, socket, static_files};

/// A connection that sends no request for this long is closed.
const HEADER_TIMEOUT: Duration = Duration::from_secs(5);

/// How many connections may wait for an answer. A browser opens six; one more is closed as soon as it was accepted, so that
/// whoever opens them without end does not use up the files that the process may open.
const MAX_CONNECTIONS: usize = 128;

/// Accepts connections until it is dropped; its sockets end with it.
pub(super) async fn accept_connections(site: Arc<Site>, listener: TcpListener) {
    // Dropped with this future: sockets that were upgraded are not in `connections`.
    let (_alive, alive) = watch::channel(());
    let app = router(site, alive);
    let slots = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let mut connections = JoinSet::new();
    loop {
        while connections.try_join_next().is_some() {}
        // Small messages are sent at once: waiting to fill a packet cost the page 30 ms.
        let stream = match listener.accept().await.and_then(|(stream, _)| stream.set_nodelay(true).map(|()| stream)) {
            Ok(stream) => stream,
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection");
                tokio::time::sleep(REBIND_DELAY).await;
                continue;
            }
        };
        let Ok(slot) = Arc::clone(&slots).try_acquire_owned() else {
            tracing::debug!("too many connections; the newest is closed");
            continue;
        };
        let served = serve_connection(stream, app.clone());
        connections.spawn(async move {
            served.await;
            drop(slot);
        });
    }
}

/// Which request is answered by whom; a web socket ends when the sender of `alive` is dropped.
pub(super) fn router(site: Arc<Site>, alive: watch::Receiver<()>) -> Router {
    Router::new()
        .route("/ws", get(socket::upgrade))
        .route("/there", post(generated_pages::there).fallback(static_files::serve_file))
        .route("/history", post(generated_pages::history).fallback(static_files::serve_file))
        .route("/summary", post(generated_pages::summary).fallback(static_files::serve_file))
        .route("/mirror", post(generated_pages::mirror).fallback(static_files::serve_file))
        .route("/delete", post(generated_pages::delete).fallback(static_files::serve_file))
        .route("/rename", post(generated_pages::rename).fallback(static_files::serve_file))
        .route("/answer", post(generated_pages::answer).fallback(static_files::serve_file))
        .route("/note", post(generated_pages::note).fallback(static_files::serve_file))
        .route("/intend", post(generated_pages::intend).fallback(static_files::serve_file))
        .route("/assign", post(generated_pages::assign).fallback(static_files::serve_file))
        .fallback(get(static_files::serve_file))
        .layer(axum::middleware::from_fn_with_state(Arc::clone(&site), static_files::check_host_and_origin))
        .with_state(socket::RouterState { site, alive })
}

/// Answers the requests of one connection until it ends or becomes a web socket.
pub(super) async fn serve_connection(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, app: Router) {
    let served = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(app))
        .with_upgrades()
        .await;
    if let Err(error) = served {
        tracing::debug!(%error, "a connection ended early");
    }
}
