//! A source that was listened to before the call: the call's clock begins when the call does.

use crate::audio::Block;
use crate::source::{Notice, Source, SourceError};
use crate::time::SampleTime;

/// The rest of a source, as a call that begins at [`SampleTime::ZERO`].
pub struct RebasedSource {
    source: Box<dyn Source>,
    from: SampleTime,
    /// What was said before the call and is still so.
    pending_notices: Vec<Notice>,
}

impl RebasedSource {
    /// A call that begins at the block of `source` which starts at `from`; it opens with what the source had to say of
    /// itself before, oldest first, where it is still so.
    pub fn new(source: Box<dyn Source>, from: SampleTime, notices: Vec<Notice>) -> Self {
        let mut pending_notices: Vec<Notice> = Vec::new();
        for notice in notices {
            match &notice {
                Notice::DeviceBack { track, .. } => {
                    let is_back = *track;
                    pending_notices
                        .retain(|gone| !matches!(gone, Notice::DeviceGone { track, .. } if *track == is_back));
                }
                _ => pending_notices.push(notice),
            }
        }
        Self { source, from, pending_notices }
    }
}

impl Source for RebasedSource {
    fn next(&mut self) -> Result<Option<Block>, SourceError> {
        let block = self.source.next()?;
        Ok(block.map(|block| Block { start: SampleTime::ZERO + (block.start - self.from), ..block }))
    }

    fn next_notice(&mut self) -> Option<Notice> {
        if !self.pending_notices.is_empty() {
            return Some(self.pending_notices.remove(0));
        }
        let from = self.from;
        self.source.next_notice().map(|notice| match notice {
            Notice::CutShort { path, at } => Notice::CutShort { path, at: SampleTime::ZERO + (at - from) },
            other => other,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use super::*;
    use crate::audio::{BLOCK_DURATION, PerTrack, SILENCE, Track};

    /// Blocks, and what is said with them.
    struct ScriptedSource(VecDeque<Block>, VecDeque<Notice>);

    impl Source for ScriptedSource {
        fn next(&mut self) -> Result<Option<Block>, SourceError> {
            Ok(self.0.pop_front())
        }

        fn next_notice(&mut self) -> Option<Notice> {
            self.1.pop_front()
        }
    }

    fn script(blocks: u64) -> ScriptedSource {
        let block = |i| Block {
            start: SampleTime::new(i * BLOCK_DURATION.count()),
            pcm: PerTrack { me: SILENCE, them: SILENCE },
            lost: PerTrack::default(),
            speech: None,
        };
        ScriptedSource((0..blocks).map(block).collect(), VecDeque::new())
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
        let mut call = RebasedSource::new(Box::new(source), SampleTime::from_ms(30), Vec::new());
        let starts: Vec<_> = std::iter::from_fn(|| call.next().unwrap()).map(|block| block.start.as_ms()).collect();
        assert_eq!(starts, [0, 10]);
    }

    #[test]
    fn it_opens_with_what_is_still_so() {
        let mut source = script(1);
        source.1.push_back(back(Track::Me));
        let notices = vec![gone(Track::Them), gone(Track::Me), back(Track::Them)];
        let mut call = RebasedSource::new(Box::new(source), SampleTime::ZERO, notices);
        let notices: Vec<_> = std::iter::from_fn(|| call.next_notice()).collect();
        assert_eq!(notices, [gone(Track::Me), back(Track::Me)]);
    }
}
