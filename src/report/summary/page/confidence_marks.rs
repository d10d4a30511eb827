//! The marks of figures that are approximate.

use maud::{Markup, html};

use crate::health::confidence::FigureGroup;
use crate::report::summary::confidence_notes;
use crate::report::summary::view::SummaryView;

/// `≈1`: the figure, which belongs to these groups, is approximate, and note 1 says why.
pub(super) fn confidence_marks(view: &SummaryView<'_>, groups: &[FigureGroup]) -> Markup {
    let notes = confidence_notes::notes(view);
    html! {
        @for number in confidence_notes::note_numbers(view, &notes, groups) {
            a.unsure href={ "#note-" (number) } aria-label={ (view.pick("目安です。注", "approximate, note ")) (number) } {
                "≈" (number)
            }
        }
    }
}
