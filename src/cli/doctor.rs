//! `keicho doctor`: whether everything that a call needs is in place, and what to do if it is not.

mod noise;
#[cfg(target_os = "linux")]
mod on_top;

use std::fmt::Write as _;
use std::net::{Ipv4Addr, TcpListener};
use std::process::ExitCode;

use clap::Args;

use crate::audio::{PerTrack, Track};
use crate::capture::{self, BackendChoice, CaptureError, CaptureSetup, DeviceChoice, ProbeReport, TrackProbe};
use crate::cli::{PORT, console, give_up_network};
#[cfg(feature = "whisper")]
use crate::models::ModelDir;

use noise::RoomNoise;

#[derive(Debug, Args)]
pub(super) struct DoctorArgs {
    /// The microphone to check
    #[arg(long, value_name = "DEVICE", default_value = "default")]
    me: DeviceChoice,
    /// What plays the other side
    #[arg(long, value_name = "DEVICE|app:NAME", default_value = "default")]
    them: DeviceChoice,
    /// The recogniser's model
    #[cfg(feature = "whisper")]
    #[arg(long, value_name = "NAME|PATH")]
    model: Option<String>,
    /// The overlay's port
    #[arg(long, default_value_t = PORT)]
    port: u16,
}

/// Prints the checks. The status says whether everything is in place.
pub(super) fn run(args: &DoctorArgs) -> anyhow::Result<ExitCode> {
    console::report("listening for a few seconds; say something");
    let port = check_port(args.port);
    give_up_network();
    let device = PerTrack { me: args.me.clone(), them: args.them.clone() };
    let devices = CaptureSetup { device, backend: BackendChoice::from_env()?, ..CaptureSetup::default() };
    let probe = capture::probe(&devices);
    let mut checks = check_devices(&probe);
    if captures_audio(&probe) {
        checks.push(check_noise(devices));
    }
    #[cfg(feature = "whisper")]
    checks.push(check_model(args.model.as_deref()));
    checks.push(port);
    #[cfg(target_os = "linux")]
    checks.extend(on_top::OnTop::from_env(&|name| std::env::var_os(name)).map(check_on_top));
    #[cfg(target_os = "linux")]
    checks.push(check_shortcuts(crate::desktop::shortcuts_portal()));
    console::print(&render(&checks))?;
    Ok(if !checks.iter().any(Check::is_problem) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Whether the room is quiet enough.
fn check_noise(devices: CaptureSetup) -> Check {
    const ROOM: &str = "room";
    match RoomNoise::measure(devices) {
        Ok(Some(room)) => match room.advice() {
            Some(advice) => Check { what: ROOM.to_owned(), state: CheckState::Advice(advice) },
            None => Check::fine(ROOM, room.found()),
        },
        Ok(None) => Check::problem(ROOM, "the microphone sent nothing meanwhile. Connect it again"),
        Err(why) => Check::problem(ROOM, why.to_string()),
    }
}

/// Whether words can be recognised.
#[cfg(feature = "whisper")]
fn check_model(word: Option<&str>) -> Check {
    let word = word.unwrap_or(crate::models::DEFAULT);
    let found = ModelDir::from_env().and_then(|dir| dir.locate(word)).and_then(|model| model.check());
    match found {
        Ok(weights) => Check::fine("model", format!("{} is complete", weights.name())),
        Err(why) => Check::problem("model", why.to_string()),
    }
}

/// Whether the overlay can be served.
fn check_port(port: u16) -> Check {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(_) => Check::fine("overlay port", format!("{port} is free")),
        Err(cause) => Check::problem(
            "overlay port",
            format!("{port} cannot be used ({cause}). Close what uses it, or choose another with --port"),
        ),
    }
}

/// Whether the overlay stays in sight.
#[cfg(target_os = "linux")]
fn check_on_top(session: on_top::OnTop) -> Check {
    match session.sentence() {
        Ok(found) => Check::fine("on top", found),
        Err(advice) => Check { what: "on top".to_owned(), state: CheckState::Advice(advice) },
    }
}

/// Whether the desktop gives keys that hold whatever window is in front.
#[cfg(target_os = "linux")]
fn check_shortcuts(portal: std::io::Result<u32>) -> Check {
    const SHORTCUTS: &str = "shortcuts";
    match portal {
        Ok(_) => Check::fine(
            SHORTCUTS,
            "the desktop gives keys that hold whatever window is in front ([agent] shortcuts = true, then keicho agent)",
        ),
        Err(why) => Check {
            what: SHORTCUTS.to_owned(),
            state: CheckState::Advice(format!(
                "the desktop has no portal for shortcuts ({why}). Give keys of its own settings commands such as \
                 `keicho ctl pause`"
            )),
        },
    }
}

/// A microphone quieter than this, in dB relative to full scale, picks up the room's hiss at most (ours).
const QUIET_DB: f32 = -60.0;

/// An input louder than this, in dB relative to full scale, clips.
const CLIPS_DB: f32 = -0.5;

const NO_SERVER: &str = "none runs, and ALSA alone cannot hear what the computer plays. Start PipeWire or PulseAudio (systemctl --user start \
                         pipewire-pulse)";

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Check {
    /// What was looked at.
    what: String,
    /// The state that it is in.
    state: CheckState,
}

/// The state that a checked thing is in.
#[derive(Clone, Debug, PartialEq, Eq)]
enum CheckState {
    /// It is in place; the sentence says what was found.
    Fine(String),
    /// It is in place, and could be better; the sentence says what to do.
    Advice(String),
    /// It is not in place; the sentence says what is wrong and what to do.
    Problem(String),
}

impl Check {
    /// A thing that is in place.
    fn fine(what: &str, found: impl Into<String>) -> Self {
        Self { what: what.to_owned(), state: CheckState::Fine(found.into()) }
    }

    /// A thing that is not in place, with a sentence that says what to do.
    fn problem(what: &str, to_do: impl Into<String>) -> Self {
        Self { what: what.to_owned(), state: CheckState::Problem(to_do.into()) }
    }

    /// Whether it is not in place.
    fn is_problem(&self) -> bool {
        matches!(self.state, CheckState::Problem(_))
    }
}

/// The checks of the devices: the server, the microphone, and what the computer plays.
fn check_devices(probe: &ProbeReport) -> Vec<Check> {
    let server = match &probe.server {
        // ALSA is what is under a server: where it is all there is, no server runs.
        Ok(server) if server.kind == "ALSA" => {
            Check { what: "sound server".to_owned(), state: CheckState::Advice(NO_SERVER.to_owned()) }
        }
        Ok(server) => Check::fine("sound server", &server.name),
        Err(why) => Check::problem("sound server", sentence(why)),
    };
    let track = |track, what| match &probe.tracks[track] {
        Ok(heard) => check_track(track, what, heard),
        Err(why) => Check::problem(what, sentence(why)),
    };
    vec![server, track(Track::Me, "microphone"), track(Track::Them, "far end")]
}

/// Whether both tracks can be opened and the microphone is not silent.
fn captures_audio(probe: &ProbeReport) -> bool {
    let mine = probe.tracks.me.as_ref().ok().and_then(|heard| heard.level);
    probe.tracks.them.is_ok() && mine.is_some_and(|level| level.peak_dbfs.is_some())
}

fn check_track(track: Track, what: &str, heard: &TrackProbe) -> Check {
    let device = &heard.device;
    let level = match (heard.level, track) {
        (Some(level), _) => level,
        (None, Track::Them) if heard.silent_when_idle => return Check::fine(what, quiet(device)),
        (None, _) => {
            let flag = if track == Track::Me { "--me" } else { "--them" };
            return Check::problem(
                what,
                format!("\"{device}\" sends nothing. Connect it again, or name another with {flag} DEVICE"),
            );
        }
    };
    match (level.peak_dbfs, level.rms_dbfs, track) {
        (Some(peak), _, Track::Me) if peak > CLIPS_DB => {
            Check::problem(what, format!("\"{device}\" is so loud that it clips. Turn its input level down"))
        }
        (Some(peak), Some(rms), Track::Me) if peak < QUIET_DB => Check::problem(
            what,
            format!("\"{device}\" hears almost nothing ({rms:.0} dBFS). Speak, and turn its input level up"),
        ),
        (Some(peak), Some(rms), _) => Check::fine(what, format!("{device}: {rms:.0} dBFS, peak {peak:.0}")),
        (_, _, Track::Me) => Check::problem(
            what,
            format!("\"{device}\" sends no signal. Unmute it, and let this program use the microphone"),
        ),
        (_, _, Track::Them) => Check::fine(what, quiet(device)),
    }
}

fn quiet(device: &str) -> String {
    format!("{device}: nothing plays now")
}

fn sentence(error: &CaptureError) -> String {
    error.to_string()
}

/// The checks, as they are printed.
fn render(checks: &[Check]) -> String {
    let width = checks.iter().map(|check| check.what.len()).max().unwrap_or(0);
    let mut page = String::new();
    for Check { what, state } in checks {
        let (mark, sentence) = match state {
            CheckState::Fine(found) => ("ok     ", found),
            CheckState::Advice(to_do) => ("advice ", to_do),
            CheckState::Problem(to_do) => ("problem", to_do),
        };
        // Writing to a string cannot fail.
        let _ = writeln!(page, "{mark}  {what:width$}  {sentence}");
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::PerTrack;
    use crate::capture::{SoundLevel, SoundServer};

    fn heard(device: &str, samples: &[f32]) -> Result<TrackProbe, CaptureError> {
        Ok(TrackProbe { device: device.into(), level: SoundLevel::measure(samples), silent_when_idle: false })
    }

    fn page(me: Result<TrackProbe, CaptureError>, them: Result<TrackProbe, CaptureError>) -> String {
        let server = Ok(SoundServer { kind: "PulseAudio".into(), name: "pulseaudio 16.1".into() });
        render(&check_devices(&ProbeReport { server, tracks: PerTrack { me, them } }))
    }

    #[test]
    fn all_in_place() {
        insta::assert_snapshot!(page(heard("Headset", &[0.1, -0.1]), heard("Speakers", &[0.0])), @r"
        ok       sound server  pulseaudio 16.1
        ok       microphone    Headset: -20 dBFS, peak -20
        ok       far end       Speakers: nothing plays now
        ");
    }

    #[test]
    fn alsa_alone_is_no_sound_server() {
        let server = Ok(SoundServer { kind: "ALSA".into(), name: "ALSA".into() });
        let them = Err(CaptureError::NoLoopback);
        let probe = ProbeReport { server, tracks: PerTrack { me: heard("Headset", &[0.1, -0.1]), them } };
        let said = render(&check_devices(&probe));
        let first = said.lines().next().unwrap_or_default();
        assert!(first.starts_with("advice   sound server  none runs"), "{said}");
    }

    #[test]
    fn each_problem_says_what_to_do() {
        insta::assert_snapshot!(page(heard("Headset", &[0.0]), heard("Speakers", &[])), @r#"
        ok       sound server  pulseaudio 16.1
        problem  microphone    "Headset" sends no signal. Unmute it, and let this program use the microphone
        problem  far end       "Speakers" sends nothing. Connect it again, or name another with --them DEVICE
        "#);
        insta::assert_snapshot!(page(heard("Headset", &[0.99]), Err(CaptureError::NoLoopback)), @r#"
        ok       sound server  pulseaudio 16.1
        problem  microphone    "Headset" is so loud that it clips. Turn its input level down
        problem  far end       what the computer plays cannot be heard through ALSA alone. Start PipeWire or PulseAudio, or name a capture device that holds it with --them DEVICE (modprobe snd-aloop makes one)
        "#);
        insta::assert_snapshot!(page(heard("Headset", &[0.0001]), heard("Speakers", &[0.5])), @r#"
        ok       sound server  pulseaudio 16.1
        problem  microphone    "Headset" hears almost nothing (-80 dBFS). Speak, and turn its input level up
        ok       far end       Speakers: -6 dBFS, peak -6
        "#);
    }
}
