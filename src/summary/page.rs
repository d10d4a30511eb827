//! `summary.html`: one self-contained file, readable in light, in dark and in print, without a script.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest as _, Sha256};

use crate::summary::words::{clock, html, percent, seconds};
use crate::summary::{Language, Summary, plot, sentences};

const STYLE: &str = include_str!("page.css");

/// What a browser may do with the page, as a content-security policy: show it with this very style, and nothing else.
pub(super) fn policy() -> String {
    let digest = Sha256::digest(format!("\n{STYLE}"));
    format!(
        "default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        BASE64_STANDARD.encode(digest)
    )
}

pub(super) fn render(summary: &Summary, language: Language) -> String {
    let title = html(&sentences::title(summary, language));
    let doubts: String =
        sentences::doubts(summary, language).iter().map(|doubt| format!("<p class=\"doubt\">{doubt}</p>\n")).collect();
    let silences = list(
        language.pick("沈黙（3 秒以上）", "Silences of 3 s and longer"),
        summary.silences.iter().map(|one| {
            let length = seconds(one.end_ms - one.start_ms, language);
            let who = who(one.broken_by, language);
            match language {
                Language::Ja => format!("{} から {length}。破ったのは{who}", clock(one.start_ms)),
                Language::En => format!("{}, {length}, broken by {who}", clock(one.start_ms)),
            }
        }),
    );
    let interruptions = list(
        language.pick("割り込み", "Interruptions"),
        summary.interruptions.iter().map(|one| {
            let outcome = match one.outcome {
                "successful" => language.pick("話し手が替わった", "took the floor"),
                _ => language.pick("譲った", "gave way"),
            };
            format!("{} {} · {outcome}", clock(one.at_ms), who(one.by, language))
        }),
    );
    let nudges = list(
        language.pick("通話中のささやき", "Nudges in the call"),
        summary.nudges.iter().map(|one| format!("{} {}", clock(one.at_ms), one.text)),
    );
    let transcript = list(
        sentences::transcript(language),
        summary
            .utterances
            .iter()
            .flatten()
            .map(|line| format!("{} {} · {}", clock(line.start_ms), who(line.track, language), html(&line.text))),
    );
    format!(
        "<!doctype html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <title>{title} · Keicho</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <h1>{title}</h1>\n<p class=\"about\">{about}</p>\n<p class=\"headline\">{headline}</p>\n{perception}{doubts}\
         <section>\n<h2>{timeline}</h2>\n{timeline_plot}<p class=\"key\">{key}</p>\n</section>\n\
         <section>\n<h2>{over_time}</h2>\n{share_plot}{share_table}</section>\n\
         <section>\n<h2>{figures}</h2>\n{table}{together}</section>\n{interruptions}{silences}{nudges}{transcript}\
         </main>\n</body>\n</html>\n",
        lang = language.code(),
        policy = policy(),
        about = html(&sentences::about(summary, language)),
        perception = paragraphs(sentences::perception(summary, language).as_slice()),
        headline = sentences::headline(summary, language),
        timeline = sentences::timeline(summary, language),
        timeline_plot = plot::timeline(summary, language),
        key = language.pick(
            "高い棒は話、低い棒は相づち、▼は割り込み、縦の帯は沈黙、下の線はささやきです。",
            "Tall bars are talk, low bars backchannels, ▼ interruptions; columns are silences, ticks below nudges."
        ),
        over_time = sentences::over_time(summary, language),
        share_plot = plot::share(summary, language),
        share_table = share_table(summary, language),
        figures = language.pick("数字で見る", "In figures"),
        table = figures(summary, language),
        together = paragraphs(&sentences::together(summary, language)),
    )
}

fn who(track: &str, language: Language) -> &'static str {
    if track == "me" { language.pick("自分", "me") } else { language.pick("相手", "them") }
}

fn figures(summary: &Summary, language: Language) -> String {
    let rows: String = sentences::rows(summary, language)
        .into_iter()
        .map(|row| format!("<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td></tr>\n", row.name, row.me, row.them))
        .collect();
    format!(
        "<table>\n<thead><tr><td></td><th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n",
        who("me", language),
        who("them", language)
    )
}

/// The plot's figures for those who cannot see it.
fn share_table(summary: &Summary, language: Language) -> String {
    let points = plot::share_over_time(summary);
    let rows: String = points
        .iter()
        .step_by(10)
        .filter_map(|(ms, [recent, whole])| {
            Some(format!(
                "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td></tr>\n",
                clock(*ms),
                percent((*recent)?),
                percent((*whole)?)
            ))
        })
        .collect();
    format!(
        "<details>\n<summary>{}</summary>\n<table>\n<thead><tr><td></td><th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n</details>\n",
        language.pick("表で見る", "As a table"),
        language.pick("直前の割合", "Recent"),
        language.pick("ここまでの割合", "Call so far"),
    )
}

fn paragraphs(sentences: &[String]) -> String {
    sentences.iter().map(|sentence| format!("<p>{sentence}</p>\n")).collect()
}

fn list(title: &str, items: impl Iterator<Item = String>) -> String {
    let items: String = items.map(|item| format!("<li>{item}</li>\n")).collect();
    if items.is_empty() {
        String::new()
    } else {
        format!("<section>\n<h2>{title}</h2>\n<ul>\n{items}</ul>\n</section>\n")
    }
}
