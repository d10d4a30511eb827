//! What is remembered of a call besides its events: its one header, and the manager's own figures. The application makes
//! the header when a call begins and the figures when it ends; the store saves both, and the summary, the history and the
//! hints before the next call show them.

mod call;
mod figures;
mod intention;
mod their_answer;
mod trial;

pub use call::{CallRecord, Origin};
pub use figures::{Figures, TooLittle};
pub use intention::Intention;
pub use their_answer::TheirAnswer;
pub use trial::TrialArm;
