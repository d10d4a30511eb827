use super::*;
use crate::audio::{PerTrack, SILENCE};
use crate::source::Source as _;

#[test]
fn blocks_follow_each_other_to_the_last_words_and_say_who_speaks() {
    let rows = "start,end,speaker\n0.02,0.05,A\n0.04,0.06,B\n0.05,0.08,C\n0.07,0.09,A\n";
    let lines = parse("call.csv", rows.as_bytes()).unwrap().into_track_cues(0);
    let mut source = TranscriptSource::new(&lines);
    assert_eq!(source.length(), Samples::from_ms(90));
    let blocks: Vec<_> = std::iter::from_fn(|| source.next().unwrap()).collect();
    let shown = |pick: fn(&PerTrack<bool>) -> bool| -> String {
        blocks.iter().map(|block| if pick(&block.speech.unwrap()) { '#' } else { '.' }).collect()
    };
    assert_eq!((shown(|speech| speech.me), shown(|speech| speech.them)), ("..###..##".into(), "....####.".into()));
    for (at, block) in (0..).zip(&blocks) {
        assert_eq!(block.start, SampleTime::from_ms(at * 10));
        assert_eq!((block.pcm.me, block.pcm.them, block.lost), (SILENCE, SILENCE, PerTrack::default()));
    }
    assert_eq!(source.next().unwrap(), None);
}
