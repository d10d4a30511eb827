//! What a call is for, and how much of its talk should be the manager's (rule 10).

use serde::Serialize;
use strum::{EnumCount, EnumString, IntoStaticStr, VariantArray};

use crate::nudges::Policy;

/// What the call is for, the default first. It sets how much of the talk should be the manager's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, EnumCount, EnumString, IntoStaticStr, VariantArray)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Mode {
    /// The other side's time.
    #[default]
    Listening,
    /// Questions that help the other think.
    Coaching,
    /// Both have something to say.
    Feedback,
    /// The manager explains.
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
    /// What the mode aims at.
    pub fn get(&self, mode: Mode) -> f64 {
        self.0[mode as usize]
    }

    /// The same, to be changed.
    pub fn get_mut(&mut self, mode: Mode) -> &mut f64 {
        &mut self.0[mode as usize]
    }
}

/// A target of one's own that is offered.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TargetProposal {
    /// The share that is offered, in whole points.
    pub target: f64,
    /// What it starts from: the median share of the newest calls, which one odd call does not move.
    pub baseline: f64,
    /// So many calls.
    pub calls: usize,
}

/// A step from the user's own baseline towards the mode's target: the median of the newest calls' shares, less at most
/// [`Policy::target_step`]. `shares` are mine in calls of the mode, the oldest first. `None` under [`Policy::baseline_calls`]
/// calls, and where the baseline is at the target already.
pub fn propose_target(policy: &Policy, shares: &[f64], target: f64) -> Option<TargetProposal> {
    let calls = policy.baseline_calls.max(1) as usize;
    let mut newest = shares[shares.len().checked_sub(calls)?..].to_vec();
    newest.sort_by(f64::total_cmp);
    let baseline = (newest[(calls - 1) / 2] + newest[calls / 2]) / 2.0;
    let points = |share: f64| (share * 100.0).round() / 100.0;
    let step = points((baseline - policy.target_step).max(target));
    (baseline > target && step < points(baseline)).then_some(TargetProposal { target: step, baseline, calls })
}
