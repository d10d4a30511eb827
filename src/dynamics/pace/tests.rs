use super::*;

/// Utterances of 4 s every 10 s, so many morae a second in each.
fn spoken(rates: &[u32]) -> Vec<Articulation> {
    let one = |(i, rate): (u64, &u32)| Articulation {
        end: SampleTime::from_ms(i * 10_000 + 4_000),
        language: Language::Ja,
        units: rate * 4,
        words: None,
        talk_time: Samples::from_secs(4),
        articulation_time: Samples::from_secs(4),
    };
    (0..).zip(rates).map(one).collect()
}

fn end(of: &[Articulation]) -> SampleTime {
    of.last().unwrap().end
}

/// So many of the utterances as older ones, of which their rates alone are kept.
fn kept(of: &[Articulation], older: usize) -> (PaceRates, &[Articulation]) {
    let mut rates = PaceRates::default();
    of[..older].iter().for_each(|one| rates.push(one));
    (rates, &of[older..])
}

#[test]
fn ten_utterances_make_a_usual_pace() {
    for older in [0, 3, 8] {
        let usual = |rates: &[u32], language| {
            let spoken = spoken(rates);
            let (rates, newer) = kept(&spoken, older);
            usual_pace(&rates, newer, language)
        };
        assert_eq!(usual(&[8; 9], Language::Ja), None);
        assert_eq!(usual(&[8; 10], Language::Ja), Some(8.0));
        assert_eq!(usual(&[8; 10], Language::En), None);
        assert_eq!(usual(&[8, 8, 8, 8, 8, 8, 8, 8, 20, 20, 1], Language::Ja), Some(8.0), "a median");
    }
}

#[test]
fn the_last_half_minute_against_the_own_pace() {
    for older in [0, 5] {
        let pace = |of: &[Articulation], now| {
            let (rates, newer) = kept(of, older);
            relative_pace(&rates, newer, now)
        };
        let steady = spoken(&[8; 12]);
        assert_eq!(pace(&steady, end(&steady)), Some(1.0));
        let faster = spoken(&[8, 8, 8, 8, 8, 8, 8, 8, 8, 10, 10, 10, 10]);
        assert_eq!(pace(&faster, end(&faster)), Some(1.25));
        assert_eq!(pace(&faster, end(&faster) + Samples::from_secs(40)), None, "silent for longer than that");
    }
}

#[test]
fn the_fastest_half_minute_is_by_the_usual_pace_until_then() {
    assert_eq!(fastest(&spoken(&[8; 9])), None);
    assert_eq!(fastest(&spoken(&[8, 8, 8, 8, 8, 8, 8, 8, 8, 10, 10, 10, 10, 4, 4, 4])), Some(1.25));
}

#[test]
fn a_word_or_two_say_nothing_of_a_pace() {
    use crate::asr::Transcription;
    use crate::audio::Track;
    use crate::language;
    use crate::time::Span;
    let heard = |text: &str, ms| Heard {
        track: Track::Me,
        runs: vec![Span::from_ms(0, ms)],
        transcription: Ok(Some(Transcription {
            text: text.to_owned(),
            language: Language::Ja,
            reading: language::analyze(text, Language::Ja),
            written: false,
            doubtful: false,
        })),
    };
    assert_eq!(Articulation::from_heard(&heard("ん", 300), Samples::ZERO), None);
    let one = Articulation::from_heard(&heard("わかりました。", 1_000), Samples::from_ms(200)).unwrap();
    assert_eq!((one.units, one.articulation_time), (6, Samples::from_ms(800)));
    assert_eq!(Articulation::from_heard(&heard("わかりました。", 1_000), Samples::from_secs(1)), None, "no time left");
}
