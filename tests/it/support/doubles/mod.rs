//! What the library's own tests and those of the whole program share: chance, headers of calls, recordings, a transcriber
//! that knows its lines, and a look for what is left of a word. Nothing here needs more than the library.

pub mod damage;
pub mod random;
pub mod record;
pub mod traces;
pub mod transcriber;
pub mod wav;
