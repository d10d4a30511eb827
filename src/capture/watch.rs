//! The thread that owns the streams: it opens them, and keeps looking whether they still run where they should.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::backend::{Backend, Opened, Place, Stream};
use super::choice::{DeviceChoice, Setup};
use super::error::CaptureError;
use super::ring::Tap;
use crate::audio::{PerTrack, Track};

/// Between two looks at the devices. A device that comes back is noticed this much later; a look costs the sound
/// server three small answers.
const LOOK: Duration = Duration::from_millis(250);

/// What has changed about a track's device.
pub enum News {
    /// Its stream ended, or is no longer where it should be.
    Gone {
        /// The track it fed.
        track: Track,
        /// The device's name.
        device: String,
    },
    /// A stream runs again.
    Back {
        /// The track it feeds.
        track: Track,
        /// The device's name.
        device: String,
        /// Where it can be heard.
        tap: Tap,
    },
}

/// Both tracks being captured, until dropped.
pub struct Captured {
    /// The name of each track's device.
    pub device: PerTrack<String>,
    /// Where each track can be heard.
    pub tap: PerTrack<Tap>,
    /// What changes from now on.
    pub news: Receiver<News>,
    /// Ends the capture when dropped.
    pub hold: Hold,
}

/// Keeps the streams open; they are closed when this is dropped.
pub struct Hold {
    leave: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Hold {
    fn drop(&mut self) {
        drop(self.leave.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the thread that held the audio devices panicked");
        }
    }
}

/// Opens a stream for each track and keeps both running.
///
/// # Errors
/// When a device that was asked for is not there or cannot be opened now. Later it is awaited instead.
pub fn open(setup: Setup) -> Result<Captured, CaptureError> {
    let (started, start) = channel();
    let (tell, news) = channel();
    let (leave, left) = channel();
    let thread = thread::Builder::new()
        .name("devices".to_owned())
        .spawn(move || {
            let opened = setup.through.reach().and_then(|backend| Watch::open(backend, setup.device));
            let mut watch = match opened {
                Ok((watch, streams)) => {
                    if started.send(Ok(streams)).is_err() {
                        return;
                    }
                    watch
                }
                Err(why) => {
                    // Nobody listens only where the caller is gone, and then nobody is left to tell.
                    let _ = started.send(Err(why));
                    return;
                }
            };
            while left.recv_timeout(LOOK) == Err(RecvTimeoutError::Timeout) {
                for news in watch.look() {
                    if tell.send(news).is_err() {
                        return;
                    }
                }
            }
        })
        .map_err(|cause| CaptureError::Stopped { cause: cause.to_string() })?;
    let hold = Hold { leave: Some(leave), thread: Some(thread) };
    let started =
        start.recv().map_err(|_| CaptureError::Stopped { cause: "the devices' thread ended".to_owned() })??;
    let PerTrack { me, them } = started;
    Ok(Captured { device: PerTrack { me: me.0, them: them.0 }, tap: PerTrack { me: me.1, them: them.1 }, news, hold })
}

/// A track's stream, or the lack of one.
enum Post {
    Open { place: Place, stream: Box<dyn Stream> },
    Awaited { name: String, why: Option<CaptureError> },
}

/// What the thread knows. [`Watch::look`] is one round of it.
struct Watch {
    backend: Box<dyn Backend>,
    choice: PerTrack<DeviceChoice>,
    post: PerTrack<Post>,
}

impl Watch {
    fn open(
        mut backend: Box<dyn Backend>,
        choice: PerTrack<DeviceChoice>,
    ) -> Result<(Self, PerTrack<(String, Tap)>), CaptureError> {
        let mut start = |track: Track| -> Result<(Post, (String, Tap)), CaptureError> {
            let place = backend.find(track, &choice[track], None)?;
            let Opened { stream, tap } = backend.open(track, &place)?;
            let name = place.name.clone();
            Ok((Post::Open { place, stream }, (name, tap)))
        };
        let (me, my_tap) = start(Track::Me)?;
        let (them, their_tap) = start(Track::Them)?;
        let post = PerTrack { me, them };
        Ok((Self { backend, choice, post }, PerTrack { me: my_tap, them: their_tap }))
    }

    fn look(&mut self) -> Vec<News> {
        let mut news = Vec::new();
        for track in Track::BOTH {
            if let Some(name) = self.ended(track) {
                self.post[track] = Post::Awaited { name: name.clone(), why: None };
                news.push(News::Gone { track, device: name });
            }
            news.extend(self.resume(track));
        }
        news
    }

    /// The name of the track's device where its stream is no longer what it should be.
    fn ended(&mut self, track: Track) -> Option<String> {
        let Post::Open { place, stream } = &self.post[track] else { return None };
        let right = stream.runs()
            && (!self.backend.can_follow()
                || match self.backend.find(track, &self.choice[track], Some(place)) {
                    Ok(found) => found == *place,
                    // A server that does not answer says nothing about a stream that runs.
                    Err(CaptureError::ServerSilent { .. } | CaptureError::NoServer { .. }) => true,
                    Err(_) => false,
                });
        (!right).then(|| place.name.clone())
    }

    /// Opens an awaited stream where that is possible now.
    fn resume(&mut self, track: Track) -> Option<News> {
        let Post::Awaited { name, why } = &mut self.post[track] else { return None };
        let found = self.backend.find(track, &self.choice[track], None);
        match found.and_then(|place| self.backend.open(track, &place).map(|opened| (place, opened))) {
            Ok((place, Opened { stream, tap })) => {
                let device = place.name.clone();
                self.post[track] = Post::Open { place, stream };
                Some(News::Back { track, device, tap })
            }
            Err(reason) => {
                // Said once, not at every look.
                if why.as_ref() != Some(&reason) {
                    tracing::warn!("still waiting for \"{name}\": {reason}");
                    *why = Some(reason);
                }
                None
            }
        }
    }
}

#[cfg(test)]
mod tests;
