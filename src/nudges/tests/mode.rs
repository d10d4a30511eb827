use super::*;

#[test]
fn each_mode_has_its_target_and_the_users_own_goes_before() {
    let mut policy = Policy::default();
    *policy.targets.get_mut(Mode::Feedback) = 0.45;
    let mut nudges = Nudges::new(policy, Mode::Feedback);
    assert_eq!(nudges.target(), 0.45);
    nudges.set_target(Mode::Teaching, None);
    assert_eq!(nudges.target(), 0.60);
    nudges.set_target(Mode::Teaching, Some(0.7));
    assert_eq!(nudges.target(), 0.7);
}

#[test]
fn my_own_target_is_the_one_that_counts() {
    let mut call = Call::begin(Policy::default());
    call.nudges.set_target(Mode::Listening, Some(0.65));
    call.over().hand_over();
    assert!(call.seen.is_empty(), "70 % is not 10 points over 65 %");
    call.nudges.set_target(Mode::Listening, Some(0.55));
    call.go(21.0).hand_over();
    assert_eq!(call.seen.len(), 1);
}

#[test]
fn a_step_from_my_own_baseline_is_offered_after_five_calls() {
    let propose = |shares: &[f64], target| propose_target(&Policy::default(), shares, target);
    assert_eq!(propose(&[0.63; 4], 0.30), None, "too few");
    let offered = propose(&[0.10, 0.60, 0.70, 0.63, 0.62, 0.64], 0.30);
    assert_eq!(offered, Some(TargetProposal { target: 0.55, baseline: 0.63, calls: 5 }), "the first call is the sixth");
    assert_eq!(propose(&[0.35; 5], 0.30).map(|step| step.target), Some(0.30), "never beyond the target");
    assert_eq!(propose(&[0.30; 5], 0.30), None, "there already");
    assert_eq!(propose(&[0.20; 5], 0.30), None, "more talk is never offered");
    assert_eq!(propose(&[0.302; 5], 0.30), None, "no step of less than a point");
    let policy = Policy { baseline_calls: 2, target_step: 0.05, ..Policy::default() };
    let two = super::propose_target(&policy, &[0.90, 0.50, 0.70], 0.30);
    assert_eq!(two, Some(TargetProposal { target: 0.55, baseline: 0.6, calls: 2 }));
}
