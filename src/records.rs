//! What is remembered of a call besides its events: the one header of it. The application makes it when a call begins;
//! the store saves it, the summary and the history show it.

mod call;

pub use call::{CallRecord, Origin};
