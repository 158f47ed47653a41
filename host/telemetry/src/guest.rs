//! What functions write: one bounded ring of entries per function.
//!
//! # Behavior
//! - A log that nobody writes to owns no memory beyond itself.
//! - An entry is cut to size before it is kept, a full ring forgets its oldest entries: a function
//!   that floods its log can neither fill the host's memory nor slow down another function.
//! - Writing never waits for a reader longer than the copy of the entries takes. A reader that follows
//!   has a place of its own; what is forgotten before it comes is counted for it.

use std::collections::VecDeque;

use ottavo_core::clock::UnixMillis;
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

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
pub struct GuestLog {
    ring: Mutex<Ring>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct Ring {
    entries: VecDeque<GuestEntry>,
    bytes: usize,
    forgotten: u64,
    closed: bool,
}

/// What a reader finds from its place on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Oldest first.
    pub entries: Vec<GuestEntry>,
    /// Where the next page begins.
    pub next: u64,
    /// Entries between the reader's place and the first of these, no longer kept.
    pub dropped: u64,
    /// Nothing more will come.
    pub closed: bool,
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
        self.keep(entry);
    }

    /// Keeps an entry, cut to size, that the host's log has in words of its own.
    pub fn keep(&self, mut entry: GuestEntry) {
        entry.cut();
        let size = entry.size();
        let mut ring = self.ring.lock();
        ring.entries.push_back(entry);
        ring.bytes += size;
        while ring.entries.len() > MAX_ENTRIES || ring.bytes > MAX_BYTES {
            let Some(oldest) = ring.entries.pop_front() else { break };
            ring.bytes -= oldest.size();
            ring.forgotten += 1;
        }
        drop(ring);
        self.changed.notify_waiters();
    }

    /// Up to `most` entries from a place on: 0 is the first that ever was.
    pub fn page(&self, from: u64, most: usize) -> Page {
        let ring = self.ring.lock();
        let first = from.max(ring.forgotten);
        let skip = usize::try_from(first - ring.forgotten).unwrap_or(usize::MAX);
        let entries: Vec<_> = ring.entries.iter().skip(skip).take(most).cloned().collect();
        let next = first + entries.len() as u64;
        Page { next, dropped: first - from, closed: ring.closed, entries }
    }

    /// Waits until there is something from this place on, or nothing more will come.
    pub async fn reach(&self, from: u64) {
        loop {
            let changed = self.changed.notified();
            {
                let ring = self.ring.lock();
                if ring.closed || ring.forgotten + ring.entries.len() as u64 > from {
                    return;
                }
            }
            changed.await;
        }
    }

    /// Says that nothing more will come: the function is gone.
    pub fn close(&self) {
        self.ring.lock().closed = true;
        self.changed.notify_waiters();
    }

    /// The last `most` entries, oldest first.
    pub fn last(&self, most: usize) -> Vec<GuestEntry> {
        let ring = self.ring.lock();
        let skip = ring.entries.len().saturating_sub(most);
        ring.entries.iter().skip(skip).cloned().collect()
    }

    /// Entries that are no longer kept.
    pub fn forgotten(&self) -> u64 {
        self.ring.lock().forgotten
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
    fn a_reader_goes_on_from_its_place_and_is_told_what_it_missed() {
        let log = GuestLog::new();
        for n in 0..3 {
            log.write("f", entry(n.to_string()));
        }
        let page = log.page(1, 1);
        assert_eq!((page.entries[0].message.as_str(), page.next, page.dropped), ("1", 2, 0));
        for n in 3..MAX_ENTRIES + 10 {
            log.write("f", entry(n.to_string()));
        }
        let page = log.page(page.next, 2);
        assert_eq!((page.entries[0].message.as_str(), page.next, page.dropped), ("10", 12, 8));
        let end = log.page(u64::MAX, 2);
        assert_eq!((end.entries.len(), end.next, end.dropped), (0, u64::MAX, 0));
    }

    #[tokio::test]
    async fn a_reader_that_waits_is_woken_by_an_entry_and_by_the_end() {
        let log = GuestLog::new();
        let woken = tokio::join!(log.reach(0), async { log.write("f", entry("a".into())) });
        assert_eq!(woken, ((), ()));
        log.reach(0).await;
        tokio::join!(log.reach(1), async { log.close() });
        assert!(log.page(1, 1).closed);
    }

    #[test]
    fn an_unused_log_owns_nothing() {
        assert_eq!(GuestLog::new().ring.lock().entries.capacity(), 0);
    }
}
