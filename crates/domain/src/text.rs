//! Text that people type: bounded, trimmed, free of control and bidi-override characters.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Refusal;

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident, $what:literal, $max:literal, $lines:expr;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The most characters it may have.
            pub const MAX: usize = $max;

            /// Reads the text as a person typed it.
            ///
            /// # Errors
            /// When it is empty or too long.
            pub fn new(text: &str) -> Result<Self, Refusal> {
                clean(text, $what, $max, $lines).map(Self)
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl TryFrom<String> for $name {
            type Error = Refusal;
            fn try_from(text: String) -> Result<Self, Refusal> {
                Self::new(&text)
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> Self {
                text.0
            }
        }
    )+};
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Lines {
    One,
    Many,
}

texts! {
    /// The name of a person, a project, a client, a reviewable.
    Name, "name", 120, Lines::One;
    /// The body of a comment.
    Note, "note", 10_000, Lines::Many;
    /// One line of a brief.
    BriefLine, "line", 200, Lines::One;
    /// The words drawn on a picture.
    Caption, "caption", 200, Lines::One;
}

impl Name {
    /// What is called nothing.
    pub fn untitled() -> Self {
        Self("Untitled".to_owned())
    }
}

/// An e-mail address: one `@`, a dot in the domain, no space. Kept in lower case.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

impl Email {
    /// Reads an address as a person typed it.
    ///
    /// # Errors
    /// When it is not one address.
    pub fn new(text: &str) -> Result<Self, Refusal> {
        let text = text.trim().to_lowercase();
        let good = text.len() <= 254
            && text.split_once('@').is_some_and(|(local, domain)| {
                !local.is_empty()
                    && local.len() <= 64
                    && domain.split('.').count() >= 2
                    && domain.split('.').all(|label| !label.is_empty())
                    && !domain.contains('@')
            })
            && !text.chars().any(|c| c.is_whitespace() || c.is_control() || "<>(),;:\"\\[]".contains(c));
        if good {
            Ok(Self(text))
        } else {
            Err(Refusal::invalid("email", "Type one email address, such as ana@studio.example."))
        }
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl TryFrom<String> for Email {
    type Error = Refusal;
    fn try_from(text: String) -> Result<Self, Refusal> {
        Self::new(&text)
    }
}

impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.0
    }
}

fn clean(text: &str, what: &str, max: usize, lines: Lines) -> Result<String, Refusal> {
    let kept: String = text
        .replace("\r\n", "\n")
        .chars()
        .map(|c| if lines == Lines::One && c.is_whitespace() { ' ' } else { c })
        .filter(|&c| !hidden(c) && (!c.is_control() || (lines == Lines::Many && (c == '\n' || c == '\t'))))
        .collect();
    let kept = kept.trim();
    if kept.is_empty() {
        return Err(Refusal::invalid("empty", format!("The {what} is empty.")));
    }
    let length = kept.chars().count();
    if length > max {
        return Err(Refusal::invalid("too_long", format!("The {what} has {length} characters; at most {max} fit.")));
    }
    Ok(kept.to_owned())
}

/// Characters that change how text around them is shown: bidi overrides, isolates, byte-order marks.
pub(crate) fn hidden(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{200b}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn accepted_text_is_bounded_visible_and_stable(text in "\\PC{0,200}|.{0,200}") {
            if let Ok(name) = Name::new(&text) {
                prop_assert!(!name.as_str().is_empty() && name.as_str().chars().count() <= Name::MAX);
                prop_assert!(!name.as_str().chars().any(|c| c.is_control() || hidden(c)));
                prop_assert_eq!(Name::new(name.as_str()), Ok(name));
            }
        }
    }

    #[test]
    fn addresses_are_told_from_other_text() {
        for good in ["ana@studio.example", " Ana.B+x@Mail.Studio.Example "] {
            assert!(Email::new(good).is_ok(), "{good}");
        }
        for bad in ["", "ana", "@b.c", "a@b", "a@b..c", "a b@c.d", "a@b.c\r\nBcc: x@y.z", "a@b@c.d", "a@b.c,d@e.f"] {
            assert!(Email::new(bad).is_err(), "{bad}");
        }
    }
}
