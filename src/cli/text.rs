//! The words on the command line that choose a call's recogniser.

use clap::Args;

use crate::app::TextChoices;
use crate::cli::LanguageName;

#[derive(Debug, Args)]
pub(super) struct TextArgs {
    /// The language that is spoken; found from both sides as the call goes on unless it is said
    #[arg(long, value_enum, default_value = "auto")]
    lang: LanguageName,
    /// The recogniser's model: a name that `keicho models` lists, or the path of a ggml file [default: base]
    #[arg(long, value_name = "NAME|PATH")]
    model: Option<String>,
    /// Does without words: no fillers, no questions, no pace
    #[arg(long, conflicts_with_all = ["model", "transcript"])]
    no_text: bool,
    /// Keeps what was said in the summary, and shows it on the overlay; tell the other person
    #[arg(long)]
    transcript: bool,
    /// Threads of the recogniser; they spin, so leave the call application its own [default: what can be spared]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=64))]
    threads: Option<u8>,
    /// Prints how the recogniser keeps up: text delay, queue, coverage
    #[arg(long)]
    pub(super) stats: bool,
}

impl TextArgs {
    /// The choices that the words make.
    pub(super) fn choices(&self) -> TextChoices {
        TextChoices {
            language: self.lang.language(),
            model: self.model.clone(),
            without_words: self.no_text,
            keep_words: self.transcript,
            threads: self.threads,
        }
    }
}
