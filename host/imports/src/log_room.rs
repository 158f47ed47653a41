//! How much one call writes to its log.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ottavo_core::units::ByteCount;

/// What an entry costs beside its text.
const ENTRY: usize = 64;

/// Room for the entries of one call. Cheap to clone.
///
/// # Behavior
/// - Once an entry does not fit, none does: what is there is the beginning, without gaps.
/// - What was cut is counted, and told when the call is over.
#[derive(Clone, Debug)]
pub struct LogRoom(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    most: ByteCount,
    asked: AtomicU64,
    cut_entries: AtomicU64,
    cut_bytes: AtomicU64,
}

impl LogRoom {
    /// Room for so many bytes.
    pub fn new(most: ByteCount) -> LogRoom {
        let zero = AtomicU64::default;
        LogRoom(Arc::new(Inner { most, asked: zero(), cut_entries: zero(), cut_bytes: zero() }))
    }

    /// Whether there is room for one more entry, which takes it.
    pub(crate) fn takes(&self, message: &str, fields: &[(String, String)]) -> bool {
        let fields: usize = fields.iter().map(|(name, value)| name.len() + value.len()).sum();
        let size = (message.len() + fields + ENTRY) as u64;
        let Inner { most, asked, cut_entries, cut_bytes } = &*self.0;
        let fits = asked.fetch_add(size, Ordering::Relaxed) + size <= most.0;
        if !fits {
            cut_entries.fetch_add(1, Ordering::Relaxed);
            cut_bytes.fetch_add(size, Ordering::Relaxed);
        }
        fits
    }

    /// What was cut, in words; nothing the second time.
    pub(crate) fn cut(&self) -> Option<String> {
        let entries = self.0.cut_entries.swap(0, Ordering::Relaxed);
        let (bytes, most) = (self.0.cut_bytes.swap(0, Ordering::Relaxed), self.0.most);
        (entries > 0).then(|| {
            format!(
                "{entries} more entries of {bytes} bytes were cut from the log of this call: `limits.log` is {most}; write less, or raise it"
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_cut_and_told_once() {
        let room = LogRoom::new(ByteCount(200));
        assert!(room.takes("one", &[]));
        assert!(!room.takes(&"x".repeat(100), &[("a".to_owned(), "b".to_owned())]));
        // it would have fit: what is there has no gaps
        assert!(!room.takes("three", &[]));
        let said = room.cut().expect("two were cut");
        assert!(said.contains("2 more entries of 235 bytes"), "{said}");
        assert!(said.contains("`limits.log` is 200B"), "{said}");
        assert_eq!(room.cut(), None);
    }
}
