//! Little calls: shaped noise that talks by a script, and what can be done to it.

use super::*;
use crate::doubles::random::Random;

/// A voice's loudness while it speaks: about −25 dBFS.
const VOICE: f32 = 9_000.0;

/// The room's: about −71 dBFS.
const ROOM: f32 = 16.0;

/// Two tracks, and who speaks on them.
#[derive(Clone)]
pub(super) struct TestCall {
    start: SampleTime,
    pub(super) sound: PerTrack<Vec<f32>>,
    speech: PerTrack<Vec<Span>>,
    lost: PerTrack<Vec<Span>>,
    leaking: bool,
}

fn span(from: f64, to: f64) -> Span {
    Span::from_ms((from * 1000.0).round() as u64, (to * 1000.0).round() as u64)
}

fn at(seconds: f64) -> usize {
    (seconds * 16_000.0).round() as usize
}

/// How loud a voice is so long after a word began, in seconds: words of half a second that die away.
fn word(since: f32) -> f32 {
    let since = since % 0.75;
    let syllables = 0.6 + 0.4 * (since * 40.0).sin();
    if since < 0.5 { (since / 0.02).min(1.0) * syllables } else { syllables * (-(since - 0.5) / 0.025).exp() }
}

impl TestCall {
    /// A conversation as it is told: `me 0-20 / them 20.5-50`, seconds; it lasts as long as its last speech.
    pub(super) fn from_script(script: &str) -> Self {
        let mut speech: PerTrack<Vec<Span>> = PerTrack::default();
        for line in script.split('/') {
            let (who, when) = line.trim().split_once(' ').unwrap();
            let (from, to) = when.split_once('-').unwrap();
            let track = if who == "me" { Track::Me } else { Track::Them };
            speech[track].push(span(from.parse().unwrap(), to.parse().unwrap()));
        }
        let end = Track::BOTH.iter().flat_map(|track| &speech[*track]).map(|span| span.end).max().unwrap();
        let sound = PerTrack::from_fn(|track| {
            let (mut voice, mut room) = (Random::new(track as u64 + 1), Random::new(track as u64 + 7));
            let mut low = 0.0;
            let sample = |i: u64| {
                let at = SampleTime::new(i);
                low += 0.4 * (voice.noise() as f32 - low);
                let talk = speech[track].iter().find(|span| span.contains(at));
                let loud = talk.map_or(0.0, |span| word((at - span.start).count() as f32 / 16_000.0));
                low * loud * VOICE + room.noise() as f32 * ROOM
            };
            (0..end.count()).map(sample).collect()
        });
        Self { start: SampleTime::ZERO, sound, speech, lost: PerTrack::default(), leaking: false }
    }

    pub(super) fn starting_at(mut self, start: SampleTime) -> Self {
        self.start = start;
        self
    }

    pub(super) fn swapped(mut self) -> Self {
        std::mem::swap(&mut self.sound.me, &mut self.sound.them);
        std::mem::swap(&mut self.speech.me, &mut self.speech.them);
        self
    }

    /// Does something to a stretch of a track, seconds.
    pub(super) fn over(mut self, track: Track, from: f64, to: f64, mut turn: impl FnMut(f32) -> f32) -> Self {
        let end = at(to).min(self.sound[track].len());
        self.sound[track][at(from)..end].iter_mut().for_each(|sample| *sample = turn(*sample));
        self
    }

    pub(super) fn gain(self, track: Track, db: f32) -> Self {
        self.over(track, 0.0, f64::MAX, |sample| sample * 10.0_f32.powf(db / 20.0))
    }

    pub(super) fn zeros(self, track: Track, from: f64, to: f64) -> Self {
        self.over(track, from, to, |_| 0.0)
    }

    /// White noise of a level in dBFS.
    pub(super) fn noise(self, track: Track, dbfs: f32) -> Self {
        let (mut noise, peak) = (Random::new(99), 32_768.0 * 10.0_f32.powf(dbfs / 20.0) * 3.0_f32.sqrt());
        self.over(track, 0.0, f64::MAX, |sample| sample + noise.noise() as f32 * peak)
    }

    /// A hole in their speech in the middle of every word that begins in a stretch, seconds.
    pub(super) fn holes(self, from: f64, to: f64, every: usize, length: f64) -> Self {
        let words = (0..).map(|i| 0.75 * (i * every) as f64 + 0.1).skip_while(|at| *at < from);
        words.take_while(|at| *at < to).fold(self, |call, at| call.zeros(Track::Them, at, at + length))
    }

    pub(super) fn lost(mut self, track: Track, from: f64, to: f64) -> Self {
        self.lost[track].push(span(from, to));
        self.zeros(track, from, to)
    }

    pub(super) fn leaking(mut self) -> Self {
        self.leaking = true;
        self
    }

    pub(super) fn play(&self, health: &mut Health, events: &mut Vec<HealthEvent>) {
        for i in 0..self.sound.me.len().min(self.sound.them.len()) / BLOCK_SIZE {
            let now = SampleTime::new((i * BLOCK_SIZE) as u64);
            let pcm = PerTrack::from_fn(|track| {
                let mut pcm = SILENCE;
                let sound = &self.sound[track][i * BLOCK_SIZE..];
                pcm.iter_mut().zip(sound).for_each(|(out, sample)| *out = sample.round() as i16);
                pcm
            });
            let at = |of: &PerTrack<Vec<Span>>, track: Track| of[track].iter().any(|span| span.contains(now));
            let watched = HealthInput {
                in_company: false,
                start: self.start + (now - SampleTime::ZERO),
                pcm: PerTrack { me: &pcm.me, them: &pcm.them },
                speech: PerTrack::from_fn(|track| at(&self.speech, track)),
                lost: PerTrack::from_fn(|track| at(&self.lost, track)),
                leaking: self.leaking,
                returning: false,
            };
            health.push(&watched, events);
        }
    }

    /// What is wrong with it from when to when, in tenths of a second: `Choppy 12.3-45.6`.
    pub(super) fn troubles(&self) -> Vec<String> {
        let (mut health, mut events) = (Health::default(), Vec::new());
        self.play(&mut health, &mut events);
        health.finish(&mut events);
        describe(&events)
    }

    pub(super) fn report(&self) -> SoundReport {
        let mut health = Health::default();
        self.play(&mut health, &mut Vec::new());
        health.report()
    }
}

/// What ended, and that all that began did.
pub(super) fn describe(events: &[HealthEvent]) -> Vec<String> {
    let mut open = Vec::new();
    let mut told = Vec::new();
    let tenths = |at: SampleTime| at.as_ms() as f64 / 1000.0;
    for event in events {
        match *event {
            HealthEvent::Began { trouble, at } => open.push((trouble, at)),
            HealthEvent::Ended { trouble, span } => {
                let place = open.iter().position(|began| *began == (trouble, span.start)).unwrap();
                open.remove(place);
                told.push(format!("{trouble:?} {:.1}-{:.1}", tenths(span.start), tenths(span.end)));
            }
        }
    }
    assert!(open.is_empty(), "{open:?}");
    told
}
