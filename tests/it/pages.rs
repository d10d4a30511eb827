//! The pages as somebody sees and uses them, in Chromium.

mod history_page;
mod page;
mod summary_page;
mod walks;
