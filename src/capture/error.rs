//! Why something cannot be captured, and what to do.

use crate::audio::Track;

/// Why devices cannot be found or opened. Each message says what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CaptureError {
    /// No sound server answers. Start one.
    #[error(
        "no PulseAudio or PipeWire server answers ({cause}). Log in to a desktop session or start one (systemctl --user start pipewire-pulse), or set KEICHO_AUDIO=cpal to use ALSA directly"
    )]
    NoServer {
        /// What was tried and what happened.
        cause: String,
    },
    /// The user's settings name a sound server on a network. Name one of this computer.
    #[error(
        "{place} names a sound server on a network ({servers}), and what is heard may not cross one. Name a server of this computer there (unix:/PATH), or take that setting away"
    )]
    NetworkServer {
        /// The environment variable, or the line and its file.
        place: String,
        /// What it says.
        servers: String,
    },
    /// A device of the sound server is another computer's. Choose one of this computer.
    #[error(
        "\"{device}\" is reached over a network, and what is heard may not cross one. Choose a device of this computer, or name one with {flag}",
        flag = flag(.track)
    )]
    NetworkDevice {
        /// Which track it was for.
        track: Track,
        /// The device.
        device: String,
    },
    /// The sound server stopped answering.
    #[error("the sound server does not answer ({cause}). Start it again (systemctl --user restart pipewire-pulse)")]
    ServerSilent {
        /// What happened.
        cause: String,
    },
    /// There is no microphone, or only monitors of outputs.
    #[error(
        "the system has no microphone to listen to. Plug one in, allow this program to use it, or name a device with --me DEVICE"
    )]
    NoMicrophone,
    /// No sound server answers, and there is no microphone without one. Start one.
    #[error(
        "no PulseAudio or PipeWire server answers ({cause}), and ALSA alone has no such device. Log in to a desktop session or start one (systemctl --user start pipewire-pulse)"
    )]
    NoServerNorDevice {
        /// What was tried of the server, and what happened.
        cause: String,
    },
    /// A device that was there cannot be found any more. Connect it again.
    #[error("\"{device}\" is not there ({cause}). Connect it, or name another with {flag}", flag = flag(.track))]
    NotThere {
        /// Which track it was for.
        track: Track,
        /// The device.
        device: String,
        /// What the system said.
        cause: String,
    },
    /// There is no output whose sound could be heard.
    #[error("the system has no output to listen to. Connect one, or name a device with --them DEVICE")]
    NoOutput,
    /// Plain ALSA cannot hear what the computer plays.
    #[error(
        "what the computer plays cannot be heard through ALSA alone. Start PipeWire or PulseAudio, or name a capture device that holds it with --them DEVICE (modprobe snd-aloop makes one)"
    )]
    NoLoopback,
    /// The default output is a microphone as well, and that is what would be heard.
    #[error(
        "\"{device}\" has a microphone of its own, which would be taken for the far end. Let the system play through another output, or name a loopback device with --them DEVICE"
    )]
    OutputHasMicrophone {
        /// The device.
        device: String,
    },
    /// No device goes by that name.
    #[error(
        "no {what} is called \"{name}\". Give {flag} one of: {known}",
        what = thing(.track), flag = flag(.track), known = listed(.known)
    )]
    UnknownDevice {
        /// Which track it was for.
        track: Track,
        /// The name that was given.
        name: String,
        /// What there is.
        known: Vec<String>,
    },
    /// More than one device goes by that name.
    #[error("\"{name}\" could be any of: {known}. Give {flag} more of the name", flag = flag(.track), known = listed(.known))]
    Ambiguous {
        /// Which track it was for.
        track: Track,
        /// The name that was given.
        name: String,
        /// What it could be.
        known: Vec<String>,
    },
    /// No application of that name plays anything.
    #[error(
        "no application called \"{name}\" plays sound now. Join the call first, then give --them app:NAME with one of: {known}",
        known = listed(.known)
    )]
    NoApp {
        /// The name that was given.
        name: String,
        /// The applications that do.
        known: Vec<String>,
    },
    /// One application's sound cannot be taken apart here.
    #[error(
        "one application's sound can be taken with PulseAudio or PipeWire alone. Leave --them out, or give it a device"
    )]
    AppsUnsupported,
    /// The manager's own track cannot be what an application plays.
    #[error("--me takes a device, not an application. See `keicho devices` for their names")]
    AppForMe,
    /// The system refused access to a device.
    #[error("the system does not let this program hear \"{device}\". Allow it the microphone in the privacy settings")]
    PermissionDenied {
        /// The device.
        device: String,
    },
    /// A device would not open.
    #[error("\"{device}\" cannot be opened ({cause}). Close the program that holds it, or name another with {flag}", flag = flag(.track))]
    CannotOpen {
        /// Which track it was for.
        track: Track,
        /// The device.
        device: String,
        /// What the system said.
        cause: String,
    },
    /// The system's devices cannot be listed.
    #[error("the system's audio devices cannot be listed ({cause}). Check that the audio service runs")]
    CannotListDevices {
        /// What the system said.
        cause: String,
    },
    /// A thread could not be started, or ended on its own.
    #[error("capturing cannot go on ({cause}). Start the program again")]
    Stopped {
        /// What happened.
        cause: String,
    },
    /// The environment names a way to capture that does not exist.
    #[error("KEICHO_AUDIO={word} is not a way to capture here. Use pulse (on Linux) or cpal, or unset it")]
    UnknownBackend {
        /// The word.
        word: String,
    },
}

impl CaptureError {
    /// Whether it is the sound server that does not answer, rather than a device that is not there. Where a call goes through
    /// ALSA alone there was no server from the first: its device is gone.
    pub(super) fn is_of_server(&self) -> bool {
        matches!(self, Self::ServerSilent { .. } | Self::NoServer { .. })
    }
}

fn flag(track: &Track) -> &'static str {
    match track {
        Track::Me => "--me",
        Track::Them => "--them",
    }
}

fn thing(track: &Track) -> &'static str {
    match track {
        Track::Me => "microphone",
        Track::Them => "loopback",
    }
}

fn listed(names: &[String]) -> String {
    if names.is_empty() { "(there is none)".to_owned() } else { names.join(", ") }
}
