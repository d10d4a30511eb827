//! What a call with words costs grows as its length and no faster: four times as much takes about four times as long. Counted in
//! the time that the processor spends on this thread, which is the same beside other programs.

use std::time::Duration;

use keicho::asr::FromTranscript;
use keicho::audio::Track;
use keicho::session::SessionSetup;
use keicho::source::transcript::{TrackCue, TranscriptSource};
use keicho::time::Span;

use crate::support::hear::summary_with;

/// What takes four times as long if it is in proportion, and 16 times if it grows as the square, takes less than this.
const MOST: f64 = 8.0;

fn processor_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec.unsigned_abs().try_into().unwrap())
}

/// How long the summary of these lines takes.
fn cost(lines: &[TrackCue]) -> Duration {
    let before = processor_time();
    let desk = FromTranscript::new(lines, None);
    let summary = summary_with(&mut TranscriptSource::new(lines), &SessionSetup::default(), Box::new(desk));
    assert!(summary["talk"]["them"]["speech_ms"].as_u64().unwrap() > 0, "{}", summary["talk"]);
    processor_time() - before
}

#[track_caller]
fn grows_in_proportion(lines: impl Fn(usize) -> Vec<TrackCue>) {
    let (once, four_times) = (cost(&lines(1)), cost(&lines(4)));
    println!("{once:?}, and four times as much in {four_times:?}");
    assert!(four_times < once.mul_f64(MOST), "{once:?}, and four times as much in {four_times:?}");
}

fn line(number: usize, length_ms: u64, text: String) -> TrackCue {
    let start = number as u64 * 2_000;
    let track = if number.is_multiple_of(2) { Track::Me } else { Track::Them };
    TrackCue { track, span: Span::from_ms(start, start + length_ms), text }
}

#[test]
fn a_long_call() {
    grows_in_proportion(|times| {
        let text = |number: usize| ["How did that go for you?", "Um, well, the second part took longer."][number % 2];
        (0..times * 600).map(|number| line(number, 1_800, text(number).to_owned())).collect()
    });
}

#[test]
fn a_line_without_end() {
    for word in ["and so on, um, ", "ええと、それで次の件なんですが、"] {
        grows_in_proportion(|times| {
            vec![line(0, 1_800, "Go on.".to_owned()), line(1, 600_000, word.repeat(times * 10_000))]
        });
    }
}
