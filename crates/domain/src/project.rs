//! Projects and the stages a reviewable can stand in.

use serde::{Deserialize, Serialize};

/// The stage a reviewable belongs to, in the order of post-production.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// All footage in sequence, no finesse.
    AssemblyCut,
    /// The narrative shaped, unneeded footage gone.
    RoughCut,
    /// Near-final, no wasted frame.
    FineCut,
    /// The approved final edit.
    PictureLock,
    /// Visual consistency and tone.
    ColourGrade,
    /// Sound design and clean dialogue.
    SoundEdit,
    /// Levels across all audio.
    MusicMix,
    /// Titles, lower thirds, supers.
    MotionGraphics,
    /// Every agreed deliverable.
    FinalExport,
}

impl Stage {
    /// Every stage, in order.
    pub const ALL: [Self; 9] = [
        Self::AssemblyCut,
        Self::RoughCut,
        Self::FineCut,
        Self::PictureLock,
        Self::ColourGrade,
        Self::SoundEdit,
        Self::MusicMix,
        Self::MotionGraphics,
        Self::FinalExport,
    ];

    /// The word used in code, database and interface.
    pub const fn code(self) -> &'static str {
        match self {
            Self::AssemblyCut => "assembly_cut",
            Self::RoughCut => "rough_cut",
            Self::FineCut => "fine_cut",
            Self::PictureLock => "picture_lock",
            Self::ColourGrade => "colour_grade",
            Self::SoundEdit => "sound_edit",
            Self::MusicMix => "music_mix",
            Self::MotionGraphics => "motion_graphics",
            Self::FinalExport => "final_export",
        }
    }

    /// The stage's name for people.
    pub const fn title(self) -> &'static str {
        match self {
            Self::AssemblyCut => "Assembly cut",
            Self::RoughCut => "Rough cut",
            Self::FineCut => "Fine cut",
            Self::PictureLock => "Picture lock",
            Self::ColourGrade => "Colour grade",
            Self::SoundEdit => "Sound edit",
            Self::MusicMix => "Music mix",
            Self::MotionGraphics => "Motion graphics",
            Self::FinalExport => "Final export",
        }
    }

    /// The stage a word names.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.code() == code)
    }

    /// What a reviewer is asked to look at, by default.
    pub const fn look_at(self) -> &'static [&'static str] {
        match self {
            Self::AssemblyCut => &["Is the structure right?", "Is any material missing?", "Are the facts right?"],
            Self::RoughCut => &[
                "Does the story work?",
                "Is the order right?",
                "Are message and tone right?",
                "Is anything legally impossible?",
            ],
            Self::FineCut => &[
                "Is anything still too long?",
                "Are names, titles and claims correct?",
                "Is anything legally impossible?",
            ],
            Self::PictureLock => &["Is this exact file the edit: yes or no?"],
            Self::ColourGrade => {
                &["Are skin, product and brand colours right?", "Do the shots match each other?", "Is the mood right?"]
            }
            Self::SoundEdit => &["Is every word understood?", "Is an effect missing?", "Is the sound in sync?"],
            Self::MusicMix => &["Does the voice stand above the music?", "Are the dynamics right?"],
            Self::MotionGraphics => &[
                "Is the spelling right?",
                "Are names, order and legal lines right?",
                "Is every title long enough to read?",
            ],
            Self::FinalExport => &["Does every file play?", "Are specs, captions and crops right?"],
        }
    }

    /// What a reviewer is asked to ignore for now, by default.
    pub const fn ignore(self) -> &'static [&'static str] {
        match self {
            Self::AssemblyCut => &["Pacing", "Music", "Colour", "Temporary titles"],
            Self::RoughCut => &["Colour grade", "Sound mix", "Final graphics", "Trims of single frames"],
            Self::FineCut => &["New structure or scenes", "Colour", "Sound levels"],
            Self::PictureLock => &["Everything else: after the lock it is a change order"],
            Self::ColourGrade => &["Cuts", "Text", "Sound"],
            Self::SoundEdit => &["Choice of music", "Cuts"],
            Self::MusicMix => &["New script", "Cuts"],
            Self::MotionGraphics => &["The edit itself"],
            Self::FinalExport => &["Taste"],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stage_is_found_by_its_code() {
        for stage in Stage::ALL {
            assert_eq!(Stage::from_code(stage.code()), Some(stage));
            assert_eq!(serde_json::to_value(stage).expect("json"), stage.code());
            assert!(!stage.look_at().is_empty() && !stage.ignore().is_empty());
        }
    }
}
