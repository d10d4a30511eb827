use strum::{EnumString, IntoStaticStr};

/// What a call is in the manager's own trial of nudges: calls with and without them take turns, and the history compares
/// the two once there are enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum TrialArm {
    /// Nudges appear as they do without a trial.
    Nudged,
    /// No advice appears; trouble with the sound is still told.
    Quiet,
}

impl TrialArm {
    /// The name in the store, on the wire and in files.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The arm of that name; `None` if there is none.
    pub fn from_name(name: &str) -> Option<Self> {
        name.parse().ok()
    }

    /// Whose turn it is after a call of this arm; a trial begins with a quiet call.
    pub fn after(last: Option<Self>) -> Self {
        match last {
            None | Some(Self::Nudged) => Self::Quiet,
            Some(Self::Quiet) => Self::Nudged,
        }
    }
}
