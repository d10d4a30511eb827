//! What is said is heard: clips spoken into a sound server come out as words where the user asks for them, and nowhere
//! where not.

use std::path::{Path, PathBuf};

use keicho::models::ModelDir;
use serde::Deserialize;
use serde_json::Value;

use crate::support::live::{Live, Page};
use crate::support::play::Player;
use crate::support::sample;
use crate::support::server::{CALL_OUT, MIC_PIPE, SoundServer, on_each_server};
use crate::support::tone::wav;

on_each_server!(
    japanese_is_written_down_where_the_user_asks_for_it,
    english_is_written_down_where_the_user_asks_for_it,
    without_the_users_wish_no_word_is_shown_or_kept,
);

/// One voice's sentences, and what a small recogniser surely hears of them.
#[derive(Deserialize)]
struct Clip {
    clip: String,
    speaker: String,
    lang: String,
    heard: Vec<String>,
}

#[derive(Deserialize)]
struct Texts {
    clip: Vec<Clip>,
}

/// The manager's clip and the far end's.
fn clips(lang: &str) -> [Clip; 2] {
    let mut all = toml::from_str::<Texts>(include_str!("../words/texts.toml")).unwrap().clip;
    all.retain(|clip| clip.lang == lang);
    let clips: [Clip; 2] = all.try_into().unwrap_or_else(|_| panic!("{lang} has a clip a side"));
    assert_eq!(clips.each_ref().map(|clip| clip.speaker.as_str()), ["me", "them"]);
    clips
}

/// What a player plays of a clip.
fn playable(dir: &Path, clip: &Clip) -> PathBuf {
    let pcm = sample::mono(&sample::clip(&clip.clip)).concat();
    wav(dir, &clip.clip, 16_000, &pcm)
}

/// Says the manager's sentences, then the far end's: people take turns.
fn say(server: &SoundServer, clips: &[Clip; 2]) {
    for (clip, sink) in clips.iter().zip([MIC_PIPE, CALL_OUT]) {
        Player::start(server, &clip.clip, sink, &playable(server.dir(), clip)).finish();
    }
}

/// A call that is listened to, with what the page was sent.
fn open(server: &SoundServer, lang: &str, more: &[&str]) -> (Live, Page) {
    // The server's own home holds no model.
    let models = ModelDir::from_env().unwrap();
    let mut live = Live::start(server, &[&["--lang", lang], more].concat(), Some(models.folder()));
    let mut page = Page::open(&live.line("overlay: "));
    page.until(|snapshot| snapshot["now_ms"].as_u64().unwrap() > 500);
    (live, page)
}

fn is_heard(message: &Value, track: &str) -> bool {
    message["type"] == "event" && message["kind"] == "heard" && message["track"] == track
}

/// What has been written down of a track, in one line.
fn text(heard: &[Value], track: &str) -> String {
    let of_track = heard.iter().filter(|event| event["track"] == track);
    of_track.map(|event| event["text"].as_str().unwrap_or("").to_lowercase()).collect::<Vec<_>>().join(" ")
}

fn holds_all(text: &str, clip: &Clip) -> bool {
    clip.heard.iter().all(|word| text.contains(word))
}

fn is_written_down(server: &SoundServer, lang: &str) {
    let clips = clips(lang);
    let (mut live, mut page) = open(server, lang, &["--transcript"]);
    say(server, &clips);
    for clip in &clips {
        // Each event has a text, and together they have the words; one sentence may be one event or two.
        let mut heard = Vec::new();
        page.find(|message| {
            if is_heard(message, &clip.speaker) {
                assert!(message["start_ms"].as_u64().unwrap() < message["end_ms"].as_u64().unwrap(), "{message}");
                assert!(message["text"].is_string(), "{message}");
                heard.push(message.clone());
            }
            let patient = message["now_ms"].as_u64().is_none_or(|now| now < LONGEST_MS);
            assert!(patient, "{} is not in {heard:?}", clip.clip);
            holds_all(&text(&heard, &clip.speaker), clip)
        });
    }
    live.end(&mut page);

    let utterances = live.summary()["utterances"].as_array().cloned().unwrap_or_default();
    for clip in &clips {
        let said = text(&utterances, &clip.speaker);
        assert!(holds_all(&said, clip), "{}: {said}", clip.clip);
    }
}

/// A call in which nothing was heard by then has not heard what was said in it.
const LONGEST_MS: u64 = 120_000;

fn japanese_is_written_down_where_the_user_asks_for_it(server: SoundServer) {
    is_written_down(&server, "ja");
}

fn english_is_written_down_where_the_user_asks_for_it(server: SoundServer) {
    is_written_down(&server, "en");
}

fn without_the_users_wish_no_word_is_shown_or_kept(server: SoundServer) {
    let clips = clips("ja");
    let (mut live, mut page) = open(&server, "ja", &[]);
    say(&server, &clips);
    // The recogniser has heard both, and says so without the words.
    for track in ["me", "them"] {
        page.find(|message| {
            assert!(message["now_ms"].as_u64().is_none_or(|now| now < LONGEST_MS), "{track} was not heard");
            is_heard(message, track)
        });
    }
    live.end(&mut page);
    assert_eq!(live.summary().get("utterances"), None);

    let words: Vec<&String> = clips.iter().flat_map(|clip| &clip.heard).collect();
    let holds_none = |what: &str, text: &str| {
        let found: Vec<_> = words.iter().filter(|word| text.contains(word.as_str())).collect();
        assert!(found.is_empty(), "{what} holds {found:?}: {text}");
    };
    for message in page.messages() {
        assert!(message["kind"] != "heard" || message.get("text").is_none(), "{message}");
        let mut message = message.clone();
        // The sentence that tells the other side of Keicho is always the same.
        message.as_object_mut().map(|fields| fields.remove("tell"));
        holds_none("the socket", &message.to_string());
    }
    let files = files(&live.out);
    assert!(files.len() > 2, "{files:?}");
    for file in files {
        let bytes = std::fs::read(&file).unwrap();
        holds_none(&file.display().to_string(), &String::from_utf8_lossy(&bytes));
    }
    holds_none("what the program says", &live.said());
}

/// All files below a folder.
fn files(dir: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}
