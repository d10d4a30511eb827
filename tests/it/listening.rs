//! Signs of listening and interruptions as they are written down in meetings: each is said while the other holds the
//! floor and talks on, and each is told for what it is.
//!
//! `cargo test --test it listening:: -- --nocapture` prints what the words come to, beside the bare rule "longer than 0.8 s".

use std::fmt::Write as _;
use std::path::Path;

use keicho::asr::{FromTranscript, NoText};
use keicho::session::SessionSetup;
use keicho::source::transcript::{Transcript, TranscriptSource};
use serde_json::Value;

use crate::support::hear;

/// What people say while they listen, and for how many milliseconds.
const LISTENING: [(&str, u64); 103] = [
    ("Mm-hmm .", 350),
    ("Mm-hmm.", 900),
    ("Uh-huh .", 400),
    ("Uh huh", 450),
    ("Um-hum", 380),
    ("Mhm.", 300),
    ("Mm", 250),
    ("Mmm .", 620),
    ("Mmmm.", 850),
    ("Hmm .", 500),
    ("Hm.", 300),
    ("Yeah .", 280),
    ("yeah", 1_150),
    ("Yeah yeah yeah", 1_100),
    ("Yeah, yeah, yeah, yeah, okay .", 2_300),
    ("Yeahhh.", 950),
    ("Yep .", 240),
    ("Yes", 310),
    ("Right .", 330),
    ("Right, right, right.", 1_050),
    ("Right okay .", 720),
    ("Okay .", 410),
    ("o_k", 360),
    ("OK, OK.", 880),
    ("'Kay .", 250),
    ("Mm 'kay", 420),
    ("Oh okay .", 700),
    ("Oh right .", 640),
    ("Ah right, okay .", 1_200),
    ("All right .", 560),
    ("Alright.", 480),
    ("Oh, I see .", 830),
    ("I see.", 520),
    ("Ah, I see, yeah.", 1_250),
    ("Sure .", 390),
    ("Sure, sure.", 860),
    ("Exactly .", 610),
    ("Yeah exactly .", 980),
    ("Oh really ?", 700),
    ("Really ?", 450),
    ("That's right .", 690),
    ("Yeah, that's right.", 1_020),
    ("That's true .", 720),
    ("Yeah, that's true, yeah.", 1_400),
    ("Yeah I know", 650),
    ("I know, I know.", 950),
    ("Of course .", 530),
    ("Yeah of course, of course.", 1_350),
    ("Definitely.", 640),
    ("Absolutely .", 820),
    ("Fair enough .", 610),
    ("Makes sense.", 700),
    ("Yeah, that makes sense, okay.", 1_600),
    ("Good point .", 560),
    ("I agree .", 520),
    ("Oh wow .", 650),
    ("Wow. That's great.", 1_150),
    ("Cool .", 350),
    ("Oh, cool. Nice.", 1_050),
    ("Interesting .", 700),
    ("Um, yeah .", 640),
    ("Uh, right .", 600),
    ("[laughter] Yeah .", 800),
    ("Yeah <laugh>", 760),
    ("Oh no .", 480),
    ("Oh my god.", 710),
    ("Haha, yeah.", 900),
    ("Mm. Mm-hmm. Yeah. Mm-hmm.", 5_200),
    ("うん。", 240),
    ("うんうん", 520),
    ("うんうんうんうん", 1_250),
    ("はい", 260),
    ("はい はい", 610),
    ("はいはいはい。", 1_080),
    ("ええ", 330),
    ("ええ、ええ。", 820),
    ("そうですね", 640),
    ("そうですよね、確かに。", 1_500),
    ("なるほど", 560),
    ("なるほど、なるほど。", 1_350),
    ("なるほどですね。はい。", 1_300),
    ("へえ", 480),
    ("へぇ〜、そうなんですか", 1_550),
    ("ほう", 400),
    ("ああ", 370),
    ("あー", 900),
    ("あー、なるほど", 1_150),
    ("あ、はい", 450),
    ("そうそう", 420),
    ("そうそうそう", 760),
    ("確かに", 540),
    ("おお", 500),
    ("おー、すごいですね", 1_250),
    ("うーん", 850),
    ("えー", 700),
    ("そうなんだ（笑）", 1_100),
    ("ほんとに？", 560),
    ("わかりました、はい", 950),
    ("ですよね", 480),
    ("いいですね、いいですね", 1_300),
    ("それはそうですね", 900),
    ("ふんふん", 520),
    ("うん、うん。あー、はい。うん。", 4_800),
];

/// What takes the floor, or tries to.
const TAKING: [(&str, u64); 62] = [
    ("No .", 260),
    ("No no no .", 700),
    ("No, wait.", 620),
    ("But", 240),
    ("But uh", 520),
    ("Wait .", 300),
    ("Wait, wait .", 640),
    ("Hang on.", 470),
    ("What ?", 280),
    ("What's that ?", 500),
    ("Which one ?", 540),
    ("Who ?", 250),
    ("Why not ?", 480),
    ("How many ?", 550),
    ("Sorry ?", 380),
    ("Sorry, can I", 700),
    ("Can I just", 560),
    ("Well", 300),
    ("Well, no .", 650),
    ("Well I think", 710),
    ("So", 260),
    ("And then", 480),
    ("And uh", 520),
    ("Or", 230),
    ("Um", 420),
    ("Uh .", 350),
    ("I mean", 400),
    ("I think", 390),
    ("Yeah but", 450),
    ("Yeah, so the", 700),
    ("Okay, so", 620),
    ("Right, but why ?", 760),
    ("Not really .", 560),
    ("I don't .", 410),
    ("I don't think so .", 780),
    ("Twenty five", 590),
    ("On Friday .", 600),
    ("The blue one .", 650),
    ("That was the question though .", 1_260),
    ("Where's the money, maybe.", 1_690),
    ("Yeah. And who watches it ?", 1_880),
    ("Mm-hmm, and then actual numbers for channels as well .", 3_400),
    ("It's about sixteen, seventeen pounds, I think .", 2_000),
    ("Okay, so what do we do about the budget ?", 2_300),
    ("いや", 260),
    ("いやいや", 520),
    ("いえ、違います", 780),
    ("でも", 280),
    ("でもそれは", 600),
    ("ちょっと待って", 640),
    ("ちょっといいですか", 790),
    ("待ってください", 680),
    ("え、何", 400),
    ("誰が？", 370),
    ("どっち？", 380),
    ("いつですか", 560),
    ("あの", 330),
    ("えーと", 500),
    ("それで", 380),
    ("はい、でも", 640),
    ("そうですね、ただ", 790),
    ("うん、それは来週の話で", 1_700),
];

/// The other talks so long each time, …
const TALK: u64 = 14_000;

/// … and in the middle of it one thing is said.
const AMID: u64 = 5_000;

/// From one to the next.
const EACH: u64 = 16_000;

/// What is told of lines that are each said amid the other's talk.
struct Told {
    /// Which of them are signs of listening …
    listening: Vec<bool>,
    /// … and which interruptions.
    taking: Vec<bool>,
}

/// With their words or without.
fn told(lines: &[(&str, u64)], with_words: bool) -> Told {
    let mut csv = "start_ms,end_ms,speaker,text\n".to_owned();
    for (at, (text, length)) in lines.iter().enumerate() {
        let start = at as u64 * EACH;
        writeln!(csv, "{start},{},B,And then the work goes on as it did before that", start + TALK).unwrap();
        writeln!(csv, "{},{},A,\"{text}\"", start + AMID, start + AMID + length).unwrap();
    }
    let transcript = Transcript::parse(Path::new("call.csv"), csv.as_bytes()).unwrap();
    let me = transcript.find_speaker(Some("A")).unwrap();
    let said = FromTranscript::spoken_lines(transcript.into_track_cues(me));
    let mut source = TranscriptSource::new(&said);
    let summary = match with_words {
        true => hear::summary_with(&mut source, &SessionSetup::default(), Box::new(FromTranscript::new(&said, None))),
        false => hear::summary_with(&mut source, &SessionSetup::default(), Box::new(NoText::default())),
    };
    let at = |list: &str, field: &str| -> Vec<u64> {
        let mine = |one: &&Value| one["by"] == "me";
        summary[list].as_array().unwrap().iter().filter(mine).map(|one| one[field].as_u64().unwrap()).collect()
    };
    let among = |found: &[u64]| (0..lines.len()).map(|at| found.contains(&(at as u64 * EACH + AMID))).collect();
    Told { listening: among(&at("backchannels", "start_ms")), taking: among(&at("interruptions", "at_ms")) }
}

#[test]
fn what_is_written_down_in_meetings_is_told_for_what_it_is() {
    let all: Vec<(&str, u64)> = LISTENING.iter().chain(&TAKING).copied().collect();
    let listens = |at: usize| at < LISTENING.len();
    let wrong = |told: &Told| -> Vec<_> {
        let right = |at: usize| if listens(at) { told.listening[at] } else { told.taking[at] };
        (0..all.len()).filter(|at| !right(*at)).map(|at| all[at]).collect()
    };
    let bare = (0..all.len()).filter(|at| (all[*at].1 <= 800) != listens(*at)).count();
    let (sound, wrong) = (wrong(&told(&all, false)), wrong(&told(&all, true)));
    println!(
        "wrong of {}: by length alone {bare}, without words {}, with words {} {wrong:?}",
        all.len(),
        sound.len(),
        wrong.len()
    );
    assert!(20 * wrong.len() <= all.len(), "{wrong:?}");
}

#[test]
fn a_laugh_alone_is_neither() {
    let laughs = [("[laughter]", 1_600), ("(laughs)", 700), ("<laugh>", 900), ("（笑）", 1_200), ("{laugh}", 400)];
    let told = told(&laughs, true);
    assert_eq!([told.listening, told.taking].concat(), [false; 10]);
}
