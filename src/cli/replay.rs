//! `keicho replay`: a recorded call, or a transcript of one, through the chain that runs live.

use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::Args;

use crate::app::{
    CallKeeping, CallPace, CallPlan, EventSelector, Notifier as _, OpenSource, Stopper, TextPlan, UserNotice,
};
use crate::audio::PerTrack;
use crate::cli::call::{self, CallExtras};
use crate::cli::pace::PaceName;
use crate::cli::terminal::Terminal;
use crate::cli::{CallArgs, OverlayArgs, user_language};
use crate::config::ConfigFile;
use crate::frontend::vad::Detector;
use crate::records::Origin;
use crate::session::SessionSetup;
use crate::source::Source;
use crate::source::file::{FileSource, TrackName};
use crate::source::transcript::{CueEnds, Transcript, TranscriptSource};
use crate::time::Samples;

#[derive(Debug, Args)]
pub(super) struct ReplayArgs {
    /// The recording: two channels (left is you) or two audio tracks (the first is you), or your side alone where THEM is
    /// given; or a transcript that names its speakers: WebVTT, SubRip, RTTM, CSV, JSON, or the text of Otter, Notta or Zoom's captions
    call: PathBuf,
    /// A recording of the other side
    them: Option<PathBuf>,
    /// Who of the transcript's speakers you are; all others are the other side
    #[arg(long, value_name = "NAME")]
    speaker_me: Option<String>,
    /// Which of a recording's two audio tracks you are, 1 or 2 [default: 1]
    #[arg(long, value_name = "N", conflicts_with = "them")]
    me_track: Option<usize>,
    /// The folder for the results.
    #[arg(long, value_name = "DIR", help = "Where the results go [default: ./<name of the call>.keicho]")]
    out: Option<PathBuf>,
    /// As fast as the processor allows, or at the pace of life
    #[arg(long, value_enum, default_value = "fast")]
    pace: PaceName,
    /// Serves the overlay meanwhile
    #[arg(long)]
    serve: bool,
    /// Prints the figures that decided an event: its number in events.jsonl, a kind, or a kind and a time
    #[arg(long, value_name = "EVENT")]
    explain: Option<EventSelector>,
    /// Writes the shared summary, mirror.html, as well: the same call for both of you, without advice, to show or to
    /// hand over; nothing is sent
    #[arg(long)]
    mirror: bool,
    #[command(flatten)]
    pub(super) call_args: CallArgs,
    #[command(flatten)]
    overlay: OverlayArgs,
}

/// The source of a replay, and what is known of it.
struct ReplayInput {
    open: OpenSource,
    length: Option<Samples>,
    origin: Origin,
    text: TextPlan,
    /// The audio tracks that are the sides, if they are.
    track_names: Option<PerTrack<TrackName>>,
}

pub(super) fn run(args: &ReplayArgs) -> anyhow::Result<()> {
    let config = ConfigFile::locate()?.read()?;
    let replayed = open(args)?;
    let detector = if replayed.origin.has_sound() { args.call_args.vad.detector()? } else { Detector::default() };
    let pace = CallPace::from(args.pace);
    let name = name(&args.call);
    let out = args.out.clone().unwrap_or_else(|| PathBuf::from(format!("{name}.keicho")));
    let plan = CallPlan {
        keeping: CallKeeping::Folder { id: name, folder: out },
        begins_on_page: false,
        choices: args.call_args.choices()?,
        calendar: None,
        off_record: config.off_record,
        setup: SessionSetup { policy: config.policy, detector, ..SessionSetup::default() },
        text: replayed.text,
        origin: replayed.origin,
        devices: None,
        settings: None,
        model_fetcher: None,
        trial: None,
        unseen: None,
        pace,
        overlay: args.serve.then(|| args.overlay.plan()),
        gives_up_network: false,
        language: user_language(),
    };
    let length = replayed.length.filter(|_| pace == CallPace::Fast);
    let terminal = Terminal::default().with_progress(length).with_stats(args.call_args.text.stats);
    if let Some(names) = replayed.track_names {
        terminal.notify(UserNotice::SidesByTrack(names));
    }
    let extras = CallExtras { explain: args.explain.clone(), mirror: args.mirror };
    call::run(plan, replayed.open, Stopper::between_blocks(), terminal, &extras)
}

/// Refuses a pipe or a device, which would be waited for; what else is wrong with a file is said when it is opened.
fn refuse_pipes<'a>(mut files: impl Iterator<Item = &'a PathBuf>) -> anyhow::Result<()> {
    let is_pipe = |path: &&PathBuf| path.metadata().is_ok_and(|found| !found.is_file() && !found.is_dir());
    match files.find(is_pipe) {
        Some(path) => bail!("{} is a pipe or a device. Save what comes from it into a file first", path.display()),
        None => Ok(()),
    }
}

fn open(args: &ReplayArgs) -> anyhow::Result<ReplayInput> {
    let files = [Some(&args.call), args.them.as_ref()].into_iter().flatten();
    refuse_pipes(files.clone())?;
    let transcript = files.clone().find(|path| Transcript::is_transcript(path));
    let Some(path) = transcript else { return recording(args) };
    if files.count() > 1 {
        bail!(
            "{path} is a transcript, which holds both sides. Give it alone: keicho replay {path}",
            path = path.display()
        );
    }
    if args.me_track.is_some() {
        bail!("--me-track is for recordings. Of a transcript's speakers --speaker-me NAME says who you are");
    }
    let transcript = Transcript::read(path)?;
    let me = transcript.find_speaker(args.speaker_me.as_deref())?;
    let ends = transcript.ends();
    let origin = match ends {
        CueEnds::Stated => Origin::Transcript,
        CueEnds::Guessed => Origin::TranscriptStarts,
    };
    let lines = transcript.into_track_cues(me);
    let source = TranscriptSource::new(&lines).with_ends(ends);
    Ok(ReplayInput {
        length: Some(source.length()),
        origin,
        text: args.call_args.text.choices().plan_from_transcript(&lines),
        open: Box::new(|| Ok(Box::new(source) as Box<dyn Source>)),
        track_names: None,
    })
}

fn recording(args: &ReplayArgs) -> anyhow::Result<ReplayInput> {
    let source = match args.me_track {
        Some(me) => FileSource::open_tracks(&args.call, me)?,
        None => FileSource::open(&args.call, args.them.as_deref())?,
    };
    if args.speaker_me.is_some() {
        bail!("--speaker-me is for transcripts. In a recording you are the left channel, or the first of two files");
    }
    Ok(ReplayInput {
        length: source.length(),
        origin: Origin::Replay,
        text: args.call_args.text.choices().plan()?,
        track_names: source.track_names().cloned(),
        open: Box::new(|| Ok(Box::new(source) as Box<dyn Source>)),
    })
}

/// The file's name without its ending.
fn name(path: &Path) -> String {
    path.file_stem().map_or_else(|| "call".to_owned(), |stem| stem.to_string_lossy().into_owned())
}
