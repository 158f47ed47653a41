//! Where a listing stands: the node, redis's own cursor on it, and what was listed last.
//!
//! Redis scans buckets of a hash table, which may hold more keys than a page has room for, and
//! which split and join while keys come and go. The keys listed last are therefore remembered, by
//! hash, and not listed again. A check value over everything, with the prefix, tells our cursors
//! from other text and from those of another prefix.

use std::collections::VecDeque;

use ottavo_core::{Error, Result};
use sha2::{Digest, Sha256};

/// Tells our cursors from other text, and this form from later ones.
const MARK: &str = "r1";

/// How many keys are remembered: a few buckets of keys.
const REMEMBERED: usize = 24;

/// A position in a listing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Cursor {
    /// The first slot of the node's, in a cluster; else 0.
    pub(super) slot: u16,
    /// Redis's own cursor.
    pub(super) scan: u64,
    /// Hashes of the keys listed last, oldest first.
    listed: VecDeque<u64>,
}

impl Cursor {
    /// Reads a cursor back.
    ///
    /// # Errors
    /// `invalid-argument` for what [`Cursor::text`] never makes with this prefix.
    pub(super) fn parse(text: &str, prefix: &str) -> Result<Cursor> {
        read(text).filter(|cursor| cursor.text(prefix) == text).ok_or_else(|| {
            let cursor: String = text.chars().take(64).flat_map(char::escape_debug).collect();
            let prefix = prefix.escape_debug();
            Error::invalid(format!(
                "`{cursor}` is not a cursor for the prefix `{prefix}`: use the one of the page \
                 before"
            ))
        })
    }

    pub(super) fn text(&self, prefix: &str) -> String {
        let mut text = format!("{MARK}-{:x}-{:x}-", self.slot, self.scan);
        for hash in &self.listed {
            text.push_str(&format!("{hash:016x}"));
        }
        let check = hash(&format!("{text}{prefix}"));
        format!("{text}-{check:016x}")
    }

    pub(super) fn was_listed(&self, key: &str) -> bool {
        self.listed.contains(&hash(key))
    }

    pub(super) fn remember(&mut self, key: &str) {
        if self.listed.len() == REMEMBERED {
            self.listed.pop_front();
        }
        self.listed.push_back(hash(key));
    }

    /// The beginning of the node that has `slot`.
    pub(super) fn at_node(slot: u16) -> Cursor {
        Cursor { slot, ..Cursor::default() }
    }
}

fn read(text: &str) -> Option<Cursor> {
    let mut parts = text.split('-');
    let (MARK, slot, scan) = (parts.next()?, parts.next()?, parts.next()?) else { return None };
    let (slot, scan) = (u16::from_str_radix(slot, 16).ok()?, u64::from_str_radix(scan, 16).ok()?);
    let listed = parts.next()?;
    if !listed.is_ascii() || listed.len() > REMEMBERED * 16 {
        return None;
    }
    let hash = |at: usize| u64::from_str_radix(listed.get(at..at + 16)?, 16).ok();
    let listed = (0..listed.len()).step_by(16).map(hash).collect::<Option<_>>()?;
    Some(Cursor { slot, scan, listed })
}

fn hash(text: &str) -> u64 {
    let digest = Sha256::digest(text.as_bytes());
    u64::from_be_bytes(digest.first_chunk().copied().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_with_what_it_remembers() {
        let mut cursor = Cursor { slot: 5461, scan: u64::MAX, listed: VecDeque::new() };
        for number in 0..REMEMBERED + 3 {
            cursor.remember(&number.to_string());
            assert_eq!(Cursor::parse(&cursor.text("a/"), "a/").expect("ours"), cursor);
        }
        assert!(!cursor.was_listed("0") && cursor.was_listed("3"));
        assert_eq!(cursor.listed.len(), REMEMBERED);
    }

    #[test]
    fn other_text_and_another_prefix_are_refused() {
        let good = Cursor { scan: 17, ..Cursor::default() }.text("a");
        assert!(Cursor::parse(&good, "a").is_ok());
        assert!(Cursor::parse(&good, "b").is_err());
        let upper = good.to_uppercase();
        for bad in ["", "r1", "r1-0-0--", "17", "r1-0-11-ä-0", &good[..good.len() - 1], &upper] {
            assert!(Cursor::parse(bad, "a").is_err(), "{bad}");
        }
    }
}
