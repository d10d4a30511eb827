//! `keicho ctl`: commands for the Keicho that runs, for the keys of a window manager or of a stream deck.

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand, ValueEnum};

use crate::cli::{PORT, console, user_language};
use crate::language::Language;
use crate::server::{RunningPage, ask_running};
use crate::wire::{self, CallStatus, ControlReply};

#[derive(Debug, Args)]
pub(super) struct CtlArgs {
    #[command(subcommand)]
    word: CtlWord,
    /// The port of its page
    #[arg(long, default_value_t = PORT, global = true)]
    port: u16,
}

#[derive(Clone, Copy, Debug, Subcommand)]
enum CtlWord {
    /// Begins the call that its page prepares
    Begin,
    /// Nothing is heard until `resume`
    Pause,
    /// Ends a pause
    Resume,
    /// Says that you are muted in the call
    Mute,
    /// Says that you are heard again
    Unmute,
    /// Drops the last and the next minutes; for 5 s `on-record` takes it back
    OffRecord,
    /// Ends what is off the record, or takes it back
    OnRecord,
    /// Hides all words and figures of the page, and brings them back
    Hush,
    /// Opens its page
    Open,
    /// Ends the call
    Stop,
    /// Says how the call is
    Status {
        /// What is printed
        #[arg(long, value_enum, default_value = "text")]
        format: StatusFormat,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum StatusFormat {
    /// A line of words
    Text,
    /// A line of JSON, for other programs
    Json,
}

/// How long going off the record can be taken back, in seconds: as long as on the page.
const UNDO_S: u8 = 5;

pub(super) fn run(args: &CtlArgs) -> anyhow::Result<()> {
    let line = match args.word {
        CtlWord::Open => return open(args.port),
        CtlWord::Begin => wire::encode_plain_command("begin"),
        CtlWord::Pause => wire::encode_plain_command("pause"),
        CtlWord::Resume => wire::encode_plain_command("resume"),
        CtlWord::Mute => wire::encode_plain_command("mute"),
        CtlWord::Unmute => wire::encode_plain_command("unmute"),
        CtlWord::OffRecord => wire::encode_off_record(UNDO_S),
        CtlWord::OnRecord => wire::encode_plain_command("on_record"),
        CtlWord::Stop => wire::encode_plain_command("stop"),
        CtlWord::Hush => wire::encode_hush(),
        CtlWord::Status { .. } => wire::encode_status_request(),
    };
    let (reply, language) = (ask_running(args.port, &line)?, user_language());
    match (&reply, args.word) {
        (ControlReply::Refused { why, .. }, _) => bail!("{}", language.pick(&why.ja, &why.en)),
        (ControlReply::Status(_), CtlWord::Status { format: StatusFormat::Json }) => {
            console::print(&format!("{}\n", reply.encode()))
        }
        (ControlReply::Status(status), _) => console::print(&format!("{}\n", status_line(status, language))),
        (ControlReply::Done {}, _) => Ok(()),
    }
}

fn open(port: u16) -> anyhow::Result<()> {
    let Some(page) = RunningPage::find(port) else {
        bail!("no Keicho runs whose page is on port {port}. Start one, or name its port with --port")
    };
    page.open_browser().context("no browser could be opened")
}

/// How a call is, in a line of words.
fn status_line(status: &CallStatus, language: Language) -> String {
    let (minutes, seconds) = (status.now_ms / 60_000, status.now_ms / 1_000 % 60);
    let percent = |share: f64| (100.0 * share).round_ties_even();
    let mut parts = vec![match status.state.as_str() {
        "before" => language.pick("通話はまだ始まっていません", "The call has not begun yet").to_owned(),
        "paused" => language.pick("休止中です", "Paused").to_owned(),
        "off_record" => language.pick("オフレコ中です", "Off the record").to_owned(),
        "ended" => language.pick("通話は終わりました", "The call is over").to_owned(),
        _ => match language {
            Language::Ja => format!("聞いています（{minutes}分{seconds}秒）"),
            Language::En => format!("Listening for {minutes} min {seconds} s"),
        },
    }];
    if let Some(share) = status.share {
        let (share, target) = (percent(share), percent(status.target));
        let about = if status.unsure { language.pick("約", "about ") } else { "" };
        parts.push(match language {
            Language::Ja => format!("話した割合は{about}{share}%（目標{target}%）"),
            Language::En => format!("you did {about}{share}% of the talking (target {target}%)"),
        });
    }
    if status.muted {
        parts.push(language.pick("ミュート中", "muted").to_owned());
    }
    if status.losing {
        parts.push(language.pick("音が届いていません", "sound is being lost").to_owned());
    }
    if !status.troubles.is_empty() {
        let names = status.troubles.join(", ").replace('_', " ");
        parts.push(match language {
            Language::Ja => format!("音の問題：{names}"),
            Language::En => format!("trouble with the sound: {names}"),
        });
    }
    if let Some(summary) = &status.summary {
        parts.push(language.pick(format!("まとめ：{summary}"), format!("summary: {summary}")));
    }
    parts.join(language.pick("・", ", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_a_line_in_both_languages() {
        let mut status = CallStatus {
            state: "live".to_owned(),
            source: "live".to_owned(),
            now_ms: 760_400,
            muted: true,
            off_record_pending: false,
            share: Some(0.412),
            unsure: false,
            target: 0.3,
            troubles: Vec::new(),
            losing: false,
            summary: None,
            nudge: None,
        };
        let line = |status: &CallStatus| [Language::En, Language::Ja].map(|language| status_line(status, language));
        assert_eq!(
            line(&status),
            [
                "Listening for 12 min 40 s, you did 41% of the talking (target 30%), muted",
                "聞いています（12分40秒）・話した割合は41%（目標30%）・ミュート中",
            ]
        );
        status.unsure = true;
        assert!(line(&status)[0].contains("you did about 41% of the talking"));
        assert!(line(&status)[1].contains("話した割合は約41%"));
        (status.state, status.muted, status.share) = ("before".to_owned(), false, None);
        assert_eq!(line(&status), ["The call has not begun yet", "通話はまだ始まっていません"]);
    }
}
