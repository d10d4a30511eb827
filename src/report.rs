//! What is written after a call: the summary of one call with the mirror of it that both may see, and the history of the
//! manager's own calls; each as pages, for a terminal and for other programs.
//!
//! Owns what is said and drawn, and the kit that all pages are put together with. Leaves to its callers where the pages
//! go; the server asks for one when it is wanted.

pub mod export;
pub mod history;
pub(crate) mod html;
mod median;
pub mod summary;
