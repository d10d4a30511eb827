//! The control socket: a page's commands for whatever else the user lets give them, such as the keys of a window manager
//! through `keicho ctl`.
//!
//! It is a Unix socket that only its owner can open, in the folder that the system keeps for the user's session (or else in the
//! data folder), and it is named after the page's port. A line asks and a line answers: see [`crate::wire::ControlRequest`].

use std::collections::VecDeque;
use std::fs;
use std::io::{self, BufRead as _, BufReader, ErrorKind, Write as _};
use std::os::unix::net::{UnixListener as StdListener, UnixStream as StdStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader as AsyncBufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use crate::i18n::Bilingual;
use crate::private_fs;
use crate::server::requests::CommandLimiter;
use crate::server::{ClientEvent, REBIND_DELAY, Site};
use crate::store::DataDir;
use crate::wire::{self, CallStatus, ControlReply, ControlRequest, MAX_MESSAGE_BYTES};

/// How many programs are answered at a time. One more takes the place of the one that has asked for nothing the longest.
const MAX_CONNECTIONS: usize = 8;

/// A program that asks for nothing for this long is sent away.
const IDLE_TIMEOUT: Duration = Duration::from_secs(60);

/// How soon another idle program is sent away if the first one stays.
const EVICTION_RETRY: Duration = Duration::from_millis(100);

/// How long [`ask_running`] waits for its answer. A command is carried out within a block of sound, 10 ms.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);

/// Nobody is there whose words could be hidden.
const NO_PAGE: Bilingual = Bilingual { ja: "開いているページがありません。", en: "No page is open." };

/// Why a Keicho that runs could not be asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ControlError {
    /// None runs, or none of this user's.
    #[error("no Keicho runs whose page is on port {port}. Start one, or name its port with --port")]
    NotRunning {
        /// The port.
        port: u16,
    },
    /// It did not answer.
    #[error("the Keicho that runs does not answer: {0}. Look at its page or its terminal")]
    NoAnswer(io::Error),
    /// It answered something that this version does not know.
    #[error("the Keicho that runs is of another version; end it and start it again")]
    OtherVersion,
}

/// Asks the Keicho whose page is on the port, with a line of [`crate::wire`].
///
/// # Errors
/// When none runs there, or it gives no answer within ten seconds.
pub fn ask_running(port: u16, line: &str) -> Result<ControlReply, ControlError> {
    let stream = connect(port)?;
    let ask = || {
        stream.set_read_timeout(Some(ANSWER_TIMEOUT))?;
        stream.set_write_timeout(Some(ANSWER_TIMEOUT))?;
        (&stream).write_all(format!("{line}\n").as_bytes())?;
        let mut answer = String::new();
        BufReader::new(&stream).read_line(&mut answer)?;
        if answer.is_empty() { Err(io::Error::new(ErrorKind::UnexpectedEof, "it has ended")) } else { Ok(answer) }
    };
    let answer = ask().map_err(ControlError::NoAnswer)?;
    ControlReply::parse(&answer).ok_or(ControlError::OtherVersion)
}

/// Follows how the call on the port is: `on_status` is called now and whenever anything but its length and the share has
/// changed, until the Keicho there ends.
///
/// # Errors
/// When none runs there, or it is of another version.
pub fn follow_running(port: u16, on_status: &mut dyn FnMut(CallStatus)) -> Result<(), ControlError> {
    let stream = connect(port)?;
    // One that ends meanwhile has been followed to its end.
    if (&stream).write_all(format!("{}\n", wire::encode_follow_request()).as_bytes()).is_err() {
        return Ok(());
    }
    for line in BufReader::new(&stream).lines().map_while(Result::ok) {
        match ControlReply::parse(&line) {
            Some(ControlReply::Status(status)) => on_status(status),
            _ => return Err(ControlError::OtherVersion),
        }
    }
    Ok(())
}

fn connect(port: u16) -> Result<StdStream, ControlError> {
    let not_running = |_| ControlError::NotRunning { port };
    StdStream::connect(socket_path(port).map_err(not_running)?).map_err(not_running)
}

/// The file of a socket that is served. Removed when dropped.
pub(super) struct ControlSocketFile(PathBuf);

impl Drop for ControlSocketFile {
    fn drop(&mut self) {
        // Nobody listens on one that stays, and the next Keicho on the port replaces it.
        let _ = fs::remove_file(&self.0);
    }
}

/// Makes the socket that belongs to a page's port, which this process holds.
///
/// # Errors
/// When there is no place for it, or its path is longer than the system allows.
pub(super) fn bind(port: u16) -> io::Result<(StdListener, ControlSocketFile)> {
    let path = socket_path(port)?;
    // Whoever left one there has ended, as the port is ours.
    if let Err(error) = fs::remove_file(&path)
        && error.kind() != ErrorKind::NotFound
    {
        return Err(error);
    }
    let listener = StdListener::bind(&path)?;
    // The folder is its owner's alone already: nobody else could have come in between.
    let file = ControlSocketFile(path);
    private_fs::restrict_file(&file.0)?;
    listener.set_nonblocking(true)?;
    Ok((listener, file))
}

fn socket_path(port: u16) -> io::Result<PathBuf> {
    let runtime = directories::BaseDirs::new().and_then(|dirs| dirs.runtime_dir().map(ToOwned::to_owned));
    let folder = match runtime {
        Some(folder) => folder,
        None => DataDir::locate().map_err(io::Error::other)?.path().to_owned(),
    };
    Ok(folder.join(format!("keicho-{port}.sock")))
}

/// Answers on the socket until it is dropped; what fails badly is begun anew.
pub(super) async fn serve(site: Arc<Site>, socket: StdListener) {
    loop {
        let listener = match socket.try_clone().and_then(UnixListener::from_std) {
            Ok(listener) => listener,
            Err(error) => return tracing::warn!(%error, "keicho ctl will not be answered"),
        };
        let mut task = JoinSet::new();
        task.spawn(accept(Arc::clone(&site), listener));
        let ended = task.join_next().await;
        tracing::error!(?ended, "what answers keicho ctl failed and is begun anew");
    }
}

async fn accept(site: Arc<Site>, listener: UnixListener) {
    let mut connections = JoinSet::new();
    let idle = Arc::new(IdleConnections::default());
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                while connections.try_join_next().is_some() {}
                // Where none is idle, it waits until another is through.
                while connections.len() >= MAX_CONNECTIONS {
                    idle.send_longest_away();
                    // If that one has just asked for something, another is sent away a moment later.
                    let _ = tokio::time::timeout(EVICTION_RETRY, connections.join_next()).await;
                }
                let (site, idle) = (Arc::clone(&site), Arc::clone(&idle));
                connections.spawn(async move {
                    if let Err(error) = serve_connection(stream, &site, &idle).await {
                        tracing::debug!(%error, "a program went without its answer");
                    }
                });
            }
            Err(error) => {
                tracing::warn!(%error, "cannot accept a program that asks");
                tokio::time::sleep(REBIND_DELAY).await;
            }
        }
    }
}

/// The connections whose programs ask for nothing just now, the one that has done so the longest first.
#[derive(Default)]
struct IdleConnections {
    waiting: Mutex<VecDeque<(u64, oneshot::Sender<()>)>>,
    numbers: AtomicU64,
}

impl IdleConnections {
    /// Waits for what a connection asks next; `None` if it has to make room for another one.
    async fn wait_for<T>(&self, asked: impl Future<Output = T>) -> Option<T> {
        let (send_away, sent_away) = oneshot::channel();
        let number = self.numbers.fetch_add(1, Relaxed);
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push_back((number, send_away));
        let asked = tokio::select! {
            biased;
            asked = asked => Some(asked),
            _ = sent_away => None,
        };
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).retain(|(waiting, _)| *waiting != number);
        asked
    }

    fn send_longest_away(&self) {
        if let Some((_, send_away)) = self.waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_front() {
            // It has just asked for something if it does not wait any more.
            let _ = send_away.send(());
        }
    }
}

async fn serve_connection(stream: UnixStream, site: &Site, idle: &IdleConnections) -> io::Result<()> {
    let mut stream = AsyncBufReader::new(stream);
    loop {
        let mut line = Vec::new();
        let mut limited = (&mut stream).take(MAX_MESSAGE_BYTES as u64);
        let asked = tokio::time::timeout(IDLE_TIMEOUT, limited.read_until(b'\n', &mut line));
        match idle.wait_for(asked).await {
            Some(read) => read??,
            None => return Ok(()),
        };
        if line.is_empty() {
            return Ok(());
        }
        let line = String::from_utf8_lossy(&line);
        if ControlRequest::parse(&line) == Ok(ControlRequest::Follow) {
            return follow(stream, site).await;
        }
        let answer = answer(&line, site).await;
        tokio::time::timeout(ANSWER_TIMEOUT, stream.write_all(format!("{answer}\n").as_bytes())).await??;
    }
}

/// Says how the call is whenever that changes, until the program hangs up or the server ends.
async fn follow(mut stream: AsyncBufReader<UnixStream>, site: &Site) -> io::Result<()> {
    let mut changes = site.feed.subscribe();
    let mut told: Option<CallStatus> = None;
    loop {
        changes.mark_unchanged();
        let status = site.feed.status();
        // What was shown is gone for a moment while something is erased; a call that has begun is never before its beginning.
        let is_erasing = status.state == "before" && told.as_ref().is_some_and(|told| told.state != "before");
        if !is_erasing && told.as_ref().is_none_or(|told| status.differs_in_state(told)) {
            let line = format!("{}\n", ControlReply::Status(status.clone()).encode());
            tokio::time::timeout(ANSWER_TIMEOUT, stream.write_all(line.as_bytes())).await??;
            told = Some(status);
        }
        let mut nothing = [0];
        tokio::select! {
            changed = changes.changed() => if changed.is_err() { return Ok(()) },
            // It has nothing more to ask on this connection: it hangs up, or it is no program of ours.
            _ = stream.read(&mut nothing) => return Ok(()),
        }
    }
}

/// Does what a line asks for, and says what came of it.
async fn answer(line: &str, site: &Site) -> String {
    match ControlRequest::parse(line) {
        Ok(ControlRequest::Status | ControlRequest::Follow) => ControlReply::Status(site.feed.status()).encode(),
        Ok(ControlRequest::Hush) if site.feed.hush() => ControlReply::Done {}.encode(),
        Ok(ControlRequest::Hush) => wire::encode_refusal("hush", NO_PAGE),
        Ok(ControlRequest::Command(asked)) => {
            let (limiter, mut refusals) = CommandLimiter::new();
            let request = match limiter.admit(asked) {
                Ok(request) => request,
                Err(refusal) => return refusal,
            };
            // The way back of this one request is all that is left: once it is gone without a refusal, it is done.
            drop(limiter);
            (site.on_client_event)(ClientEvent::Command(request));
            refusals.recv().await.map_or_else(|| ControlReply::Done {}.encode(), |refusal| refusal.message)
        }
        Err(invalid) => wire::encode_refusal(&invalid.name, invalid.why),
    }
}
