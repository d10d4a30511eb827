//! The overlay's server: one port on 127.0.0.1, static pages and a web socket.
//!
//! It trusts no page: `Host` and `Origin` are compared exactly, each launch has a token, and the content-security
//! policy is strict. It runs on a thread and an async runtime of its own, and the call knows it only as a [`Feed`]. If
//! its task fails, it is bound again on the same port with the same token, and clients come back and miss nothing.

mod connections;
#[cfg(unix)]
mod control_socket;
mod event_log;
mod feed;
mod generated_pages;
mod packed_page;
mod page_opener;
mod redirect;
mod requests;
mod running_page;
mod socket;
mod static_files;

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener as StdListener};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use subtle::ConstantTimeEq as _;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::task::JoinSet;

use connections::accept_connections;
#[cfg(unix)]
pub use control_socket::{ControlError, ask_running, follow_running};
pub use feed::Feed;
use generated_pages::NoPages;
pub use generated_pages::{PageContext, PageError, PageRenderer, PageRequest, RecordName, RenderedPage};
pub use page_opener::{CALL, DEMO, LAST_SUMMARY, PageOpener};
use redirect::RedirectFile;
pub use requests::{BUSY, ClientEvent, ClientRequest, OnClientEvent, Responder};
use running_page::RunningFile;
pub use running_page::RunningPage;

/// How long clients may take to receive the end of the call.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(2);

/// How many clients may follow a call at a time: the overlay, its small window, and a few that were forgotten.
const MAX_CLIENTS: usize = 8;

/// How many pages are made at a time; others wait for them.
const MAX_CONCURRENT_PAGES: usize = 2;

/// The pause before a port is tried again.
const REBIND_DELAY: Duration = Duration::from_millis(200);

/// What is chosen for a server.
#[derive(Clone, Debug, Default)]
pub struct ServerSetup {
    /// The port; 0 takes a free one.
    pub port: u16,
    /// A folder to serve the pages from in place of the built-in ones, to work on them.
    pub web_dir: Option<PathBuf>,
}

/// Why the server could not start. Each message says what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServerError {
    /// The port is taken or not allowed; the user can choose another one.
    #[error("cannot listen on 127.0.0.1:{port}: {cause}. Choose another port with --port, or --port 0 for a free one")]
    Bind {
        /// The port.
        port: u16,
        /// The system's own error.
        cause: io::Error,
    },
    /// Another Keicho of the user's serves its page on the port.
    #[error(
        "another Keicho is running, and its page is {}. End it first, or choose another port with --port", .0.site()
    )]
    AlreadyRunning(RunningPage),
    /// The system gave no randomness for the token.
    #[error("the system gives no random bytes for the overlay's token: {0}. Try again")]
    Token(getrandom::Error),
    /// No runtime or thread could be had.
    #[error("cannot start the overlay's thread: {0}. Close other programs and try again")]
    Thread(io::Error),
}

/// What every connection of a server shares.
pub(crate) struct Site {
    /// The address, the same after the server was bound again.
    addr: SocketAddr,
    /// The secret of this launch. Never in a query string, a log or an argument list.
    token: String,
    web_dir: Option<PathBuf>,
    feed: Feed,
    /// The file that opened a browser. Contended for an instant by the first clients' hellos.
    redirect: Mutex<Option<RedirectFile>>,
    /// Takes what clients ask for.
    on_client_event: OnClientEvent,
    /// Makes the pages that forms ask for.
    page_renderer: Arc<dyn PageRenderer>,
    /// How many connected pages ask their user afterwards.
    asking_pages: AtomicUsize,
    /// Room for clients.
    client_slots: Arc<Semaphore>,
}

impl Site {
    /// A site with a token of its own.
    fn new(
        addr: SocketAddr,
        web_dir: Option<PathBuf>,
        feed: Feed,
        on_client_event: OnClientEvent,
        page_renderer: Arc<dyn PageRenderer>,
    ) -> Result<Self, ServerError> {
        Ok(Self {
            addr,
            token: token()?,
            web_dir,
            feed,
            redirect: Mutex::new(None),
            on_client_event,
            page_renderer,
            asking_pages: AtomicUsize::new(0),
            client_slots: Arc::new(Semaphore::new(MAX_CLIENTS)),
        })
    }

    /// Counts a page that asks its user afterwards, for as long as the guard lives.
    fn count_asking_page(self: &Arc<Self>) -> AskingPageGuard {
        self.asking_pages.fetch_add(1, Ordering::Relaxed);
        (self.on_client_event)(ClientEvent::AskingPagesChanged);
        AskingPageGuard { site: Arc::clone(self) }
    }
}

/// A connected page that asks its user afterwards.
struct AskingPageGuard {
    site: Arc<Site>,
}

impl Drop for AskingPageGuard {
    fn drop(&mut self) {
        self.site.asking_pages.fetch_sub(1, Ordering::Relaxed);
        (self.site.on_client_event)(ClientEvent::AskingPagesChanged);
    }
}

/// What the call's thread asks of the server's.
enum ControlMessage {
    /// Drop the task and its connections; the port stays free until `Resume`.
    Suspend(oneshot::Sender<()>),
    /// Bind the port again.
    Resume(oneshot::Sender<()>),
    /// Close the clients' connections once they have received everything, and end.
    Stop,
    /// A test has the thread fail.
    #[cfg(test)]
    Panic,
}

/// A port on 127.0.0.1 on which nobody is answered yet.
pub struct BoundPort {
    listener: StdListener,
    addr: SocketAddr,
}

impl BoundPort {
    /// Binds a port; 0 takes a free one.
    ///
    /// # Errors
    /// When it is taken, by another Keicho or by something else, or not allowed.
    pub fn bind(port: u16) -> Result<Self, ServerError> {
        let bind = |cause| ServerError::Bind { port, cause };
        let listener =
            StdListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(|cause| match RunningPage::find(port) {
                Some(page) if cause.kind() == io::ErrorKind::AddrInUse => ServerError::AlreadyRunning(page),
                _ => bind(cause),
            })?;
        listener.set_nonblocking(true).map_err(bind)?;
        let addr = listener.local_addr().map_err(bind)?;
        Ok(Self { listener, addr })
    }
}

/// A server that is running. Dropping it ends it.
pub struct Server {
    site: Arc<Site>,
    control: mpsc::Sender<ControlMessage>,
    thread: Option<JoinHandle<()>>,
    /// Leads a second start to the page.
    running_file: Option<RunningFile>,
    /// Where `keicho ctl` asks.
    #[cfg(unix)]
    control_file: Option<control_socket::ControlSocketFile>,
}

impl Server {
    /// Binds the port and serves the feed; whatever a client asks for is refused, and no other page is there.
    ///
    /// # Errors
    /// When the port is taken, or the system gives no thread or randomness.
    pub fn start(setup: &ServerSetup, feed: Feed) -> Result<Self, ServerError> {
        // A request that is dropped is refused.
        Self::start_with(setup, feed, Arc::new(drop), Arc::new(NoPages))
    }

    /// Binds the port, serves the feed and the pages, and passes on what clients ask for.
    ///
    /// # Errors
    /// When the port is taken, or the system gives no thread or randomness.
    pub fn start_with(
        setup: &ServerSetup,
        feed: Feed,
        on_client_event: OnClientEvent,
        pages: Arc<dyn PageRenderer>,
    ) -> Result<Self, ServerError> {
        Self::start_on(BoundPort::bind(setup.port)?, setup, feed, on_client_event, pages)
    }

    /// The same on a port that is bound already. No new socket is made for it.
    ///
    /// # Errors
    /// When the system gives no thread or randomness.
    pub fn start_on(
        port: BoundPort,
        setup: &ServerSetup,
        feed: Feed,
        on_client_event: OnClientEvent,
        pages: Arc<dyn PageRenderer>,
    ) -> Result<Self, ServerError> {
        let BoundPort { listener, addr } = port;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .thread_name("pages")
            .max_blocking_threads(MAX_CONCURRENT_PAGES)
            .build()
            .map_err(ServerError::Thread)?;
        let site = Arc::new(Site::new(addr, setup.web_dir.clone(), feed, on_client_event, pages)?);
        let (orders, mut inbox) = mpsc::channel(4);
        let shared = Arc::clone(&site);
        #[cfg(unix)]
        let (control_listener, control_file) = match control_socket::bind(addr.port()) {
            Ok((listener, file)) => (Some(listener), Some(file)),
            Err(error) => {
                tracing::debug!(%error, "`keicho ctl` will not reach this call");
                (None, None)
            }
        };
        let thread = std::thread::Builder::new()
            .name("server".to_owned())
            .spawn(move || {
                #[cfg(unix)]
                if let Some(listener) = control_listener {
                    // It ends with the runtime.
                    drop(runtime.spawn(control_socket::serve(Arc::clone(&shared), listener)));
                }
                // The socket outlives the tasks that serve on it: a process that has given up the network cannot make another.
                let mut socket = Some(listener);
                // What a panic leaves half done are the connections, which end with it; clients come back and miss nothing.
                while catch_unwind(AssertUnwindSafe(|| {
                    runtime.block_on(supervise(&shared, &mut socket, &mut inbox));
                }))
                .is_err()
                {
                    tracing::error!("the page's server failed and goes on");
                }
            })
            .map_err(ServerError::Thread)?;
        let mut server = Self {
            site,
            control: orders,
            thread: Some(thread),
            running_file: None,
            #[cfg(unix)]
            control_file,
        };
        match RunningFile::write(server.site.addr, &server.overlay_url()) {
            Ok(file) => server.running_file = Some(file),
            Err(error) => tracing::debug!(%error, "a second start will not find the page"),
        }
        Ok(server)
    }

    /// The overlay's address, token included.
    pub fn overlay_url(&self) -> String {
        format!("http://{}/#token={}", self.site.addr, self.site.token)
    }

    /// The address at which it listens, always on 127.0.0.1.
    pub fn addr(&self) -> SocketAddr {
        self.site.addr
    }

    /// How many connected pages ask their user afterwards how the call felt.
    pub fn asking_pages(&self) -> usize {
        self.site.asking_pages.load(Ordering::Relaxed)
    }

    /// How many pages are connected, whatever they show.
    pub fn connected_pages(&self) -> usize {
        self.site.feed.clients()
    }

    /// Opens the overlay in the user's browser, without its token on any command line.
    ///
    /// # Errors
    /// When the file that leads there cannot be written, or no browser starts.
    pub fn open_browser(&self, opener: &PageOpener) -> io::Result<()> {
        let file = RedirectFile::write(&self.overlay_url())?;
        opener.open(file.path())?;
        *self.site.redirect.lock().unwrap_or_else(PoisonError::into_inner) = Some(file);
        Ok(())
    }

    /// Drops the server's task and all its connections, as a failure would; returns once the port is free.
    pub fn suspend(&self) {
        self.send_and_wait(ControlMessage::Suspend);
    }

    /// Binds the port again; returns once it listens.
    pub fn resume(&self) {
        self.send_and_wait(ControlMessage::Resume);
    }

    fn send_and_wait(&self, order: impl FnOnce(oneshot::Sender<()>) -> ControlMessage) {
        let (done, answer) = oneshot::channel();
        if self.control.blocking_send(order(done)).is_ok() {
            // An error means that the server has ended, and there is nothing to wait for.
            let _ = answer.blocking_recv();
        }
    }

    /// Ends it once every client has received what there is.
    pub fn stop(mut self) {
        self.shut_down();
    }

    fn shut_down(&mut self) {
        self.running_file = None;
        #[cfg(unix)]
        {
            self.control_file = None;
        }
        self.site.feed.close();
        // Fails only if the thread has ended already.
        let _ = self.control.blocking_send(ControlMessage::Stop);
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the server's thread panicked");
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.thread.is_some() {
            self.shut_down();
        }
    }
}

/// 128 random bits in hexadecimal digits.
fn token() -> Result<String, ServerError> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(ServerError::Token)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Whether what somebody gives is the token. The time that the comparison takes does not reveal how much of it was
/// right.
fn is_token(given: &str, token: &str) -> bool {
    given.as_bytes().ct_eq(token.as_bytes()).into()
}

/// Keeps a serving task alive until the order to stop.
async fn supervise(site: &Arc<Site>, socket: &mut Option<StdListener>, orders: &mut mpsc::Receiver<ControlMessage>) {
    let mut tasks = JoinSet::new();
    tasks.spawn(accept_connections(Arc::clone(site), listen(site.addr, socket.as_ref()).await));
    loop {
        let resumed = tokio::select! {
            Some(ended) = tasks.join_next() => {
                tracing::warn!(?ended, "the server's task ended; binding it again");
                None
            }
            order = orders.recv() => match order {
                Some(ControlMessage::Suspend(done)) => {
                    tasks.shutdown().await;
                    *socket = None;
                    // Nobody waits any more if the asking thread has ended.
                    let _ = done.send(());
                    continue;
                }
                Some(ControlMessage::Resume(done)) => Some(done),
                Some(ControlMessage::Stop) | None => return wait_for_clients(&site.feed).await,
                #[cfg(test)]
                Some(ControlMessage::Panic) => panic!("a server that fails on purpose"),
            }
        };
        if tasks.is_empty() {
            tasks.spawn(accept_connections(Arc::clone(site), listen(site.addr, socket.as_ref()).await));
        }
        resumed.map(|done| done.send(()));
    }
}

async fn wait_for_clients(feed: &Feed) {
    if tokio::time::timeout(CLOSE_TIMEOUT, feed.wait_until_empty()).await.is_err() {
        tracing::debug!("a client did not receive the end of the call in time");
    }
}

/// Listens on the socket that is there, or else on a new one.
async fn listen(addr: SocketAddr, socket: Option<&StdListener>) -> TcpListener {
    loop {
        let listening = match socket {
            Some(socket) => socket.try_clone().and_then(TcpListener::from_std),
            None => TcpListener::bind(addr).await,
        };
        match listening {
            Ok(listener) => return listener,
            Err(error) => tracing::warn!(%error, %addr, "cannot listen on the port yet"),
        }
        tokio::time::sleep(REBIND_DELAY).await;
    }
}

#[cfg(test)]
mod tests;
