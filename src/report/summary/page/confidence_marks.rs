//! The marks of figures that are about right only.

use maud::{Markup, html};

use crate::health::confidence::FigureGroup;
use crate::report::summary::confidence_notes;
use crate::report::summary::view::SummaryView;

/// `≈1`: the figure is about right only, and note 1 says why.
pub(super) fn confidence_marks(view: &SummaryView<'_>, figure: FigureGroup) -> Markup {
    let notes = confidence_notes::notes(view);
    html! {
        @for number in confidence_notes::note_numbers(view, &notes, figure) {
            a.unsure href={ "#note-" (number) } aria-label={ (view.pick("目安です。注 ", "about right only, note ")) (number) } {
                "≈" (number)
            }
        }
    }
}
