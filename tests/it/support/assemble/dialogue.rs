//! Who says what, and when: a conversation by chance in which everything happens that is measured.
//!
//! All that is counted is clear: an event lies well inside its definition (`shared` metric dictionary) or well outside.
//! A backchannel never has own speech within 1.3 s of it and always the other's within 0.7 s of its end; a stretch where
//! nobody speaks is shorter than 2.6 s or longer than 3.4 s; whoever takes the floor says more than 1.3 s.
//!
//! Times are steps of 10 ms.

use keicho::audio::{PerTrack, Track};

use super::super::doubles::random::{Deck, Random};
use super::Scene;
use super::pool::{Cast, Clip, Kind, Voice};

/// Between two own utterances of which one is a backchannel or stands alone.
const APART: usize = 130;

/// Who takes the floor says this much at the least.
const FLOOR: usize = 135;

/// The longest backchannel that timing alone can tell.
const BRIEF: usize = 95;

/// How long a monologue is, a little more or less.
const MONOLOGUE: usize = 3_800;

/// An utterance in its place.
#[derive(Clone)]
pub struct Line<'a> {
    pub track: Track,
    pub clip: &'a Clip,
    pub start: usize,
    /// How much of the clip is heard.
    pub steps: usize,
    /// Whether the voice breaks off.
    pub cut: bool,
    pub backchannel: bool,
    pub interrupts: Option<Outcome>,
}

/// How an interruption ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Successful,
    Failed,
}

/// What may come next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Move {
    /// The other takes over after a gap.
    Exchange,
    SlowExchange,
    /// The other takes over while the last word is said.
    TerminalOverlap,
    /// The same speaker goes on after a pause.
    GoOn,
    Interrupt,
    /// The other tries, and gives up.
    FailToInterrupt,
    Silence,
    /// A question, a wait of any length, and a turn, perhaps after a short answer.
    Ask,
    /// A question, a short answer, and the one who asked goes on.
    AskForAWord,
    /// Both begin at once and neither gives way.
    BothBegin,
    Monologue,
}

use Move::*;

/// Two minutes of moves.
const MOVES: [Move; 20] = [
    Exchange,
    Exchange,
    Exchange,
    SlowExchange,
    TerminalOverlap,
    TerminalOverlap,
    GoOn,
    GoOn,
    GoOn,
    Interrupt,
    Interrupt,
    Interrupt,
    FailToInterrupt,
    FailToInterrupt,
    FailToInterrupt,
    Silence,
    Silence,
    Ask,
    AskForAWord,
    BothBegin,
];

/// A conversation that is being made.
pub struct Dialogue<'a> {
    lines: Vec<Line<'a>>,
    clips: PerTrack<Decks<'a>>,
    random: Random,
    /// Whose floor it is, and the first of the lines that hold it.
    holder: Track,
    held_since: usize,
}

/// What a voice has to say, by what it is said for.
struct Decks<'a> {
    turns: Deck<&'a Clip>,
    questions: Deck<&'a Clip>,
    answers: Deck<&'a Clip>,
    backchannels: Deck<&'a Clip>,
}

impl<'a> Dialogue<'a> {
    /// The lines, in the order of their beginnings.
    pub fn compose(scene: &Scene, cast: &Cast<'a>, random: Random) -> Vec<Line<'a>> {
        let longest = if scene.long_backchannels { 175 } else { BRIEF };
        let clips = PerTrack::from_fn(|track| Decks::of(cast.speaking[track], longest));
        let mut dialogue = Self { lines: Vec::new(), clips, random, holder: Track::Me, held_since: 0 };
        dialogue.holder = if dialogue.random.chance(0.5) { Track::Me } else { Track::Them };
        dialogue.turn(dialogue.holder, 100);
        let mut moves = Deck::new(MOVES.to_vec());
        let mut monologue = scene.monologue;
        while dialogue.end() < scene.seconds * 100 {
            let next = if monologue && dialogue.end() > scene.seconds * 40 {
                monologue = false;
                Monologue
            } else {
                moves.draw(&mut dialogue.random)
            };
            dialogue.go_on(next);
        }
        dialogue.nod(None);
        dialogue.lines.sort_by_key(|line| (line.start, line.track));
        dialogue.lines
    }

    fn go_on(&mut self, next: Move) {
        match next {
            Exchange => self.hand_over(15, 120),
            SlowExchange => self.hand_over(120, 250),
            TerminalOverlap => self.overlap_the_end(),
            GoOn => self.continue_after(25, 90),
            Interrupt => self.interrupt(),
            FailToInterrupt => self.fail_to_interrupt(),
            Silence => self.be_silent(),
            Ask => self.ask(),
            AskForAWord => self.ask_for_a_word(),
            BothBegin => self.both_begin(),
            Monologue => {
                let until = self.end() + MONOLOGUE;
                while self.end() < until {
                    self.continue_after(25, 90);
                }
            }
        }
    }

    fn hand_over(&mut self, shortest: usize, longest: usize) {
        let start = self.end() + self.random.whole(shortest, longest);
        self.take_over(start, Purpose::Turn);
    }

    fn overlap_the_end(&mut self) {
        let (end, into) = (self.end(), self.random.whole(20, 36));
        let start = end - into;
        // Both are heard at once, and the last one's only sound is not a tail after a pause.
        if self.speaks(self.holder, start - 10, end) && self.alone(!self.holder, start, end + 200) {
            self.take_over(start, Purpose::Turn);
        } else {
            self.hand_over(15, 120);
        }
    }

    fn continue_after(&mut self, shortest: usize, longest: usize) {
        let start = self.end() + self.random.whole(shortest, longest);
        let clip = self.clips[self.holder].turns.draw(&mut self.random);
        self.say(self.holder, clip, start);
    }

    /// The other begins, and the speaker gives way.
    fn interrupt(&mut self) {
        let by = !self.holder;
        let Some(theirs) = self.last_line().filter(|line| line.steps > 250 && !line.cut).cloned() else {
            return self.hand_over(15, 120);
        };
        for _ in 0..30 {
            let onset = theirs.start + self.random.whole(90, theirs.steps - 120);
            let overlap = self.random.whole(64, 92);
            let stop = onset + overlap;
            let clip = self.clips[by].turns.draw(&mut self.random);
            let fits = stop + 5 < theirs.end()
                && clip.steps() > overlap + 180
                && self.speaks(self.holder, onset - 15, onset + 25)
                && theirs.clip.sounds_until(stop - theirs.start)
                && clip.speech[0].1 > 50
                && self.alone(by, onset, onset + clip.steps());
            if fits {
                self.nod(Some(onset));
                if let Some(line) = self.lines.iter_mut().find(|line| line.start == theirs.start && line.track != by) {
                    line.steps = stop - line.start;
                    line.cut = true;
                }
                self.hold(by);
                self.say(by, clip, onset);
                self.lines[self.held_since].interrupts = Some(Outcome::Successful);
                return;
            }
        }
        self.hand_over(15, 120);
    }

    /// The other begins and breaks off, and the speaker goes on.
    fn fail_to_interrupt(&mut self) {
        let by = !self.holder;
        let Some(theirs) = self.last_line().filter(|line| line.steps > 350 && !line.cut).cloned() else {
            return self.continue_after(25, 90);
        };
        for _ in 0..30 {
            let onset = theirs.start + self.random.whole(90, theirs.steps - 200);
            let length = self.random.whole(122, 160);
            let stop = onset + length;
            let clip = self.clips[by].turns.draw(&mut self.random);
            let fits = stop + 75 < theirs.end()
                && clip.steps() > length + 10
                && clip.sounds_until(length)
                && self.speaks(self.holder, onset - 15, onset + 25)
                && self.alone(by, onset, stop);
            if fits {
                self.lines.push(Line { steps: length, cut: true, ..Line::new(by, clip, onset) });
                self.lines.last_mut().expect("just added").interrupts = Some(Outcome::Failed);
                return;
            }
        }
        self.continue_after(25, 90);
    }

    fn be_silent(&mut self) {
        let start = self.end() + self.random.whole(345, 900);
        let next = if self.random.chance(0.5) { self.holder } else { !self.holder };
        self.begin(next, start, Purpose::Turn);
    }

    fn ask(&mut self) {
        self.hand_over_with(Purpose::Question);
        let wait = match self.random.whole(0, 2) {
            0 => self.random.whole(40, 120),
            1 => self.random.whole(120, 250),
            _ => self.random.whole(345, 900),
        };
        let start = self.end() + wait;
        let by = !self.holder;
        if self.random.chance(0.4) && self.alone(by, start, start + 400) {
            let answer = self.clips[by].answers.draw(&mut self.random);
            self.nod(Some(start));
            self.hold(by);
            self.say(by, answer, start);
            let next = self.end() + self.random.whole(25, 50);
            let clip = self.clips[by].turns.draw(&mut self.random);
            self.say(by, clip, next);
        } else {
            self.take_over(start, Purpose::Turn);
        }
    }

    fn ask_for_a_word(&mut self) {
        self.hand_over_with(Purpose::Question);
        let (asked, by) = (self.holder, !self.holder);
        let wait = self.random.whole(30, 100);
        let start = self.clear(by, self.end() + wait);
        let answer = self.clips[by].answers.draw(&mut self.random);
        self.nod(Some(start));
        self.hold(by);
        self.say(by, answer, start);
        // Nobody is heard within a second of it: by timing alone it is no backchannel either.
        let start = self.end() + self.random.whole(APART, 240);
        self.begin(asked, start, Purpose::Turn);
    }

    fn both_begin(&mut self) {
        let at = self.end() + self.random.whole(APART, 250);
        let (first, second) = (self.holder, !self.holder);
        let later = at + self.random.whole(0, 25);
        let draw = |dialogue: &mut Self, track: Track| dialogue.clips[track].turns.draw(&mut dialogue.random);
        let (one, two) = (draw(self, first), draw(self, second));
        if !self.alone(second, later, later + two.steps()) {
            return self.hand_over(15, 120);
        }
        self.nod(Some(at));
        self.say(first, one, at);
        self.say(second, two, later);
        let last = if at + one.steps() > later + two.steps() { first } else { second };
        // Nobody nods to two at once.
        self.hold(last);
    }

    fn hand_over_with(&mut self, purpose: Purpose) {
        let start = self.end() + self.random.whole(15, 120);
        self.take_over(start, purpose);
    }

    /// The other speaks from `start` on.
    fn take_over(&mut self, start: usize, purpose: Purpose) {
        self.begin(!self.holder, start, purpose);
    }

    /// A turn begins, the signs of listening to the one before are given.
    fn begin(&mut self, track: Track, start: usize, purpose: Purpose) {
        let start = self.clear(track, start);
        let clip = match purpose {
            Purpose::Turn => self.clips[track].turns.draw(&mut self.random),
            Purpose::Question => self.clips[track].questions.draw(&mut self.random),
        };
        self.nod((track != self.holder).then_some(start));
        self.hold(track);
        self.say(track, clip, start);
    }

    fn turn(&mut self, track: Track, start: usize) {
        let clip = self.clips[track].turns.draw(&mut self.random);
        self.say(track, clip, start);
    }

    fn hold(&mut self, track: Track) {
        self.holder = track;
        self.held_since = self.lines.len();
    }

    fn say(&mut self, track: Track, clip: &'a Clip, start: usize) {
        self.lines.push(Line::new(track, clip, start));
    }

    /// Backchannels by the listener to what was said since the floor was taken; the listener speaks at `onset`.
    fn nod(&mut self, onset: Option<usize>) {
        let (by, speaker) = (!self.holder, self.holder);
        let own = |line: &&Line| line.track == speaker && !line.backchannel;
        let held: Vec<Line> = self.lines[self.held_since.min(self.lines.len())..].iter().filter(own).cloned().collect();
        let (Some(first), Some(last)) = (held.first(), held.last()) else { return };
        let (from, end) = (first.start + 60, last.end());
        let mut at = from + self.random.whole(0, 250);
        while at < end {
            let clip = self.clips[by].backchannels.draw(&mut self.random);
            let over = at + clip.steps();
            let heard_after = |line: &Line| line.start < over + 60 && line.end() > over + 25;
            let free = onset.is_none_or(|onset| over + APART <= onset)
                && held.iter().any(heard_after)
                && self.goes_on(speaker, over)
                && self.alone(by, at, over);
            if free {
                self.lines.push(Line { backchannel: true, ..Line::new(by, clip, at) });
                at = over + self.random.whole(200, 600);
            } else {
                at += 20;
            }
        }
    }

    /// The end of all that was said.
    fn end(&self) -> usize {
        self.lines.iter().map(Line::end).max().unwrap_or(0)
    }

    /// The holder's last line, where it ends the conversation so far.
    fn last_line(&self) -> Option<&Line<'a>> {
        let own = |line: &&Line| line.track == self.holder && !line.backchannel;
        self.lines.iter().rev().find(own).filter(|line| line.end() == self.end())
    }

    /// The earliest moment from `start` on that is well after the track's own last speech.
    fn clear(&self, track: Track, start: usize) -> usize {
        let last = self.lines.iter().filter(|line| line.track == track).map(Line::end).max();
        last.map_or(start, |last| start.max(last + APART))
    }

    /// Whether the track says nothing else near.
    fn alone(&self, track: Track, start: usize, end: usize) -> bool {
        let near = |line: &Line| line.track == track && line.start < end + APART && start < line.end() + APART;
        !self.lines.iter().any(near)
    }

    /// Whether the track is in the middle of speech all the time from `start` to `end`.
    fn speaks(&self, track: Track, start: usize, end: usize) -> bool {
        let runs = self.lines.iter().filter(|line| line.track == track).flat_map(Line::runs);
        runs.into_iter().any(|(from, to)| from <= start && end <= to)
    }

    /// Whether the track is heard soon after `over`, and for more than a moment.
    fn goes_on(&self, track: Track, over: usize) -> bool {
        let runs = self.lines.iter().filter(|line| line.track == track).flat_map(Line::runs);
        runs.into_iter().any(|(from, to)| from < over + 60 && to > over + 25)
    }
}

/// What a turn begins with.
#[derive(Clone, Copy)]
enum Purpose {
    Turn,
    Question,
}

impl<'a> Line<'a> {
    fn new(track: Track, clip: &'a Clip, start: usize) -> Self {
        Self { track, clip, start, steps: clip.steps(), cut: false, backchannel: false, interrupts: None }
    }

    /// The first step after it.
    pub fn end(&self) -> usize {
        self.start + self.steps
    }

    /// Its speech runs, in steps of the call.
    fn runs(&self) -> Vec<(usize, usize)> {
        let kept = self.clip.speech.iter().filter(|(start, _)| *start < self.steps);
        kept.map(|(start, end)| (self.start + start, self.start + end.min(&self.steps))).collect()
    }
}

impl<'a> Decks<'a> {
    fn of(voice: &'a Voice, longest_backchannel: usize) -> Self {
        let deck = |fits: &dyn Fn(&Clip) -> bool| Deck::new(voice.clips.iter().filter(|clip| fits(clip)).collect());
        Self {
            turns: deck(&|clip| matches!(clip.kind, Kind::Turn | Kind::Filler) && clip.steps() >= FLOOR),
            questions: deck(&|clip| clip.kind == Kind::Question && clip.steps() >= FLOOR),
            answers: deck(&|clip| clip.kind == Kind::Answer),
            backchannels: deck(&|clip| clip.kind == Kind::Backchannel && clip.steps() <= longest_backchannel),
        }
    }
}
