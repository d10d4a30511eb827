//! The choice of one thing to mean for the next call, on the server alone.

use maud::{Markup, html};
use strum::VariantArray as _;

use crate::records::Intention;
use crate::report::html::PageLocation;
use crate::report::summary::view::SummaryView;

/// A form with every intention, of which one may be chosen; `chosen` is the one that is. It is folded, and its line says
/// what is chosen. Nothing in a file.
pub(super) fn choice(view: &SummaryView<'_>, chosen: Option<Intention>, location: PageLocation<'_>) -> Markup {
    let option = |value: &str, words: &str, checked: bool| {
        html! { label { input type="radio" name="what" value=(value) checked[checked]; span { (words) } } }
    };
    let head = match chosen.map(|one| one.words().pick(view.language)) {
        Some(words) => {
            view.pick(format!("次の1on1での心がけ：「{words}」"), format!("Intention for the next call: “{words}”"))
        }
        None => view.pick("次の1on1での心がけを選ぶ", "Choose an intention for the next call").to_owned(),
    };
    let inside = html! {
        fieldset {
            legend { (view.pick("ひとつだけ選びます", "One at a time")) }
            @for intention in Intention::VARIANTS {
                (option(intention.name(), intention.words().pick(view.language), chosen == Some(*intention)))
            }
            (option("none", view.pick("なし", "None"), chosen.is_none()))
        }
        button { (view.pick("保存", "Save")) }
        p.note {
            (view.pick("次の準備画面に出て、終わったときに測ります。", "It is shown before the next call, and measured at its end."))
        }
    };
    html! {
        @if location != PageLocation::File {
            details.intend {
                summary { (head) }
                (location.form_with(view.language, "/intend", &[("call", &view.summary.call.id)], &inside))
            }
        }
    }
}
