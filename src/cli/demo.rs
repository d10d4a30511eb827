//! `keicho demo`: a bundled call in the user's language, in real time, with the overlay.

use std::io::Cursor;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::app::{CallKeeping, CallPace, CallPlan, Stopper, TextChoices};
use crate::cli::call::{self, CallExtras};
use crate::cli::terminal::Terminal;
use crate::cli::text::TextArgs;
use crate::cli::{OverlayArgs, user_language};
use crate::config::OffRecordLengths;
use crate::i18n::Bilingual;
use crate::language::Language;
use crate::nudges::Policy;
use crate::prepare::Choices;
use crate::records::Origin;
use crate::session::SessionSetup;
use crate::source::Source;
use crate::source::file::FileSource;

/// Some two minutes of an invented 1on1 a language; `tests/sample_call` says what is in them.
const CALLS: Bilingual<&[u8]> = Bilingual {
    ja: include_bytes!("../../tests/sample_call/demo_ja.flac"),
    en: include_bytes!("../../tests/sample_call/demo_en.flac"),
};

#[derive(Debug, Args)]
pub(super) struct DemoArgs {
    /// Where the results go
    #[arg(long, value_name = "DIR", default_value = "demo.keicho")]
    out: PathBuf,
    #[command(flatten)]
    text: TextArgs,
    #[command(flatten)]
    overlay: OverlayArgs,
}

pub(super) fn run(args: &DemoArgs) -> anyhow::Result<()> {
    let (text, language) = in_one_language(args.text.choices(), user_language());
    let text = text.plan()?;
    let source = FileSource::two_channels(Path::new("demo.flac"), Box::new(Cursor::new(CALLS.pick(language))))?;
    let plan = CallPlan {
        keeping: CallKeeping::Folder { id: "demo".to_owned(), folder: args.out.clone() },
        begins_on_page: false,
        choices: Choices::default(),
        calendar: None,
        off_record: OffRecordLengths::default(),
        setup: SessionSetup { policy: Policy::demo(), ..SessionSetup::default() },
        text,
        origin: Origin::Demo,
        devices: None,
        settings: None,
        model_fetcher: None,
        trial: None,
        unseen: None,
        pace: CallPace::Real,
        overlay: Some(args.overlay.plan()),
        gives_up_network: false,
        language,
    };
    let open = Box::new(|| Ok(Box::new(source) as Box<dyn Source>));
    let terminal = Terminal::default().with_stats(args.text.stats);
    call::run(plan, open, Stopper::between_blocks(), terminal, &CallExtras::default())
}

/// The call, its recogniser and its pages are in one language: the one that was named, or the user's.
fn in_one_language(text: TextChoices, user: Language) -> (TextChoices, Language) {
    let language = text.language.unwrap_or(user);
    (TextChoices { language: Some(language), ..text }, language)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        demo: DemoArgs,
    }

    fn language(words: &[&str], user: Language) -> Language {
        let line = Line::parse_from(["demo"].iter().chain(words));
        let (text, language) = in_one_language(line.demo.text.choices(), user);
        assert_eq!(text.language, Some(language));
        language
    }

    #[test]
    fn the_demo_is_in_the_users_language_or_the_one_that_is_named() {
        for (user, other, name) in [(Language::Ja, Language::En, "en"), (Language::En, Language::Ja, "ja")] {
            assert_eq!(language(&[], user), user);
            assert_eq!(language(&["--lang", "auto"], user), user);
            assert_eq!(language(&["--lang", name], user), other);
        }
        assert_ne!(CALLS.pick(Language::Ja), CALLS.pick(Language::En));
    }
}
