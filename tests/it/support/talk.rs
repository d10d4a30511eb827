//! Calls of which only is known who speaks when, and what of it is a question: by a seed, after published figures.

use keicho::audio::{BLOCK_DURATION, PerTrack, Track};
use keicho::time::{SampleTime, Span};

use super::doubles::random::Random;

/// How two people talk.
#[derive(Clone, Debug)]
pub struct Manner {
    /// The median length of each one's turns, in seconds.
    pub turn_s: PerTrack<f64>,
    /// How far they vary: the standard deviation of their logarithm.
    pub spread: f64,
    /// My turns that end with a question.
    pub questions: f64,
    /// Of these, the ones that leave little to say.
    pub closed: f64,
    /// My turns that begin before they have finished.
    pub cut_ins: f64,
    /// Silences after my questions that I break before they answer.
    pub regrabs: f64,
    /// Pauses of theirs in which I give a sign of listening.
    pub nods: f64,
}

impl Manner {
    /// The manager of a measured average Japanese 1on1: 63 % of the talk.
    pub fn average() -> Self {
        let turn_s = PerTrack { me: 14.0, them: 8.2 };
        Self { turn_s, spread: 0.8, questions: 0.35, closed: 0.6, cut_ins: 0.06, regrabs: 0.15, nods: 0.4 }
    }

    /// Somebody who asks openly and listens: 25 % of the talk.
    pub fn listener() -> Self {
        let turn_s = PerTrack { me: 4.0, them: 14.0 };
        Self { turn_s, spread: 0.5, questions: 0.7, closed: 0.05, cut_ins: 0.0, regrabs: 0.0, nods: 0.5 }
    }
}

/// A turn of a call.
#[derive(Clone, Debug)]
pub struct Turn {
    pub track: Track,
    pub runs: Vec<Span>,
    /// Whether it ends with a question, and then whether that leaves little to say.
    pub asks: Option<bool>,
}

impl Turn {
    pub fn end(&self) -> SampleTime {
        self.runs.last().unwrap().end
    }
}

/// A call without sound.
#[derive(Clone, Debug, Default)]
pub struct Talk {
    pub turns: Vec<Turn>,
    /// Who speaks in each block, signs of listening included.
    pub steps: Vec<PerTrack<bool>>,
}

impl Talk {
    /// A call of so many minutes.
    pub fn new(manner: &Manner, seed: u64, minutes: u64) -> Self {
        let mut talk = Self::default();
        let mut random = Random::new(seed);
        let end = minutes * 60_000;
        let mut at = 500.0;
        let mut track = if random.chance(0.5) { Track::Me } else { Track::Them };
        while at < end as f64 {
            let asks = (track == Track::Me && random.chance(manner.questions)).then(|| random.chance(manner.closed));
            at = talk.turn(manner, track, asks, at, &mut random);
            // An answer takes 4.5 s in the median and 10 s at the 90th percentile; other gaps are a fifth of a second.
            let regrabs = asks.is_some() && random.chance(manner.regrabs);
            at += match asks {
                Some(_) if regrabs => random.real(1_100.0, 2_900.0),
                Some(_) => log_normal(4_500.0, 0.62, &mut random).min(20_000.0),
                None => (200.0 + 300.0 * f64::from(random.normal())).max(-400.0),
            };
            if !regrabs {
                track = !track;
            }
            if track == Track::Me && random.chance(manner.cut_ins) {
                at = talk.cut_off(at, &mut random);
            }
        }
        talk.steps.resize((end / 10) as usize, PerTrack::default());
        talk.turns.retain(|turn| turn.end() <= SampleTime::from_ms(end));
        talk
    }

    /// Who speaks in the block that ends at `at`.
    pub fn speaks(&self, track: Track, at: SampleTime) -> bool {
        let block = (at.saturating_sub(BLOCK_DURATION).as_ms() / 10) as usize;
        self.steps.get(block).is_some_and(|step| step[track])
    }

    /// My share of the talk, signs of listening left out.
    pub fn share(&self) -> f64 {
        let talk = |track| -> u64 {
            let own = self.turns.iter().filter(|turn| turn.track == track);
            own.flat_map(|turn| &turn.runs).map(|run| run.len().as_ms()).sum()
        };
        let (me, them) = (talk(Track::Me), talk(Track::Them));
        me as f64 / (me + them) as f64
    }

    /// Lays a turn out, and the other's signs of listening in its pauses. Returns its end in milliseconds.
    fn turn(&mut self, manner: &Manner, track: Track, asks: Option<bool>, begin: f64, random: &mut Random) -> f64 {
        let length = log_normal(manner.turn_s[track] * 1000.0, manner.spread, random).clamp(1_200.0, 240_000.0);
        let mut runs = Vec::new();
        let mut at = begin;
        loop {
            let run = random.real(700.0, 4_000.0).min(begin + length - at).max(500.0);
            runs.push(self.say(track, at, at + run));
            at += run;
            if at >= begin + length - 700.0 {
                break;
            }
            // Who nods into the last words and goes straight on has spoken over them.
            let last = at >= begin + length - 1_500.0;
            let nods = if track == Track::Them { manner.nods } else { 0.3 };
            if random.chance(nods) && !last {
                self.say(!track, at - 100.0, at + random.real(200.0, 500.0));
            }
            at += random.real(220.0, 650.0);
        }
        self.turns.push(Turn { track, runs, asks });
        at
    }

    /// I begin a second or so before their turn is over, and they give way. Returns when I begin.
    fn cut_off(&mut self, at: f64, random: &mut Random) -> f64 {
        let Some(theirs) = self.turns.last_mut().filter(|turn| turn.track == Track::Them) else { return at };
        let run = theirs.runs.last_mut().unwrap();
        if run.len().as_ms() < 2_500 {
            return at;
        }
        let end = run.end.as_ms() as f64 - random.real(0.0, 600.0);
        let block = |ms: f64| (ms / 10.0).round() as u64 * 10;
        *run = Span::from_ms(run.start.as_ms(), block(end));
        self.steps.truncate((block(end) / 10) as usize);
        end - random.real(700.0, 1_200.0)
    }

    fn say(&mut self, track: Track, from: f64, to: f64) -> Span {
        let (from, to) = ((from.max(0.0) / 10.0).round() as usize, (to / 10.0).round() as usize);
        self.steps.resize(self.steps.len().max(to), PerTrack::default());
        self.steps[from..to].iter_mut().for_each(|step| step[track] = true);
        Span::from_ms(from as u64 * 10, to as u64 * 10)
    }
}

fn log_normal(median: f64, sigma: f64, random: &mut Random) -> f64 {
    median * (sigma * f64::from(random.normal())).exp()
}
