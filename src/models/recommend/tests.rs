use super::*;
use crate::models::{DEFAULT, ModelDir};

/// What is said of a machine that takes so many milliseconds for the speech that is measured, with a network like `base`.
fn said(measured_ms: u64) -> String {
    let dir = ModelDir::new("somewhere").unwrap();
    recommend(dir.models(), DEFAULT, Duration::from_millis(measured_ms)).to_string()
}

#[test]
fn a_faster_machine_runs_a_better_model() {
    insta::assert_snapshot!([40, 150, 600, 1_900, 4_100].map(said).join("\n"), @r"
    large-v3-turbo is the best model that keeps up beside a call here: it takes 0.22 s for a second of speech
    small is the best model that keeps up beside a call here: it takes 0.15 s for a second of speech; medium would take 0.51 s, and more than 0.50 s is too slow
    base is the best model that keeps up beside a call here: it takes 0.15 s for a second of speech; small would take 0.60 s, and more than 0.50 s is too slow
    base is the best model that keeps up beside a call here: it takes 0.47 s for a second of speech; small would take 1.89 s, and more than 0.50 s is too slow
    no model of both languages keeps up beside a call here; base would take 1.03 s, and more than 0.50 s is too slow
    ");
}

#[test]
fn the_work_of_a_network_is_as_known_of_whisper() {
    let dir = ModelDir::new("somewhere").unwrap();
    // Numbers of each network, in millions (Radford et al. 2022, table 1); turbo has the encoder of large.
    for (name, millions) in [("base", 74.0), ("small", 244.0), ("medium", 769.0), ("large-v3-turbo", 809.0)] {
        let Some(ModelKind::Recogniser { network: Some(network), .. }) = dir.model(name).map(|model| &model.kind)
        else {
            panic!("{name} is of the list");
        };
        let square = f64::from(network.width).powi(2);
        let blocks = f64::from(network.encoder_layers) * 12.0 + f64::from(network.decoder_layers) * 16.0;
        let numbers = (square * blocks + Work::VOCABULARY * f64::from(network.width)) / 1e6;
        assert!((numbers / millions - 1.0).abs() < 0.06, "{name}: {numbers}");
    }
}
