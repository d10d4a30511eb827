//! What a call is for, and how much of its talk should be the manager's (rule 10).

use serde::{Deserialize, Serialize};
use strum::{EnumCount, EnumString, IntoStaticStr, VariantArray};

use crate::nudges::Policy;

/// What the call is for, the default first. It sets how much of the talk should be the manager's.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    EnumCount,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Mode {
    /// The other side's time: 30 % of the talk is the manager's.
    #[default]
    Listening,
    /// Questions that help the other think: 30 %.
    Coaching,
    /// Both have something to say: 50 %.
    Feedback,
    /// The manager explains: 60 %.
    Teaching,
}

impl Mode {
    /// The manager's share of the talk that the mode aims at, 0 to 1, unless the settings say otherwise.
    pub fn target(self) -> f64 {
        match self {
            Self::Listening | Self::Coaching => 0.30,
            Self::Feedback => 0.50,
            Self::Teaching => 0.60,
        }
    }

    /// The name on the command line, the wire and in files.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// The manager's share of the talk that each mode aims at, 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Targets([f64; Mode::COUNT]);

impl Default for Targets {
    fn default() -> Self {
        Self(std::array::from_fn(|place| Mode::VARIANTS[place].target()))
    }
}

impl Targets {
    /// The share that the mode aims at, 0 to 1.
    pub fn get(&self, mode: Mode) -> f64 {
        self.0[mode as usize]
    }

    /// The same, to be changed.
    pub fn get_mut(&mut self, mode: Mode) -> &mut f64 {
        &mut self.0[mode as usize]
    }
}

/// A target of the user's own, as it is offered to them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TargetProposal {
    /// The share that is offered, 0 to 1, in whole percentage points.
    pub target: f64,
    /// What it starts from: the median share of the newest calls, 0 to 1, which one odd call does not move.
    pub baseline: f64,
    /// How many calls the median is of.
    pub calls: usize,
}

/// A step from the user's own baseline towards the mode's target: the median of the newest calls' shares, less at most
/// [`Policy::target_step`]. `shares` are mine in the calls of the mode, 0 to 1, the oldest first. `None` for fewer than
/// [`Policy::baseline_calls`] calls, and if the baseline is at the target already (rule 10).
pub fn propose_target(policy: &Policy, shares: &[f64], target: f64) -> Option<TargetProposal> {
    let calls = policy.baseline_calls.max(1) as usize;
    let mut newest = shares[shares.len().checked_sub(calls)?..].to_vec();
    newest.sort_by(f64::total_cmp);
    let baseline = (newest[(calls - 1) / 2] + newest[calls / 2]) / 2.0;
    let points = |share: f64| (share * 100.0).round() / 100.0;
    let step = points((baseline - policy.target_step).max(target));
    (baseline > target && step < points(baseline)).then_some(TargetProposal { target: step, baseline, calls })
}
