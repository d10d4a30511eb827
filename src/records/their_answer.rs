use serde::Serialize;

/// What the other person answers on the shared summary of a call, and sends back as a line of text: how much of the talking
/// they think the manager did, and how much of it they would like it to be. Shares are 0 to 1.
///
/// The page writes a line for a person to read, which ends in `[Keicho CALL guess=45 next=30]`, in percent; what is not answered is
/// not in it. That end alone is read, and a line of an earlier version is nothing else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct TheirAnswer {
    /// The manager's share as they felt it, asked before it was shown; `None` if they did not say.
    pub guess: Option<f64>,
    /// The share that they would like the manager to keep to; `None` if they did not say.
    pub target: Option<f64>,
}

/// How a line of an answer begins.
const HEAD: &str = "[Keicho ";

impl TheirAnswer {
    /// The answer in a text, with whatever stands around its line, and the name of the call that it is for; `None` if there
    /// is none, or it says nothing.
    pub fn find(text: &str) -> Option<(&str, Self)> {
        let (_, line) = text.split_once(HEAD)?;
        let (line, _) = line.split_once(']')?;
        let mut words = line.split_whitespace();
        let call = words.next()?;
        let mut answer = Self::default();
        for word in words {
            match word.split_once('=')? {
                ("guess", percent) => answer.guess = Some(share(percent, 0..=100)?),
                ("next", percent) => answer.target = Some(share(percent, 10..=90)?),
                _ => return None,
            }
        }
        (answer != Self::default()).then_some((call, answer))
    }
}

fn share(percent: &str, allowed: std::ops::RangeInclusive<u8>) -> Option<f64> {
    let percent: u8 = percent.parse().ok()?;
    allowed.contains(&percent).then(|| f64::from(percent) / 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_found_in_what_was_sent_back() {
        let answer = |guess, target| TheirAnswer { guess, target };
        for (text, expected) in [
            ("[Keicho 2026-11-03T10-00-00 guess=45 next=30]", Some(answer(Some(0.45), Some(0.3)))),
            ("Sato: どうぞ\n> [Keicho  2026-11-03T10-00-00  guess=0 ]\nthanks", Some(answer(Some(0.0), None))),
            (
                "About our 1on1 of Tue 3 Nov 2026: I think you did about 45% of the talking. [Keicho 2026-11-03T10-00-00 guess=45]",
                Some(answer(Some(0.45), None)),
            ),
            ("[Keicho 2026-11-03T10-00-00 next=90]", Some(answer(None, Some(0.9)))),
            ("[Keicho 2026-11-03T10-00-00]", None),
            ("[Keicho 2026-11-03T10-00-00 guess=101]", None),
            ("[Keicho 2026-11-03T10-00-00 next=5]", None),
            ("[Keicho 2026-11-03T10-00-00 guess=45 mood=3]", None),
            ("[Keicho 2026-11-03T10-00-00 guess=45", None),
            ("It was 45%", None),
        ] {
            let expected = expected.map(|answer| ("2026-11-03T10-00-00", answer));
            assert_eq!(TheirAnswer::find(text), expected, "{text}");
        }
    }
}
