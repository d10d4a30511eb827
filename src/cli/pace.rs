//! `--pace`: how fast a recorded call runs, by name.

use clap::ValueEnum;

use crate::app::CallPace;

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum PaceName {
    /// As fast as the source gives blocks
    Fast,
    /// At the pace of life
    Real,
}

impl From<PaceName> for CallPace {
    fn from(name: PaceName) -> Self {
        match name {
            PaceName::Fast => Self::Fast,
            PaceName::Real => Self::Real,
        }
    }
}
