//! What functions write: one bounded ring of entries per function.
//!
//! # Behavior
//! - A log that nobody writes to owns no memory beyond itself.
//! - An entry is cut to size before it is kept, a full ring forgets its oldest entries: a function
//!   that floods its log can neither fill the host's memory nor slow down another function.
//! - Writing never waits for a reader longer than the copy of the entries takes.

use std::collections::VecDeque;

use ottavo_core::clock::UnixMillis;
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};

use crate::field;

/// The target of functions' lines in the host's log.
pub const FUNCTION: &str = "function";

/// Bounds of one log.
const MAX_ENTRIES: usize = 1000;
const MAX_BYTES: usize = 256 << 10;

/// Bounds of one entry.
const MAX_MESSAGE: usize = 8 << 10;
const MAX_FIELDS: usize = 32;
const MAX_NAME: usize = 128;
const MAX_VALUE: usize = 1 << 10;

/// How much an entry matters; the words of the WIT interface `log`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Each step.
    Trace,
    /// For whoever looks for a fault.
    Debug,
    /// What happened.
    Info,
    /// Something unexpected, handled.
    Warn,
    /// A person must look.
    Error,
}

/// One entry of a function's log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuestEntry {
    /// When.
    pub at: UnixMillis,
    /// How much it matters.
    pub level: Level,
    /// For people.
    pub message: String,
    /// For programs, in the order given.
    pub fields: Vec<(String, String)>,
    /// The request during which it was written.
    pub request_id: String,
    /// The version of the function that wrote it.
    pub version: u64,
}

/// The last entries of one function.
#[derive(Debug, Default)]
pub struct GuestLog(Mutex<Ring>);

#[derive(Debug, Default)]
struct Ring {
    entries: VecDeque<GuestEntry>,
    bytes: usize,
    forgotten: u64,
}

impl GuestLog {
    /// An empty log.
    pub fn new() -> GuestLog {
        GuestLog::default()
    }

    /// Keeps an entry, cut to size, and writes it to the host's log as one of `function`.
    pub fn write(&self, function: &str, mut entry: GuestEntry) {
        entry.cut();
        emit(function, &entry);
        let size = entry.size();
        let mut ring = self.0.lock();
        ring.entries.push_back(entry);
        ring.bytes += size;
        while ring.entries.len() > MAX_ENTRIES || ring.bytes > MAX_BYTES {
            let Some(oldest) = ring.entries.pop_front() else { break };
            ring.bytes -= oldest.size();
            ring.forgotten += 1;
        }
    }

    /// The last `most` entries, oldest first.
    pub fn last(&self, most: usize) -> Vec<GuestEntry> {
        let ring = self.0.lock();
        let skip = ring.entries.len().saturating_sub(most);
        ring.entries.iter().skip(skip).cloned().collect()
    }

    /// Entries that are no longer kept.
    pub fn forgotten(&self) -> u64 {
        self.0.lock().forgotten
    }
}

impl GuestEntry {
    fn cut(&mut self) {
        cut(&mut self.message, MAX_MESSAGE);
        self.fields.truncate(MAX_FIELDS);
        for (name, value) in &mut self.fields {
            cut(name, MAX_NAME);
            cut(value, MAX_VALUE);
        }
    }

    fn size(&self) -> usize {
        let fields = self.fields.iter().map(|(name, value)| name.len() + value.len() + 48);
        size_of::<GuestEntry>() + self.message.len() + self.request_id.len() + fields.sum::<usize>()
    }
}

/// Cuts `text` to `most` bytes at a character's end, and says so.
fn cut(text: &mut String, most: usize) {
    const MARK: &str = " ...";
    if text.len() <= most {
        return;
    }
    let end = (0..=most - MARK.len()).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    text.truncate(end);
    text.push_str(MARK);
    text.shrink_to_fit();
}

fn emit(function: &str, entry: &GuestEntry) {
    let GuestEntry { message, request_id, version, .. } = entry;
    macro_rules! at {
        ($level:ident) => {
            tracing::event!(
                target: FUNCTION,
                tracing::Level::$level,
                { field::FUNCTION } = function,
                { field::VERSION } = version,
                { field::REQUEST_ID } = request_id,
                fields = entry.fields_text(),
                "{message}"
            )
        };
    }
    match entry.level {
        Level::Trace => at!(TRACE),
        Level::Debug => at!(DEBUG),
        Level::Info => at!(INFO),
        Level::Warn => at!(WARN),
        Level::Error => at!(ERROR),
    }
}

impl GuestEntry {
    /// The fields as one text; none when there are none. Called only when the line is written.
    fn fields_text(&self) -> Option<String> {
        if self.fields.is_empty() {
            return None;
        }
        let pairs = self.fields.iter().map(|(name, value)| format!("{name}={value:?}"));
        Some(pairs.collect::<Vec<_>>().join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(message: String) -> GuestEntry {
        GuestEntry {
            at: 1,
            level: Level::Info,
            message,
            fields: Vec::new(),
            request_id: "r".to_owned(),
            version: 1,
        }
    }

    #[test]
    fn the_last_entries_are_kept_in_order() {
        let log = GuestLog::new();
        for n in 0..MAX_ENTRIES + 5 {
            log.write("f", entry(n.to_string()));
        }
        let last = log.last(2);
        assert_eq!(last.len(), 2);
        assert_eq!(last[1].message, (MAX_ENTRIES + 4).to_string());
        assert_eq!(log.last(usize::MAX).len(), MAX_ENTRIES);
        assert_eq!(log.last(usize::MAX)[0].message, "5");
        assert_eq!(log.forgotten(), 5);
    }

    #[test]
    fn a_flood_of_large_entries_stays_within_its_bytes() {
        let log = GuestLog::new();
        for _ in 0..100 {
            let mut large = entry("ä".repeat(1 << 20));
            large.level = Level::Trace;
            large.fields = vec![("n".repeat(1000), "v".repeat(1 << 16)); 100];
            log.write("f", large);
        }
        let kept = log.last(usize::MAX);
        assert!(!kept.is_empty());
        assert!(kept.iter().map(GuestEntry::size).sum::<usize>() <= MAX_BYTES);
        assert!(kept[0].message.len() <= MAX_MESSAGE && kept[0].message.ends_with(" ..."));
        assert_eq!(kept[0].fields.len(), MAX_FIELDS);
    }

    #[test]
    fn an_unused_log_owns_nothing() {
        assert_eq!(GuestLog::new().0.lock().entries.capacity(), 0);
    }
}
