//! The overlay in headless Chromium, through recorded calls: the bar moves, nudges appear, the page comes back when the
//! server fails in mid-call; and each state that a call can come to is looked at while the call stands still.
//!
//! `tests/page/overlay.mjs` and `states.mjs` drive the browser and say what they see, a line each; this side runs the calls
//! and the server. Needs node, `npm ci` in `tests/page`, and Chromium: `make test` sees to them.

use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};

use keicho::agenda::Agenda;
use keicho::asr::{
    AsrError, CallLanguage, FromTranscript, NoText, RawTranscription, Recognizer, RecognizerFactory,
    ThreadedTranscriber, Transcriber, TranscriberStatus, Utterance,
};
use keicho::audio::{Block, SILENCE, Track};
use keicho::health::Trouble;
use keicho::language::Language;
use keicho::nudges::{Mode, NudgeKind, Policy, StopReason};
use keicho::records::Origin;
use keicho::server::{Feed, Server, ServerSetup};
use keicho::session::{Event, Pacer, RealTime, Session, SessionSetup, Sink, Snapshot, Unpaced, drive};
use keicho::source::file::FileSource;
use keicho::source::transcript::{TrackCue, TranscriptSource};
use keicho::source::{Source, SourceError};
use keicho::time::{SampleTime, Samples, Span};
use keicho::turns::Floor;
use keicho::wire::CallSettings;

use crate::support::browser;
use crate::support::doubles::random::Random;
use crate::support::sample;

/// Twice the pace of life: the browser has time to see what happens, and the test does not last as long as the call.
struct Twice(RealTime);

impl Pacer for Twice {
    fn wait_until(&mut self, at: SampleTime) {
        self.0.wait_until(SampleTime::new(at.count() / 2));
    }
}

#[test]
fn a_call_is_seen_to_its_end_though_the_server_fails_in_the_middle() {
    let _turn = browser::turn();
    let feed = Feed::new(CallSettings { origin: Origin::Demo, mode: Mode::Listening, target: 0.3, demo_timing: true });
    let server = Server::start(&ServerSetup::default(), feed.clone()).unwrap();
    let mut child = script("overlay.mjs", &[server.overlay_url().as_str(), &pictures("overlay")]);

    let stop = Arc::new(AtomicBool::new(false));
    let (stopped, mut seen) = (Arc::clone(&stop), feed);
    let call = std::thread::spawn(move || {
        let mut sample = sample::source();
        let setup = SessionSetup { policy: Policy::demo(), ..SessionSetup::default() };
        let mut session = Session::new(&setup, Box::new(NoText::default()));
        drive(&mut sample, &mut session, &mut Twice(RealTime::start()), &*stopped, &mut seen).unwrap();
    });

    let mut said = Vec::new();
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        match line.as_str() {
            "please stop" => server.suspend(),
            "please start" => server.resume(),
            _ => {}
        }
        said.push(line);
    }
    let status = child.wait().unwrap();
    // A fault of the page ends the call early; the verdict comes below.
    stop.store(!status.success(), Ordering::Relaxed);
    call.join().unwrap();
    server.stop();
    assert!(status.success(), "the page's check failed after {said:?}; its sentence is above");
    let nudge = said.iter().find_map(|line| line.strip_prefix("nudge shown: ")).unwrap();
    assert!(["続きをどうぞ、と返す", "Hand it back"].contains(&nudge), "{nudge}");
    let order = ["ready", "bar moved", "nudge shown", "please stop", "please start", "recovered", "ended"];
    assert!(said.iter().zip(order).all(|(line, step)| line.starts_with(step)), "{said:?}");
    assert_eq!(said.len(), order.len());
}

/// A script of `tests/page` that speaks with this side.
fn script(name: &str, args: &[&str]) -> Child {
    let mut command = browser::script(name);
    command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped());
    command.spawn().expect("node is missing: make test installs it")
}

fn pictures(of: &str) -> String {
    browser::pictures("page").join(of).display().to_string()
}

#[test]
fn every_state_that_a_call_comes_to_is_seen_while_the_call_stands_still() {
    let _turn = browser::turn();
    let mut browser = Browser::open();
    let demo = || SessionSetup { policy: Policy::demo(), ..SessionSetup::default() };

    browser.nothing_yet();
    browser.holds("start", demo(), sample::source(), |call| call.call_share.is_none());
    browser.holds("them", demo(), sample::source(), |call| is_calm(call) && call.floor == Floor::Held(Track::Them));
    browser.holds("rest", demo(), sample::source(), |call| is_calm(call) && after(call, 30));
    browser.holds("wait", demo(), sample::source(), |call| call.good_wait && call.silence > Samples::from_secs(4));
    let other_way = sound(|block| std::mem::swap(&mut block.pcm.me, &mut block.pcm.them));
    browser.holds("silence", demo(), other_way, |call| !call.good_wait && call.silence > Samples::from_secs(4));
    for kind in [NudgeKind::CutIn, NudgeKind::Monologue] {
        let shown = move |call: &Snapshot| call.nudge.as_ref().is_some_and(|nudge| nudge.kind() == kind);
        browser.holds(&format!("nudge_{}", kind.name()), demo(), sample::source(), shown);
    }
    let icebreaker = SessionSetup { icebreaker: Samples::from_secs(300), ..SessionSetup::default() };
    browser.holds("icebreaker", icebreaker, sample::source(), |call| is_calm(call) && after(call, 30));

    let troubled = |trouble| move |call: &Snapshot| is_calm(call) && call.troubles.contains(&trouble);
    browser.holds("choppy_them", demo(), sound(breaks_up), troubled(Trouble::Choppy));
    browser.holds("clipping_me", demo(), sound(|block| louder(block, 40.0)), troubled(Trouble::Clipping(Track::Me)));
    browser.holds("quiet_me", demo(), sound(|block| louder(block, 0.02)), troubled(Trouble::Quiet(Track::Me)));
    browser.holds("noisy_me", demo(), sound(noise()), troubled(Trouble::Noisy(Track::Me)));
    browser.holds("dead_me", demo(), sound(|block| block.pcm.me = SILENCE), troubled(Trouble::Dead(Track::Me)));
    browser.holds("same_sound", demo(), sound(|block| block.pcm.them = block.pcm.me), troubled(Trouble::SameSound));
    browser.holds("call_over", demo(), sound(hangs_up), |call| {
        call.nudge.is_none() && !call.good_wait && call.troubles.contains(&Trouble::CallOver)
    });
    browser.holds("echo", SessionSetup::default(), sound(leak()), |call| {
        is_calm(call) && call.stopped == Some(StopReason::Echo)
    });
    for track in Track::BOTH {
        let name = if track == Track::Me { "lost_me" } else { "lost_them" };
        browser.holds(name, demo(), sound(move |block| lose(block, track)), move |call| {
            is_lost(call, track) && call.nudge.is_none() && after(call, 30)
        });
    }

    let both = sound(|block| Track::BOTH.into_iter().for_each(|track| lose(block, track)));
    browser.holds("lost_both", demo(), both, |call| {
        Track::BOTH.iter().all(|&track| is_lost(call, track)) && call.nudge.is_none()
    });

    let missing = || Box::new(NoText::unavailable("there is no model".to_owned()));
    let broken = |call: &Snapshot| is_calm(call) && matches!(call.transcriber.status, TranscriberStatus::Broken(_));
    browser.holds_with("broken", SessionSetup::default(), sample::source(), missing(), broken);
    let (release, gate) = channel();
    let slow = Slow { gate: Arc::new(Mutex::new(gate)) };
    let open: RecognizerFactory = Box::new(move || Ok(Box::new(slow.clone()) as Box<dyn Recognizer>));
    let desk = ThreadedTranscriber::start(open, CallLanguage::Named(Language::En)).unwrap();
    browser.looks_on = Some(Box::new(move || drop(release)));
    browser.holds_with("behind", SessionSetup::default(), sample::source(), Box::new(desk), |call| {
        is_calm(call) && call.transcriber.backlog > Samples::from_secs(20)
    });

    let agenda =
        SessionSetup { agenda: Agenda::new(["Promotion", "来期の目標"]).unwrap(), ..SessionSetup::default() };
    let lines = lines(&[
        (Track::Me, 1, 4, "How is the week?"),
        (Track::Them, 5, 9, "I'd like to hear about promotion."),
        (Track::Me, 10, 20, "Go on."),
        (Track::Them, 72, 80, "By the way, it rains."),
        (Track::Me, 81, 95, "So it does."),
        (Track::Them, 96, 140, "And tomorrow too."),
    ]);
    // A tick is offered when talk has moved on from a topic, never as it begins, and goes away by itself.
    let open = |call: &Snapshot| is_calm(call) && call.agenda.iter().all(|item| !item.offered);
    browser.holds_with("topic_begun", agenda.clone(), TranscriptSource::new(&lines), given(&lines), |call| {
        open(call) && after(call, 19)
    });
    browser.holds_with("offered", agenda.clone(), TranscriptSource::new(&lines), given(&lines), |call| {
        is_calm(call) && call.agenda.iter().any(|item| item.offered)
    });
    browser.holds_with("offer_gone", agenda.clone(), TranscriptSource::new(&lines), given(&lines), |call| {
        open(call) && after(call, 125)
    });
    let halting: Vec<_> = (0..5).map(|turn| (Track::Them, turn * 8, turn * 8 + 2, "Well.")).collect();
    let lines = self::lines(&halting);
    browser.holds_with("stuck", agenda, TranscriptSource::new(&lines), given(&lines), |call| {
        call.stuck && call.silence < Samples::from_secs(1)
    });
    browser.close();
}

/// Nothing but a trouble or the recogniser has anything to say.
fn is_calm(call: &Snapshot) -> bool {
    call.nudge.is_none() && !call.good_wait && call.silence < Samples::from_secs(3)
}

/// For longer than a device needs to be opened.
fn is_lost(call: &Snapshot, track: Track) -> bool {
    call.losing_since[track].is_some_and(|since| call.now - since > Samples::from_secs(3))
}

fn after(call: &Snapshot, secs: u64) -> bool {
    call.now > SampleTime::from_ms(secs * 1_000)
}

fn given(lines: &[TrackCue]) -> Box<dyn Transcriber> {
    Box::new(FromTranscript::new(lines, None))
}

fn lines(of: &[(Track, u64, u64, &str)]) -> Vec<TrackCue> {
    let line = |&(track, from, to, text): &(Track, u64, u64, &str)| {
        let span = Span::from_ms(from * 1_000, to * 1_000);
        TrackCue { track, span, text: text.to_owned() }
    };
    of.iter().map(line).collect()
}

/// The sample call with something done to its sound.
struct Changed<F> {
    call: FileSource,
    change: F,
}

impl<F: FnMut(&mut Block)> Source for Changed<F> {
    fn next(&mut self) -> Result<Option<Block>, SourceError> {
        let mut block = self.call.next()?;
        block.iter_mut().for_each(&mut self.change);
        Ok(block)
    }
}

fn sound<F: FnMut(&mut Block)>(change: F) -> Changed<F> {
    Changed { call: sample::source(), change }
}

/// Their connection drops 100 ms out of 700.
fn breaks_up(block: &mut Block) {
    if block.start.as_ms() % 700 < 100 {
        block.pcm.them = SILENCE;
    }
}

fn louder(block: &mut Block, times: f32) {
    block.pcm.me.iter_mut().for_each(|sample| *sample = (f32::from(*sample) * times) as i16);
}

/// The microphone hears a fan.
fn noise() -> impl FnMut(&mut Block) {
    let mut random = Random::new(1);
    move |block| {
        for sample in &mut block.pcm.me {
            *sample = sample.saturating_add((1_024.0 * random.noise()) as i16);
        }
    }
}

/// The other side's sound comes out of the speakers, over the table, into the microphone.
fn leak() -> impl FnMut(&mut Block) {
    let mut on_its_way: VecDeque<_> = std::iter::repeat_n(SILENCE, 6).collect();
    move |block| {
        on_its_way.push_back(block.pcm.them);
        let leaked = on_its_way.pop_front().unwrap();
        for (sample, leaked) in block.pcm.me.iter_mut().zip(leaked) {
            *sample = sample.saturating_add(leaked);
        }
    }
}

/// The call is over after half a minute, and Keicho goes on.
fn hangs_up(block: &mut Block) {
    if block.start > SampleTime::from_ms(30_000) {
        block.pcm.them = SILENCE;
        block.pcm.me.iter_mut().for_each(|sample| *sample /= 10_000);
    }
}

/// A device goes after 20 seconds.
fn lose(block: &mut Block, track: Track) {
    if block.start > SampleTime::from_ms(20_000) {
        block.pcm[track] = SILENCE;
        block.lost[track] = true;
    }
}

/// A recogniser that finishes nothing as long as somebody looks.
#[derive(Clone)]
struct Slow {
    gate: Arc<Mutex<Receiver<()>>>,
}

impl Recognizer for Slow {
    fn transcribe(&mut self, _: &Utterance, _: Language) -> Result<RawTranscription, AsrError> {
        // Nothing is ever sent: it waits until the other end is gone.
        let _ = self.gate.lock().unwrap().recv();
        Err(AsrError::Decode("it was too slow".to_owned()))
    }
}

/// A browser that is shown one call after another.
struct Browser {
    script: Child,
    tell: ChildStdin,
    told: BufReader<ChildStdout>,
    /// What no call came to.
    missed: Vec<String>,
    /// Done once the next call has been looked at.
    looks_on: Option<Box<dyn FnOnce()>>,
}

impl Browser {
    fn open() -> Self {
        let mut script = script("states.mjs", &[&pictures("states")]);
        let (tell, told) = (script.stdin.take().unwrap(), BufReader::new(script.stdout.take().unwrap()));
        Self { script, tell, told, missed: Vec::new(), looks_on: None }
    }

    /// A program that has opened its sound, and heard nothing of it.
    fn nothing_yet(&mut self) {
        let server = Server::start(&ServerSetup::default(), feed(&SessionSetup::default())).unwrap();
        self.look("connecting", &server.overlay_url());
        server.stop();
    }

    /// Holds a call without words at the first moment that is so, and has it looked at.
    fn holds(&mut self, name: &str, setup: SessionSetup, call: impl Source, is_so: impl Fn(&Snapshot) -> bool) {
        self.holds_with(name, setup, call, Box::new(NoText::default()), is_so);
    }

    fn holds_with(
        &mut self,
        name: &str,
        setup: SessionSetup,
        mut call: impl Source,
        desk: Box<dyn Transcriber>,
        is_so: impl Fn(&Snapshot) -> bool,
    ) {
        let feed = feed(&setup);
        let server = Server::start(&ServerSetup::default(), feed.clone()).unwrap();
        let looked = AtomicBool::new(false);
        let mut held = Held { feed, is_so, looked: &looked, look: || self.look(name, &server.overlay_url()) };
        drive(&mut call, &mut Session::new(&setup, desk), &mut Unpaced, &looked, &mut held).unwrap();
        server.stop();
        if !looked.into_inner() {
            self.missed.push(name.to_owned());
        }
    }

    fn look(&mut self, name: &str, address: &str) {
        writeln!(self.tell, "{name} {address}").unwrap();
        let mut line = String::new();
        self.told.read_line(&mut line).unwrap();
        assert_eq!(line.trim_end(), format!("seen {name}"), "the script has ended; its sentence is above");
        self.looks_on.take().into_iter().for_each(|then| then());
    }

    fn close(mut self) {
        drop(self.tell);
        assert!(self.missed.is_empty(), "calls that never came to what they are for: {:?}", self.missed);
        assert!(self.script.wait().unwrap().success(), "what the script found is above");
    }
}

fn feed(setup: &SessionSetup) -> Feed {
    let demo_timing = setup.policy.demo;
    Feed::new(CallSettings {
        origin: Origin::Replay,
        mode: setup.mode,
        target: setup.policy.target(setup.mode),
        demo_timing,
    })
}

/// Stops the call at the first moment that is so, until it has been looked at; then for good.
struct Held<'a, S, L> {
    feed: Feed,
    is_so: S,
    look: L,
    looked: &'a AtomicBool,
}

impl<S: Fn(&Snapshot) -> bool, L: FnMut()> Sink for Held<'_, S, L> {
    fn emit(&mut self, at: SampleTime, event: Event) {
        self.feed.emit(at, event);
    }

    fn erase(&mut self, from: SampleTime) {
        self.feed.erase(from);
    }

    fn emit_snapshot(&mut self, snapshot: &Snapshot) {
        self.feed.emit_snapshot(snapshot);
        if !self.looked.load(Ordering::Relaxed) && (self.is_so)(snapshot) {
            (self.look)();
            self.looked.store(true, Ordering::Relaxed);
        }
    }
}
