//! `keicho models`: lists the models, fetches them, and checks those that are here.

use std::fmt::Write as _;
use std::process::ExitCode;
#[cfg(feature = "whisper")]
use std::time::Duration;

use clap::{Args, Subcommand};

#[cfg(feature = "whisper")]
use crate::asr::{
    speed,
    whisper::{WhisperModel, WhisperSettings},
};
use crate::cli::console;
#[cfg(feature = "whisper")]
use crate::models::MEASURED_SPEECH;
use crate::models::{Curl, DEFAULT, FetchProgress, Fetched, Model, ModelDir, ModelError, ModelKind};

#[derive(Debug, Args)]
pub(super) struct ModelsArgs {
    #[command(subcommand)]
    action: Option<ModelsAction>,
}

#[derive(Debug, Subcommand)]
enum ModelsAction {
    /// Lists the models, and which of them are here, as is done if nothing is said
    List,
    /// Brings models here, through curl; goes on where it was interrupted
    Fetch {
        /// The models
        #[arg(value_name = "NAME", default_value = DEFAULT)]
        names: Vec<String>,
    },
    /// Checks the digest and the structure of models
    Verify {
        /// A model, or the path of a ggml file of Whisper; all that are here by default
        #[arg(value_name = "NAME|PATH")]
        word: Option<String>,
    },
    /// Measures this machine for some seconds, and names the best model that keeps up beside a call
    Recommend,
    /// Prints the folder where models lie, or would
    Path,
}

/// Runs the command. The status says whether all models that were looked at are sound.
pub(super) fn run(args: &ModelsArgs) -> anyhow::Result<ExitCode> {
    match run_action(&ModelDir::from_env()?, args.action.as_ref()) {
        Err(error) if matches!(error.downcast_ref(), Some(ModelError::Unknown { .. })) => {
            console::report(format_args!("keicho: {error}"));
            Ok(ExitCode::from(WRONG_WORDS))
        }
        done => done,
    }
}

/// The status that clap gives to words that it knows are wrong.
const WRONG_WORDS: u8 = 2;

fn run_action(dir: &ModelDir, work: Option<&ModelsAction>) -> anyhow::Result<ExitCode> {
    match work {
        None | Some(ModelsAction::List) => console::print(&list(dir))?,
        Some(ModelsAction::Fetch { names }) => {
            for name in names {
                let fetched = dir.fetch(name, &Curl::of_system(), &mut |step| console::report(progress_line(step)))?;
                console::announce(done(name, &fetched));
            }
        }
        Some(ModelsAction::Verify { word: Some(word) }) => console::announce(verify(dir, word)?),
        Some(ModelsAction::Verify { word: None }) => return Ok(verify_all(dir)),
        Some(ModelsAction::Recommend) => console::announce(recommend(dir)?),
        Some(ModelsAction::Path) => console::print(&format!("{}\n", dir.folder().display()))?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Looks through every model that is here, and goes on if one is wrong.
fn verify_all(dir: &ModelDir) -> ExitCode {
    let here: Vec<_> = dir.models().iter().filter(|model| dir.contains(model)).collect();
    if here.is_empty() {
        console::announce(format_args!("no model is here yet. Fetch one with `keicho models fetch {DEFAULT}`"));
    }
    let mut status = ExitCode::SUCCESS;
    for model in here {
        match verify(dir, &model.name) {
            Ok(line) => console::announce(line),
            Err(error) => {
                console::report(format_args!("keicho: {error}"));
                status = ExitCode::FAILURE;
            }
        }
    }
    status
}

/// A sentence that says which model this machine can run, and how to get it.
#[cfg(feature = "whisper")]
fn recommend(dir: &ModelDir) -> anyhow::Result<String> {
    console::report("measuring this machine for some seconds; what else runs beside a call should run now");
    let model = WhisperModel::load(&dir.untrained()?)?;
    let mut recognizer = model.recognizer(WhisperSettings { threads: WhisperSettings::default_threads() })?;
    let measured = speed::decoding_time(&mut recognizer, MEASURED_SPEECH)?;
    Ok(advice(dir, measured))
}

#[cfg(not(feature = "whisper"))]
fn recommend(_: &ModelDir) -> anyhow::Result<String> {
    Err(crate::app::AppError::NoRecognizer.into())
}

/// What is recommended to a machine that took so long, and what to do then.
#[cfg(feature = "whisper")]
fn advice(dir: &ModelDir, measured: Duration) -> String {
    let recommendation = dir.recommend(measured);
    let next = match &recommendation.best {
        Some(best) if dir.contains(best.model) => "It is here".to_owned(),
        Some(best) => format!("Fetch it with `keicho models fetch {}`", best.model.name),
        None => "Words will come late, or are left out with --no-text".to_owned(),
    };
    format!("{recommendation}. {next}")
}

/// A line that says that a model is sound.
fn verify(dir: &ModelDir, word: &str) -> Result<String, ModelError> {
    if let Some(model) = dir.model(word).filter(|model| model.kind == ModelKind::Detector) {
        let size = megabytes(dir.detector(word)?.len() as u64);
        return Ok(format!("ok  {word}  {}, {size}  {}", purpose(model), dir.path_of(model).display()));
    }
    let located = dir.locate(word)?;
    let path = located.path().display().to_string();
    let weights = located.check()?;
    let languages = if weights.is_multilingual() { "multilingual" } else { "English" };
    let name = if weights.name() == path { String::new() } else { format!("{}  ", weights.name()) };
    Ok(format!("ok  {name}{languages}, {}  {path}", megabytes(weights.bytes().len() as u64)))
}

/// The list, as it is printed.
fn list(dir: &ModelDir) -> String {
    let width = dir.models().iter().map(|model| model.name.len()).max().unwrap_or(0);
    let mut page = String::new();
    for model in dir.models() {
        let state = if dir.contains(model) { dir.path_of(model).display().to_string() } else { "not here".to_owned() };
        let (name, size) = (&model.name, megabytes(model.bytes));
        // Writing to a string cannot fail.
        let _ = writeln!(page, "{name:width$}  {:13}  {size:>7}  {}  {state}", purpose(model), model.licence);
    }
    let _ = writeln!(page, "\n`keicho models fetch NAME` brings one to {}", dir.folder().display());
    page
}

/// The languages of a recogniser, in few words.
fn purpose(model: &Model) -> String {
    match &model.kind {
        ModelKind::Recogniser { languages, .. } => match languages.as_slice() {
            [one] => one.clone(),
            many => format!("{} languages", many.len()),
        },
        ModelKind::Detector => "detector".to_owned(),
    }
}

fn megabytes(bytes: u64) -> String {
    format!("{} MB", bytes.div_ceil(1_000_000))
}

/// The line that is printed for a step of fetching a model.
fn progress_line(step: FetchProgress<'_>) -> String {
    match step {
        FetchProgress::Waiting => "another fetch of this model runs; waiting for it".to_owned(),
        FetchProgress::Trying(source) => format!("trying {}", source.host()),
        FetchProgress::Failed { source, reason } => format!("{} did not give it: {reason}", source.host()),
    }
}

fn done(name: &str, fetched: &Fetched) -> String {
    match fetched {
        Fetched::Already(path) => format!("{name} is here already: {}", path.display()),
        Fetched::New(path) => format!("{name} is here: {}", path.display()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_says_what_is_here() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("ggml-tiny.en.bin"), "any").unwrap();
        let dir = ModelDir::new(folder.path()).unwrap();
        let page = list(&dir).replace(&folder.path().display().to_string(), "FOLDER").replace('\\', "/");
        insta::assert_snapshot!(page, @r"
        base                 99 languages    148 MB  MIT, OpenAI  not here
        tiny.en              en               78 MB  MIT, OpenAI  FOLDER/ggml-tiny.en.bin
        small                99 languages    488 MB  MIT, OpenAI  not here
        small-q5_1           99 languages    191 MB  MIT, OpenAI  not here
        medium               99 languages   1534 MB  MIT, OpenAI  not here
        medium-q5_0          99 languages    540 MB  MIT, OpenAI  not here
        large-v3-turbo       100 languages  1625 MB  MIT, OpenAI  not here
        large-v3-turbo-q5_0  100 languages   575 MB  MIT, OpenAI  not here
        silero               detector          2 MB  MIT, Silero Team  not here

        `keicho models fetch NAME` brings one to FOLDER
        ");
    }

    #[test]
    #[cfg(feature = "whisper")]
    fn what_is_recommended_says_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("ggml-base.bin"), "any").unwrap();
        let dir = ModelDir::new(folder.path()).unwrap();
        let said = [100, 700, 9_010].map(|ms| advice(&dir, Duration::from_millis(ms)));
        insta::assert_snapshot!(said.join("\n"), @r"
        medium is the best model that keeps up beside a call here: it takes 0.33 s for a second of speech; large-v3-turbo would take 0.54 s, and more than 0.50 s is too slow. Fetch it with `keicho models fetch medium`
        base is the best model that keeps up beside a call here: it takes 0.17 s for a second of speech; small would take 0.70 s, and more than 0.50 s is too slow. It is here
        no model of both languages keeps up beside a call here; base would take 2.26 s, and more than 0.50 s is too slow. Words will come late, or are left out with --no-text
        ");
    }

    #[test]
    fn what_is_told_while_one_is_fetched() {
        let dir = ModelDir::new("somewhere").unwrap();
        let sources = ["base", "silero"].iter().flat_map(|name| &dir.model(name).unwrap().sources);
        let sources: Vec<_> = sources.map(|source| progress_line(FetchProgress::Trying(source))).collect();
        insta::assert_snapshot!(sources.join("\n"), @r"
        trying huggingface.co
        trying raw.githubusercontent.com
        ");
    }
}
