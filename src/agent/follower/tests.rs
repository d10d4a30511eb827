use std::sync::mpsc::{Receiver, channel};

use super::*;

/// Nobody serves this one.
const PORT: u16 = 1;

/// Has it look, if it is to; gives when it will again, by the milliseconds.
fn look(follower: &mut CallFollower, told: &Receiver<AgentEvent>, at_ms: u64) -> Option<u64> {
    let now = Duration::from_millis(at_ms);
    follower.advance(now);
    if follower.is_following {
        let AgentEvent::Call(status) = told.recv().unwrap() else { panic!() };
        follower.observe(status, now);
    }
    follower.deadline().map(|due| due.as_millis() as u64)
}

#[test]
fn a_keicho_that_records_is_looked_for_a_while_and_no_other() {
    let (sender, told) = channel();
    let mut follower = CallFollower::new(PORT, sender);
    assert_eq!(look(&mut follower, &told, 0), None, "once at the start, and not again");
    follower.set_expected(true, Duration::from_millis(1_000));
    let mut at = 1_000;
    let mut waits = Vec::new();
    while let Some(next) = look(&mut follower, &told, at) {
        waits.push(next - at);
        at = next;
    }
    assert_eq!(waits, [100, 200, 400, 800, 1_600, 3_200, 6_400], "and then nothing ticks");
    follower.set_expected(true, Duration::from_millis(at));
    assert_eq!(look(&mut follower, &told, at), Some(at + 100));
    follower.set_expected(false, Duration::from_millis(at));
    assert_eq!(look(&mut follower, &told, at + 100), None);
}
