//! The cursor of a driver whose keys are ordered: the last key of the page before, in hex, so that
//! it passes through URLs and headers unchanged.
//!
//! It points between keys, not at one: it stays good when its key goes away.

use ottavo_core::{Error, Result};

use super::Key;

/// Tells our cursors from other text, and this form from later ones.
const MARK: &str = "k1-";

/// The cursor of the page that begins after `key`.
pub fn after(key: &str) -> String {
    let mut cursor = String::with_capacity(MARK.len() + key.len() * 2);
    cursor.push_str(MARK);
    for byte in key.bytes() {
        cursor.push(char::from(DIGITS[usize::from(byte >> 4)]));
        cursor.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    cursor
}

/// The key after which the page begins.
///
/// # Errors
/// `invalid-argument` for what [`after`] never makes, and for the cursor of another prefix: a
/// cursor must not lead out of what the caller may list.
pub fn parse(cursor: &str, prefix: &str) -> Result<Key> {
    let key = cursor.strip_prefix(MARK).and_then(decode).and_then(|key| Key::stored(key).ok());
    key.filter(|key| key.as_str().starts_with(prefix)).ok_or_else(|| {
        let cursor: String = cursor.chars().take(64).flat_map(char::escape_debug).collect();
        let prefix = prefix.escape_debug();
        Error::invalid(format!(
            "`{cursor}` is not a cursor for the prefix `{prefix}`: use the one of the page before"
        ))
    })
}

const DIGITS: &[u8; 16] = b"0123456789abcdef";

fn decode(hex: &str) -> Option<String> {
    let digit = |byte: &u8| DIGITS.iter().position(|known| known == byte);
    let pairs = hex.as_bytes().chunks(2).map(|pair| match pair {
        [high, low] => u8::try_from(digit(high)? << 4 | digit(low)?).ok(),
        _ => None,
    });
    String::from_utf8(pairs.collect::<Option<Vec<u8>>>()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_names_the_key_it_follows() {
        for text in ["a", "grüße/\u{10ffff}", "%_*"] {
            assert_eq!(parse(&after(text), "").expect(text).as_str(), text);
            assert_eq!(parse(&after(text), text).expect(text).as_str(), text);
        }
    }

    #[test]
    fn other_text_and_another_prefix_are_refused() {
        for bad in ["", "k1-", "k1-6", "k1-zz", "61", "k1-ff", "k1-00", "k1-6A"] {
            assert!(parse(bad, "").is_err(), "{bad}");
        }
        assert!(parse(&after("orders/1"), "carts/").is_err());
    }
}
