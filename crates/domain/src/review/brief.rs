//! What a reviewer is told before anything plays.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Refusal;
use crate::project::Stage;
use crate::text::{BriefLine, Name};

/// What to look at, what to ignore, by when, and who decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brief {
    /// The stage the reviewable stands in.
    pub stage: Stage,
    /// Questions to answer.
    pub look_at: Vec<BriefLine>,
    /// What is not finished yet.
    pub ignore: Vec<BriefLine>,
    /// When an answer is wanted.
    pub answer_by: Option<Timestamp>,
    /// Who decides, by name, where that is agreed.
    pub decision_maker: Option<Name>,
}

impl Brief {
    /// The brief of a stage with its usual texts.
    pub fn of(stage: Stage) -> Self {
        let lines = |texts: &[&str]| texts.iter().filter_map(|text| BriefLine::new(text).ok()).collect();
        Self {
            stage,
            look_at: lines(stage.look_at()),
            ignore: lines(stage.ignore()),
            answer_by: None,
            decision_maker: None,
        }
    }

    /// Refuses a brief that nobody would read.
    ///
    /// # Errors
    /// When a list has more than twelve lines.
    pub fn check(&self) -> Result<(), Refusal> {
        if self.look_at.len().max(self.ignore.len()) > 12 {
            return Err(Refusal::invalid("brief", "A brief has at most twelve lines in each list."));
        }
        Ok(())
    }
}
