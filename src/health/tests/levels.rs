use super::*;

#[test]
fn a_voice_that_is_cut_off_at_full_scale_clips() {
    let call = TestCall::from_script("me 0-40").gain(Track::Me, 20.0);
    let troubles = call.troubles();
    assert!(troubles.len() == 1 && troubles[0].starts_with("Clipping(Me)"), "{troubles:?}");
    assert!(call.report().sound.me.clipped > Some(Samples::from_secs(5)));
}

#[test]
fn a_laugh_is_not_clipping() {
    let call = TestCall::from_script("me 0-60").over(Track::Me, 30.0, 30.1, |sample| sample * 20.0);
    assert!(call.troubles().is_empty());
    assert!(call.report().sound.me.clipped > Some(Samples::ZERO), "though it is counted");
}

#[test]
fn a_peak_at_full_scale_is_not_a_cut_off_top() {
    let mut i = 0;
    let call = TestCall::from_script("me 0-60").over(Track::Me, 0.0, 60.0, |sample| {
        i += 1;
        if i % 800 < 2 { 32_767.0 } else { sample }
    });
    assert_eq!(call.report().sound.me.clipped, Some(Samples::ZERO));
}

#[test]
fn clipping_ends_after_20_s_in_which_the_voice_is_clean() {
    let loud = |sample: f32| (sample * 20.0).clamp(-32_768.0, 32_767.0);
    let spoke_on = TestCall::from_script("them 0-10 / me 0-60").over(Track::Me, 0.0, 10.0, loud);
    assert_eq!(ends(&spoke_on), ["30.0"]);
    let fell_silent = TestCall::from_script("me 0-10 / them 10-70 / me 70-90").over(Track::Me, 0.0, 10.0, loud);
    assert_eq!(ends(&fell_silent), ["75.0"], "who says nothing has not turned it down");
}

/// When each trouble ended.
fn ends(call: &TestCall) -> Vec<String> {
    call.troubles().iter().map(|told| told.rsplit('-').next().unwrap().to_owned()).collect()
}

#[test]
fn a_far_too_quiet_voice_is_told_until_it_is_turned_up() {
    let call =
        TestCall::from_script("them 5-35 / me 35-50 / them 50-80").over(Track::Them, 0.0, 40.0, |sample| sample / 40.0);
    assert_eq!(call.troubles(), ["Quiet(Them) 17.5-70.0"], "once 10 s of it are known, until half of it is louder");
}

#[test]
fn a_voice_of_a_quiet_call_is_not_too_quiet() {
    assert!(TestCall::from_script("them 0-40 / me 40-80").gain(Track::Them, -15.0).troubles().is_empty());
}

#[test]
fn a_voice_in_noise_is_told() {
    let call = TestCall::from_script("me 0-20 / them 30-50 / me 60-80").noise(Track::Me, -38.0);
    let troubles = call.troubles();
    assert!(troubles.len() == 1 && troubles[0].starts_with("Noisy(Me)"), "{troubles:?}");
    let sound = call.report().sound.me;
    assert!((sound.noise_dbfs.unwrap() + 38.0).abs() < 1.0);
    assert!(TestCall::from_script("me 0-20 / them 30-50 / me 60-80").noise(Track::Me, -55.0).troubles().is_empty());
}

#[test]
fn their_leak_is_not_my_level() {
    let both = "me 0-20 / them 0-60 / me 30-50";
    let alone = TestCall::from_script(both).report().sound.me.level_dbfs.unwrap();
    let mut call = TestCall::from_script(&format!("{both} / me 70-100"));
    for i in 0..call.sound.them.len() {
        call.sound.me[i] = call.sound.me[i] * 0.1 + call.sound.them[i];
    }
    let heard = call.clone().leaking().report().sound.me.level_dbfs.unwrap();
    assert!((heard - (alone - 20.0)).abs() < 1.5, "{heard} dBFS, {alone} without");
    assert!(call.report().sound.me.level_dbfs.unwrap() > heard + 6.0, "it would be, if the leak were not known");
}

#[test]
fn lost_audio_has_no_level() {
    let whole = TestCall::from_script("me 0-20 / them 30-40");
    let sound = whole.clone().lost(Track::Me, 8.0, 18.0).lost(Track::Me, 20.0, 30.0).report().sound.me;
    assert!((sound.level_dbfs.unwrap() - whole.report().sound.me.level_dbfs.unwrap()).abs() < 1.0);
    assert_eq!(sound.noise_dbfs, None, "neither was silent while it was captured");
}
