//! Names that guests give themselves.

use crate::Refusal;
use crate::text::Name;

/// Reads the name a guest types for themselves.
///
/// Nobody has checked it, so it must not look as if somebody had: check marks, badges, stars, emoji, icons of private
/// fonts, brackets and separators (“Ana (Studio)”, “Ana | Producer”) are left out.
///
/// # Errors
/// When nothing is left to call somebody by, or it is too long.
pub fn guest_name(text: &str) -> Result<Name, Refusal> {
    let plain: String = text.chars().map(|c| if decorates(c) { ' ' } else { c }).collect();
    let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    let name = Name::new(&plain)?;
    if name.as_str().chars().any(char::is_alphanumeric) {
        Ok(name)
    } else {
        Err(Refusal::invalid("name", "Type the name people call you by."))
    }
}

fn decorates(c: char) -> bool {
    matches!(c,
        '(' | ')' | '[' | ']' | '{' | '}' | '<' | '>' | '|' | '\\' | '@' | '#' | '*' | '•' | '‖' | '©' | '®'
        // Letter-like symbols, arrows, mathematics, technical signs, boxes, dingbats.
        | '\u{2100}'..='\u{2bff}'
        | '\u{3008}'..='\u{3020}'
        // Private use: icon fonts draw anything there.
        | '\u{e000}'..='\u{f8ff}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{ff08}' | '\u{ff09}' | '\u{ff3b}' | '\u{ff3d}'
        | '\u{1f000}'..='\u{1faff}'
        | '\u{e0000}'..='\u{10ffff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_name_carries_a_badge(text in "\\PC{0,60}|[A-Za-z✓✔☑✅⭐🛡️()|\u{f8ff} ]{0,40}") {
            if let Ok(name) = guest_name(&text) {
                prop_assert!(!name.as_str().chars().any(decorates));
                prop_assert_eq!(guest_name(name.as_str()), Ok(name));
            }
        }
    }

    #[test]
    fn names_stay_as_people_write_them() {
        for name in
            ["Ana María O’Neill-Søby", "Zoë, ACME & Co.", "Núria Gal·la", "李小龍", "佐々木", "आदित्य", "Dr. J. Doe jr."]
        {
            assert_eq!(guest_name(name).expect(name).as_str(), name);
        }
        assert_eq!(guest_name("Olive Owner ✅ (Studio North)").expect("a name").as_str(), "Olive Owner Studio North");
        for empty in ["", "  ", "✓", "🛡️ ⭐", "--"] {
            assert!(guest_name(empty).is_err(), "{empty}");
        }
    }
}
