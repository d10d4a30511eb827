//! The call in time: who spoke when, and the share over it, on one axis.

use maud::{Markup, html};

use crate::audio::Track;
use crate::health::confidence::FigureGroup;
use crate::report::summary::page::sections::{heading, moment};
use crate::report::summary::page::tables;
use crate::report::summary::view::SummaryView;
use crate::report::summary::{plot, sentences};

/// The timeline and the share on one axis of time.
pub(super) fn time_plots(view: &SummaryView<'_>) -> Markup {
    let share = view.pick("直近の割合", "recent share");
    let track = view.track_name(Track::Me);
    let share = view.pick(format!("{share}（{track}）"), format!("{share} ({track})"));
    let zoom = |what: &str, sign: &str, says: Option<&str>| {
        html! { button type="button" data-do=(what) aria-label=[says] title=[says] { (sign) } }
    };
    let hint = view.pick(
        "なぞるか触れるとその時点の様子が読めます。矢印キーで移動、＋と−で拡大・縮小、0で全体、ドラッグで左右に動かせます。",
        "Hover or tap to read a moment. Arrow keys move, + and − zoom, 0 shows all; drag to move along.",
    );
    html! {
        div.times data-duration=(view.summary.call.duration_ms) data-share=(share) data-none=(view.pick("無音", "silent"))
            aria-label=(view.pick("通話の時間軸", "The call in time")) {
            section #timeline {
                (heading(view, &sentences::timeline(view), &[FigureGroup::Talk]))
                (plot::timeline(view))
                ul.key { @for mark in plot::legend_marks(view) { li { (plot::swatch(view, mark)) (mark.name(view)) } } }
                @if !view.is_mirror() { (aim_changes(view)) }
                (tables::turns(view))
            }
            @if view.summary.talk.me.share.is_some() && sentences::too_little(view).is_none() {
                section {
                    (heading(view, &sentences::share_over_time(view), &[FigureGroup::Talk]))
                    (plot::share_over_time(view))
                    (plot::share_legend(view))
                    p.note { (sentences::share_over_time_note(view)) }
                    (tables::share_over_time(view))
                }
            }
            p.readout hidden aria-hidden="true" {}
            div.controls hidden {
                p.hint { (hint) }
                (zoom("in", "＋", Some(view.pick("拡大", "Zoom in"))))
                (zoom("out", "−", Some(view.pick("縮小", "Zoom out"))))
                (zoom("all", view.pick("全体を表示", "Show all"), None))
            }
        }
    }
}

/// When the call was for something else, and what it is held against.
fn aim_changes(view: &SummaryView<'_>) -> Markup {
    let changes = &view.summary.aim_changes;
    html! {
        @if !changes.is_empty() {
            ul { @for one in changes { (moment(one.at_ms, &sentences::aim_change(view, one))) } }
            p.note { (sentences::aim_changed(view.language)) }
        }
    }
}
