//! What the command line prints. A terminal or pipe may go away or stop taking lines at any time, and neither may end
//! or hold up a call: `println!` panics in the first case and waits in the second, so nothing else in the program
//! prints.
//!
//! Lines are written by a thread of its own, which a stalled terminal may hold for as long as it likes. What a command
//! is for, such as a summary on stdout, is written at once by [`print()`], which says if that failed.

use std::fmt::Display;
use std::io::{self, ErrorKind, Write};
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::time::Duration;

use anyhow::Context;
use tracing_subscriber::fmt::MakeWriter;

/// How many lines may wait for the terminal; what comes then is not shown.
const MAX_WAITING: usize = 256;

/// How long the end of the program waits for a terminal that takes nothing.
const FLUSH_TIMEOUT: Duration = Duration::from_secs(2);

/// Shows a line on stdout, if anybody is there to read it.
pub(super) fn announce(line: impl Display) {
    send(ConsoleMessage::Stdout(format!("{line}\n").into_bytes()));
}

/// Shows a line on stderr, if anybody is there to read it.
pub(super) fn report(line: impl Display) {
    send(ConsoleMessage::Stderr(format!("{line}\n").into_bytes()));
}

/// Prints on stdout what a command is for. A reader who has left, as `head` does, wants no more of it.
///
/// # Errors
/// When it could not be printed whole, for example into a file on a full disk.
pub(super) fn print(text: &str) -> anyhow::Result<()> {
    flush();
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(cause) if cause.kind() == ErrorKind::BrokenPipe => Ok(()),
        printed => printed.context("the output could not be printed whole"),
    }
}

/// Waits until what was shown so far is written, unless nobody takes it.
pub(super) fn flush() {
    let (done, is_done) = sync_channel(1);
    if QUEUE.get().is_some() && send(ConsoleMessage::Flush(done)) {
        // Either way the program goes on: what a terminal does not take by then is not waited for.
        let _ = is_done.recv_timeout(FLUSH_TIMEOUT);
    }
}

/// The log's way to stderr.
pub(super) struct LogWriter;

impl<'a> MakeWriter<'a> for LogWriter {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        Self
    }
}

impl Write for LogWriter {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        send(ConsoleMessage::Stderr(line.to_vec()));
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What the thread that writes is sent.
enum ConsoleMessage {
    Stdout(Vec<u8>),
    Stderr(Vec<u8>),
    /// Everything before this is to be written.
    Flush(SyncSender<()>),
}

/// The way to the thread that writes; `None` if the system gives no thread.
static QUEUE: OnceLock<Option<SyncSender<ConsoleMessage>>> = OnceLock::new();

/// Hands a message over; gives whether there was room for it.
fn send(message: ConsoleMessage) -> bool {
    match QUEUE.get_or_init(start_thread) {
        Some(queue) => match queue.try_send(message) {
            Ok(()) => true,
            // Nobody takes anything, or the thread is gone: there is nobody left who could be told.
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => false,
        },
        None => {
            write(message);
            true
        }
    }
}

fn start_thread() -> Option<SyncSender<ConsoleMessage>> {
    let (sender, messages): (_, Receiver<ConsoleMessage>) = sync_channel(MAX_WAITING);
    let thread = std::thread::Builder::new().name("console".to_owned());
    thread.spawn(move || messages.into_iter().for_each(write)).ok().map(|_| sender)
}

/// Writes one message. Where a line could not be written, there is nowhere to say so.
fn write(message: ConsoleMessage) {
    let _ = match message {
        ConsoleMessage::Stdout(text) => write_whole(&mut io::stdout(), &text),
        ConsoleMessage::Stderr(text) => write_whole(&mut io::stderr(), &text),
        ConsoleMessage::Flush(done) => {
            let _ = done.try_send(());
            Ok(())
        }
    };
}

fn write_whole(stream: &mut impl Write, text: &[u8]) -> io::Result<()> {
    stream.write_all(text)?;
    stream.flush()
}
