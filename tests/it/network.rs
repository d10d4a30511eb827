//! A sound server on a network is refused in one sentence, whatever it would be reached through, and nothing reaches
//! for it.

use std::io::ErrorKind;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output};

use crate::support::run::{PROGRAM, WorkingDir};

/// Devices as a desktop has them: whatever is opened through ALSA asks the sound server.
const ASOUND_CONF: &str = "pcm.!default { type pulse }\nctl.!default { type pulse }\n";

const REFUSAL: &str = "on a network (";

/// A server that must not be reached.
struct FarServer {
    listener: TcpListener,
    address: String,
    dir: WorkingDir,
}

impl FarServer {
    fn listen() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = format!("tcp:{}", listener.local_addr().unwrap());
        let dir = WorkingDir::new();
        dir.put("asound.conf", ASOUND_CONF.as_bytes());
        Self { listener, address, dir }
    }

    /// Runs the program where this server is what the settings name.
    fn run(&self, words: &[&str], settings: &[(&str, &str)]) -> Output {
        let dir = self.dir.path();
        let mut command = Command::new(PROGRAM);
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default()).current_dir(dir);
        command.env("HOME", dir).env("XDG_RUNTIME_DIR", dir).env("KEICHO_MODELS", "none");
        let system = "/usr/share/alsa/alsa.conf";
        command.env("ALSA_CONFIG_PATH", format!("{system}:{}", dir.join("asound.conf").display()));
        command.envs(settings.iter().copied()).args(words).output().unwrap()
    }

    #[track_caller]
    fn is_refused(&self, settings: &[(&str, &str)]) {
        for audio in ["", "pulse", "cpal"] {
            let settings = [settings, &[("KEICHO_AUDIO", audio)]].concat();
            for words in
                [&["devices"][..], &["doctor", "--port", "0"], &["live", "--port", "0", "--no-open", "--at-once"]]
            {
                let output = self.run(words, &settings);
                let said = [&output.stdout[..], &output.stderr].map(|said| String::from_utf8_lossy(said).into_owned());
                let said = said.concat();
                assert_eq!(output.status.code(), Some(1), "{words:?} {settings:?} {said}");
                assert!(said.contains(REFUSAL), "{words:?} {settings:?} {said}");
                let reached = self.listener.accept().map(drop).map_err(|error| error.kind());
                assert_eq!(reached, Err(ErrorKind::WouldBlock), "{words:?} {settings:?} reached it");
            }
        }
    }

    /// Writes a file of settings that names the server.
    fn name_in(&self, path: &Path) {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, format!("default-server = {}\n", self.address)).unwrap();
    }
}

#[test]
fn a_server_that_the_environment_names_is_not_reached() {
    let far = FarServer::listen();
    far.is_refused(&[("PULSE_SERVER", &far.address)]);
}

#[test]
fn a_server_that_a_file_of_settings_names_is_not_reached() {
    let far = FarServer::listen();
    let named = far.dir.path().join("named.conf");
    far.name_in(&named);
    far.is_refused(&[("PULSE_CLIENTCONFIG", named.to_str().unwrap())]);
    far.name_in(&far.dir.path().join(".config/pulse/client.conf"));
    far.is_refused(&[]);
}

/// ALSA's own settings may name one too, where nobody would look for it: the kernel refuses the way there.
#[test]
fn a_server_that_alsa_alone_knows_is_not_reached() {
    let far = FarServer::listen();
    let device = format!("pcm.!default {{ type pulse server \"{}\" }}\nctl.!default {{ type pulse }}\n", far.address);
    far.dir.put("asound.conf", device.as_bytes());
    for words in [&["devices"][..], &["doctor", "--port", "0"], &["live", "--port", "0", "--no-open", "--at-once"]] {
        let output = far.run(words, &[("KEICHO_AUDIO", "cpal"), ("PULSE_SERVER", "unix:/nonexistent/native")]);
        let reached = far.listener.accept().map(drop).map_err(|error| error.kind());
        assert_eq!(reached, Err(ErrorKind::WouldBlock), "{words:?} reached it: {output:?}");
    }
}

/// One of this computer that does not answer is no reason to go on to the next that is named.
#[test]
fn a_network_is_no_way_out_if_the_server_of_this_computer_does_not_answer() {
    let far = FarServer::listen();
    let servers = format!("unix:/nonexistent/native {}", far.address);
    for audio in ["", "cpal"] {
        let output = far.run(&["devices"], &[("PULSE_SERVER", &servers), ("KEICHO_AUDIO", audio)]);
        assert!(String::from_utf8_lossy(&output.stderr).contains(REFUSAL), "{output:?}");
    }
    assert_eq!(far.listener.accept().map(drop).map_err(|error| error.kind()), Err(ErrorKind::WouldBlock));
}

/// The commonest reason why nothing can be heard, in one sentence and without the lines of ALSA's library.
#[test]
fn without_a_sound_server_one_sentence_says_what_to_start() {
    let dir = WorkingDir::new();
    let mut command = Command::new(PROGRAM);
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default()).current_dir(dir.path());
    command.env("HOME", dir.path()).env("XDG_RUNTIME_DIR", dir.path()).env("KEICHO_MODELS", "none");
    // A system without a card: the devices that ALSA knows lead nowhere.
    dir.put("asound.conf", b"pcm.!default { type hw card 99 }\nctl.!default { type hw card 99 }\n");
    command.env("ALSA_CONFIG_PATH", format!("/usr/share/alsa/alsa.conf:{}", dir.path().join("asound.conf").display()));
    let output = command.args(["live", "--port", "0", "--no-open", "--at-once"]).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    let sentence = said
        .strip_prefix("keicho: warning: this call goes without words")
        .map_or(&said[..], |rest| rest.split_once('\n').map_or("", |(_, rest)| rest));
    assert!(sentence.starts_with("keicho: no PulseAudio or PipeWire server answers ("), "{said}");
    assert_eq!(sentence.lines().count(), 1, "{said}");
}
