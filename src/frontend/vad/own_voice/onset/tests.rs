use super::*;

/// The decisions on 10 ms blocks, each of them speech or not, standing clearly out of a leak or not, and voiced.
fn decisions(blocks: impl IntoIterator<Item = (usize, bool, bool)>) -> Vec<bool> {
    let (mut gate, mut decisions) = (OnsetGate::default(), VecDeque::new());
    for (count, speech, clear) in blocks {
        for _ in 0..count {
            gate.push(speech, clear, || 1.0, &mut decisions);
        }
    }
    for _ in 0..30 {
        gate.push(false, true, || 0.0, &mut decisions);
    }
    assert_eq!(gate.held(), 0);
    decisions.into()
}

fn speech_ms(decisions: &[bool]) -> usize {
    10 * decisions.iter().filter(|speech| **speech).count()
}

#[test]
fn voiced_speech_that_does_not_stand_out_of_a_leak_is_none_of_this_track() {
    assert_eq!(speech_ms(&decisions([(50, false, true), (40, true, false)])), 0);
    assert_eq!(speech_ms(&decisions([(50, false, true), (500, true, false)])), 0, "however long it is");
}

#[test]
fn single_blocks_that_stand_out_are_what_a_canceller_leaves() {
    assert_eq!(speech_ms(&decisions([(20, true, false), (3, true, true), (20, true, false)])), 0);
}

#[test]
fn a_run_that_stands_out_late_is_speech_from_its_beginning() {
    assert_eq!(
        speech_ms(&decisions([(50, false, true), (40, true, false), (4, true, true), (60, true, false)])),
        1_040
    );
}

#[test]
fn of_a_run_that_stands_out_after_long_only_what_was_held_back_is_speech() {
    let heard = speech_ms(&decisions([(100, true, false), (4, true, true), (6, true, false)]));
    assert_eq!(heard, 660, "600 ms that were held, the fourth clear block among them, and what follows");
}

#[test]
fn without_a_leak_a_voice_is_heard_from_its_first_block() {
    assert_eq!(speech_ms(&decisions([(50, false, true), (10, true, true)])), 100);
}

#[test]
fn of_what_is_held_back_some_may_turn_out_to_be_somebody_elses() {
    let (mut gate, mut decisions) = (OnsetGate::default(), VecDeque::new());
    (0..30).for_each(|_| gate.push(true, false, || 1.0, &mut decisions));
    assert_eq!((decisions.len(), gate.held()), (0, 30));
    gate.silence(0..10);
    gate.silence(25..usize::MAX);
    (0..10).for_each(|_| gate.push(true, true, || 1.0, &mut decisions));
    let speech: Vec<usize> = (0..40).filter(|block| decisions[*block]).collect();
    assert_eq!(speech, (10..25).chain(30..40).collect::<Vec<_>>());
}
