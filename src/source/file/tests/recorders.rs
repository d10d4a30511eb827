//! Recordings as recorders make them, each made here by ffmpeg: Opus, and an audio track for each side.

use std::process::Command;

use super::*;

/// A folder with the two sides as files of a channel each, and with both in two channels.
struct Studio(tempfile::TempDir);

/// Two seconds of a side, and both.
const ME: &str = "me.wav";
const THEM: &str = "them.wav";
const BOTH: &str = "both.wav";

impl Studio {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let sides = two_seconds(48_000);
        std::fs::write(folder.path().join(ME), wav(48_000, Depth::I16, &sides[..1])).unwrap();
        std::fs::write(folder.path().join(THEM), wav(48_000, Depth::I16, &sides[1..])).unwrap();
        std::fs::write(folder.path().join(BOTH), wav(48_000, Depth::I16, &sides)).unwrap();
        Self(folder)
    }

    /// Runs ffmpeg with these words, the last of which is the file that it makes.
    #[track_caller]
    fn ffmpeg(&self, words: &str) -> PathBuf {
        let words: Vec<&str> = words.split_whitespace().collect();
        let made = Command::new("ffmpeg")
            .args(["-v", "error", "-y"])
            .args(&words)
            .current_dir(&self.0)
            .output()
            .expect("ffmpeg is installed, as make test does");
        assert!(made.status.success(), "{words:?}: {}", String::from_utf8_lossy(&made.stderr));
        self.0.path().join(words.last().unwrap())
    }

    /// A file with a side in each of two audio tracks, named as a screen recorder names them.
    #[track_caller]
    fn two_tracks(&self, codec: &str, file: &str) -> PathBuf {
        self.ffmpeg(&format!(
            "-i {ME} -i {THEM} -map 0:a -map 1:a -metadata:s:a:0 title=Mic/Aux -metadata:s:a:1 title=Desktop {codec} {file}"
        ))
    }
}

#[track_caller]
fn heard(path: &Path) -> Heard {
    Heard::all(FileSource::open(path, None).unwrap_or_else(|error| panic!("{error}")))
}

#[test]
fn opus_lies_where_it_was_in_every_container() {
    let studio = Studio::new();
    for file in ["both.opus", "both.ogg", "both.webm", "both.mka", "both.mp4"] {
        let heard = heard(&studio.ffmpeg(&format!("-i {BOTH} -strict -2 -c:a libopus -b:a 96k {file}")));
        heard.beeps_within(5);
        assert!(heard.length_ms().abs_diff(2_000) <= 20, "{file}: {}", heard.length_ms());
        assert_eq!((heard.lost(Track::Me), &heard.notices[..]), (vec![], &[][..]), "{file}");
    }
}

#[test]
fn opus_of_any_rate_and_length_of_frames_is_read() {
    let studio = Studio::new();
    for (rate, frame) in [(8_000, 60), (16_000, 40), (24_000, 10), (48_000, 2)] {
        let frame = if frame == 2 { "2.5".to_owned() } else { frame.to_string() };
        let made = studio.ffmpeg(&format!("-i {BOTH} -ar {rate} -c:a libopus -frame_duration {frame} both.opus"));
        heard(&made).beeps_within(5);
    }
}

/// Puts a number into an Opus header, and the page that holds it right again.
fn with_header_field(mut ogg: Vec<u8>, at: usize, value: u16) -> Vec<u8> {
    let head = ogg.windows(8).position(|window| window == b"OpusHead").unwrap();
    ogg[head + at..head + at + 2].copy_from_slice(&value.to_le_bytes());
    // The first page: 27 bytes, a table of one entry, and the header.
    let page = 28 + usize::from(ogg[27]);
    ogg[22..26].fill(0);
    let crc = ogg[..page].iter().fold(0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte) << 24, |crc, _| crc << 1 ^ if crc >> 31 == 1 { 0x04c1_1db7 } else { 0 })
    });
    ogg[22..26].copy_from_slice(&crc.to_le_bytes());
    ogg
}

#[test]
fn the_header_of_opus_says_what_to_leave_out_and_how_loud_it_is() {
    let studio = Studio::new();
    let ogg = std::fs::read(studio.ffmpeg(&format!("-i {BOTH} -c:a libopus both.opus"))).unwrap();
    let plain = Heard::of(&ogg);
    // 100 ms more of it are the encoder's: all comes as much earlier, and nothing is missing.
    let earlier = Heard::of(&with_header_field(ogg.clone(), 10, 312 + 4_800));
    assert_eq!((earlier.length_ms(), earlier.lost(Track::Me)), (1_900, vec![]));
    assert_eq!(earlier.sounds(Track::Me)[0].0 + 100, plain.sounds(Track::Me)[0].0);
    // −6.02 dB is half.
    let softer = Heard::of(&with_header_field(ogg, 16, (-1541_i16).cast_unsigned()));
    let peak = |heard: &Heard| heard.samples(Track::Me).into_iter().map(i16::unsigned_abs).max().unwrap();
    assert!((peak(&softer) * 2).abs_diff(peak(&plain)) < 20, "{} of {}", peak(&softer), peak(&plain));
}

#[test]
fn two_audio_tracks_are_the_two_sides() {
    let studio = Studio::new();
    for (codec, file) in [
        ("-c:a aac", "call.mp4"),
        ("-c:a aac", "call.mov"),
        ("-c:a pcm_s16le", "pcm.mov"),
        ("-c:a aac", "aac.mkv"),
        ("-c:a flac", "flac.mkv"),
        ("-c:a libopus", "call.mkv"),
        ("-c:a libopus", "call.webm"),
        ("-strict -2 -c:a libopus", "opus.mp4"),
    ] {
        let made = studio.two_tracks(codec, file);
        // AAC in Matroska states no delay of its encoder; both sides are late by it, 21 ms.
        let slack = if file == "aac.mkv" { 25 } else { 5 };
        heard(&made).beeps_within(slack);
        let turned = Heard::all(FileSource::open_tracks(&made, 2).unwrap());
        assert_eq!(turned.samples(Track::Me), heard(&made).samples(Track::Them), "{file}");
        assert_eq!(turned.samples(Track::Them), heard(&made).samples(Track::Me), "{file}");
        let names = FileSource::open_tracks(&made, 2).unwrap().track_names().unwrap().clone();
        let named = |number, name: &str| TrackName { number, name: name.to_owned() };
        let expected = PerTrack { me: named(2, "Desktop"), them: named(1, "Mic/Aux") };
        assert_eq!(names, expected, "{file}");
    }
}

#[test]
fn a_track_that_began_later_lies_where_it_was() {
    let studio = Studio::new();
    for (codec, file) in [("aac", "call.mp4"), ("aac", "call.mov"), ("flac", "call.mkv"), ("libopus", "call.webm")] {
        let made = studio.ffmpeg(&format!("-i {ME} -itsoffset 0.5 -i {THEM} -map 0:a -map 1:a -c:a {codec} {file}"));
        let heard = heard(&made);
        let moments = |track: Track| heard.sounds(track).into_iter().map(|sound| sound.0).collect::<Vec<_>>();
        let near = |found: &[u64], right: [u64; 2]| found.iter().zip(right).all(|(a, b)| a.abs_diff(b) <= 5);
        assert!(near(&moments(Track::Me), [250, 1_250]), "{file}: {:?}", moments(Track::Me));
        assert!(near(&moments(Track::Them), [1_250, 2_250]), "{file}: {:?}", moments(Track::Them));
        // Before its start the track was not recorded, which is not silence.
        let lost = heard.lost(Track::Them);
        assert!(lost[0].0 == 0 && lost[0].1.abs_diff(500) <= 30, "{file}: {lost:?}");
    }
}

#[test]
fn tracks_cut_out_of_a_longer_stream_keep_their_distance() {
    let studio = Studio::new();
    let offsets = "-copyts -itsoffset 7200";
    let words = format!("{offsets} -i {ME} -itsoffset 7200.5 -i {THEM} -map 0:a -map 1:a -c:a flac call.mkv");
    let heard = heard(&studio.ffmpeg(&words));
    assert!(heard.sounds(Track::Me)[0].0.abs_diff(250) <= 5, "{:?}", heard.sounds(Track::Me));
    assert!(heard.sounds(Track::Them)[0].0.abs_diff(1_250) <= 5, "{:?}", heard.sounds(Track::Them));
}

#[test]
fn what_was_cut_off_without_being_taken_out_is_not_heard() {
    let studio = Studio::new();
    studio.ffmpeg(&format!("-i {BOTH} -c:a alac whole.m4a"));
    // The copy begins a second later, by its edit list alone as far as its packets allow.
    let heard = heard(&studio.ffmpeg("-ss 1.0 -i whole.m4a -c copy cut.m4a"));
    assert!(heard.sounds(Track::Me)[0].0.abs_diff(250) <= 5, "{:?}", heard.sounds(Track::Me));
    assert!(heard.sounds(Track::Them)[0].0.abs_diff(750) <= 5, "{:?}", heard.sounds(Track::Them));
}

#[test]
fn a_video_beside_the_sound_is_left_aside() {
    let studio = Studio::new();
    let video = "-f lavfi -i testsrc=size=64x48:rate=5:duration=2";
    for (codecs, file) in [
        ("-c:v mpeg4 -c:a aac", "call.mp4"),
        ("-c:v mpeg4 -c:a pcm_s16le", "call.mov"),
        ("-c:v mpeg4 -c:a libvorbis", "call.mkv"),
        ("-c:v libvpx -c:a libopus", "call.webm"),
    ] {
        heard(&studio.ffmpeg(&format!("{video} -i {BOTH} -map 0:v -map 1:a {codecs} one-{file}"))).beeps_within(5);
        let two = format!("{video} -i {ME} -i {THEM} -map 0:v -map 1:a -map 2:a {codecs} two-{file}");
        heard(&studio.ffmpeg(&two)).beeps_within(5);
    }
}

#[test]
fn a_webm_that_is_written_while_it_is_recorded_is_read() {
    let studio = Studio::new();
    let made = studio.ffmpeg(&format!("-i {BOTH} -c:a libopus -f webm -live 1 -cluster_time_limit 500 live.webm"));
    heard(&made).beeps_within(5);
}

#[test]
fn sides_that_are_not_known_are_refused_with_a_sentence() {
    let studio = Studio::new();
    let said = |error: Option<SourceError>| error.expect("refused").to_string();
    let three = studio.ffmpeg(&format!(
        "-i {BOTH} -i {ME} -i {THEM} -map 0:a -map 1:a -map 2:a -metadata:s:a:1 title=Mic -c:a flac three.mkv"
    ));
    for error in [FileSource::open(&three, None).err(), FileSource::open_tracks(&three, 1).err()] {
        let said = said(error);
        assert!(said.contains("has several audio tracks: 1, 2 (Mic), 3. Two in a file are the two sides"), "{said}");
    }
    let two = studio.two_tracks("-c:a aac", "two.mp4");
    let pair = said(FileSource::open(&two, Some(&studio.0.path().join(THEM))).err());
    assert!(pair.contains("two.mp4 has several audio tracks: 1 (Mic/Aux), 2 (Desktop). "), "{pair}");
    for (file, track) in [(&two, 0), (&two, 3), (&studio.0.path().join(BOTH), 1)] {
        let said = said(FileSource::open_tracks(file, track).err());
        assert!(said.starts_with(&format!("--me-track {track} does not fit ")), "{said}");
    }
}
