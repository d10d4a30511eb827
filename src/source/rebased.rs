//! A source that was listened to before the call: the call's clock begins when the call does.

use crate::audio::Block;
use crate::source::{Notice, Source, SourceError};
use crate::time::SampleTime;

/// The rest of a source, as a call that begins at [`SampleTime::ZERO`].
pub struct Rebased {
    source: Box<dyn Source>,
    from: SampleTime,
    /// What was said before the call and is still so.
    standing: Vec<Notice>,
}

impl Rebased {
    /// A call that begins at the block of `source` which starts at `from`; it opens with what the source had to say of
    /// itself before, oldest first, where it is still so.
    pub fn new(source: Box<dyn Source>, from: SampleTime, said: Vec<Notice>) -> Self {
        let mut standing: Vec<Notice> = Vec::new();
        for notice in said {
            match &notice {
                Notice::DeviceBack { track, .. } => {
                    let is_back = *track;
                    standing.retain(|gone| !matches!(gone, Notice::DeviceGone { track, .. } if *track == is_back));
                }
                _ => standing.push(notice),
            }
        }
        Self { source, from, standing }
    }
}

impl Source for Rebased {
    fn next(&mut self) -> Result<Option<Block>, SourceError> {
        let block = self.source.next()?;
        Ok(block.map(|block| Block { start: SampleTime::ZERO + (block.start - self.from), ..block }))
    }

    fn notice(&mut self) -> Option<Notice> {
        if !self.standing.is_empty() {
            return Some(self.standing.remove(0));
        }
        let from = self.from;
        self.source.notice().map(|notice| match notice {
            Notice::CutShort { path, at } => Notice::CutShort { path, at: SampleTime::ZERO + (at - from) },
            other => other,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use super::*;
    use crate::audio::{PerTrack, SILENCE, STEP, Track};

    /// Blocks, and what is said with them.
    struct Script(VecDeque<Block>, VecDeque<Notice>);

    impl Source for Script {
        fn next(&mut self) -> Result<Option<Block>, SourceError> {
            Ok(self.0.pop_front())
        }

        fn notice(&mut self) -> Option<Notice> {
            self.1.pop_front()
        }
    }

    fn script(blocks: u64) -> Script {
        let block = |i| Block {
            start: SampleTime::new(i * STEP.count()),
            pcm: PerTrack { me: SILENCE, them: SILENCE },
            lost: PerTrack::default(),
            speech: None,
        };
        Script((0..blocks).map(block).collect(), VecDeque::new())
    }

    fn gone(track: Track) -> Notice {
        Notice::DeviceGone { track, device: "Headset".to_owned() }
    }

    fn back(track: Track) -> Notice {
        Notice::DeviceBack { track, device: "Headset".to_owned() }
    }

    #[test]
    fn the_call_begins_at_zero_and_goes_on_without_a_gap() {
        let mut source = script(5);
        for _ in 0..3 {
            source.next().unwrap();
        }
        let mut call = Rebased::new(Box::new(source), SampleTime::from_ms(30), Vec::new());
        let starts: Vec<_> = std::iter::from_fn(|| call.next().unwrap()).map(|block| block.start.as_ms()).collect();
        assert_eq!(starts, [0, 10]);
    }

    #[test]
    fn it_opens_with_what_is_still_so() {
        let mut source = script(1);
        source.1.push_back(back(Track::Me));
        let said = vec![gone(Track::Them), gone(Track::Me), back(Track::Them)];
        let mut call = Rebased::new(Box::new(source), SampleTime::ZERO, said);
        let notices: Vec<_> = std::iter::from_fn(|| call.notice()).collect();
        assert_eq!(notices, [gone(Track::Me), back(Track::Me)]);
    }
}
