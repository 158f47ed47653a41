//! The values that go in and out of a store of files.

use ottavo_core::clock::UnixMillis;
use ottavo_core::{Error, Kind, Result};

use super::{Etag, FileName, Precondition};

/// The most that is read or written at once, in bytes.
pub const MAX_CHUNK: usize = 1 << 20;

/// The longest content type, in bytes.
const MAX_CONTENT_TYPE: usize = 255;

/// The most metadata, in bytes of names and values together: what object stores take.
const MAX_METADATA: usize = 2048;

/// How much one read may return at most: 1 byte to [`MAX_CHUNK`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChunkSize(usize);

impl ChunkSize {
    /// The largest.
    pub const MAX: ChunkSize = ChunkSize(MAX_CHUNK);

    /// Accepts a number from a caller; beyond [`MAX_CHUNK`] it counts as that.
    ///
    /// # Errors
    /// `invalid-argument` for 0: what it reads would look like the end.
    pub fn parse(max: u32) -> Result<ChunkSize> {
        match max {
            0 => Err(Error::invalid("a read of at most `0` bytes: use 1 or more")),
            max => Ok(ChunkSize(MAX_CHUNK.min(max as usize))),
        }
    }

    /// The number of bytes.
    pub fn get(self) -> usize {
        self.0
    }
}

/// Which bytes of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Range {
    /// Where they begin.
    pub offset: u64,
    /// How many at most; without one, all to the end.
    pub length: Option<u64>,
}

impl Range {
    /// The first byte, and the one after the last, of a file of this size.
    pub fn within(self, size: u64) -> (u64, u64) {
        let begin = self.offset.min(size);
        let end = self.length.map_or(size, |length| begin.saturating_add(length).min(size));
        (begin, end)
    }
}

/// What a file says of its content: 1 to 255 bytes of visible ASCII and spaces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContentType(String);

impl ContentType {
    /// Accepts a content type from a caller.
    ///
    /// # Errors
    /// `invalid-argument` that says what is accepted.
    pub fn parse(text: impl Into<String>) -> Result<ContentType> {
        let text = text.into();
        match !text.is_empty() && text.len() <= MAX_CONTENT_TYPE && is_value(&text) {
            true => Ok(ContentType(text)),
            false => Err(Error::invalid(format!(
                "`{}` is no content type: use 1 to {MAX_CONTENT_TYPE} bytes such as `text/plain`",
                shown(&text)
            ))),
        }
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As owned text.
    pub fn into_string(self) -> String {
        self.0
    }
}

/// What travels with a file: names of `a-z`, `0-9`, `-` and `_`, each once, and values that can stand
/// in a header; together at most 2048 bytes. Kept in the order of the names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metadata(Vec<(String, String)>);

impl Metadata {
    /// Accepts pairs from a caller.
    ///
    /// # Errors
    /// `invalid-argument` for a wrong pair, `too-large` for too much.
    pub fn parse(mut pairs: Vec<(String, String)>) -> Result<Metadata> {
        let size: usize = pairs.iter().map(|(name, value)| name.len() + value.len()).sum();
        if size > MAX_METADATA {
            let message = format!("the metadata has {size} bytes: use at most {MAX_METADATA}");
            let error = Error::new(Kind::TooLarge, message);
            return Err(error.with_detail("limit", MAX_METADATA.to_string()));
        }
        pairs.sort();
        let twice = pairs.windows(2).find(|two| two[0].0 == two[1].0).map(|two| &two[0].0);
        if let Some(name) = twice {
            return Err(Error::invalid(format!("the metadata `{}` is there twice", shown(name))));
        }
        for (name, value) in &pairs {
            let good = |b: u8| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_');
            if name.is_empty() || !name.bytes().all(good) {
                return Err(Error::invalid(format!(
                    "`{}` is no name of metadata: use `a-z`, `0-9`, `-` and `_`",
                    shown(name)
                )));
            }
            if !is_value(value) {
                return Err(Error::invalid(format!(
                    "the metadata `{name}` is `{}`: use visible ASCII, with spaces between only",
                    shown(value)
                )));
            }
        }
        Ok(Metadata(pairs))
    }

    /// The pairs, by name.
    pub fn pairs(&self) -> &[(String, String)] {
        &self.0
    }

    /// The pairs as their own, by name.
    pub fn into_pairs(self) -> Vec<(String, String)> {
        self.0
    }
}

fn is_value(text: &str) -> bool {
    text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) && text.trim() == text
}

fn shown(text: &str) -> String {
    text.chars().take(64).flat_map(char::escape_debug).collect()
}

/// A file to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFile {
    /// Its name.
    pub name: FileName,
    /// What it holds, if it says so.
    pub content_type: Option<ContentType>,
    /// How to treat what is there.
    pub precondition: Precondition,
    /// What travels with it.
    pub metadata: Metadata,
}

impl NewFile {
    /// Written in any case, with nothing said of it.
    pub fn new(name: FileName) -> NewFile {
        let (precondition, metadata) = (Precondition::Any, Metadata::default());
        NewFile { name, content_type: None, precondition, metadata }
    }
}

/// What is known of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Info {
    /// Its name.
    pub name: FileName,
    /// In bytes.
    pub size: u64,
    /// As it was given.
    pub content_type: Option<ContentType>,
    /// When it was last written, by the store's clock.
    pub last_modified: Option<UnixMillis>,
    /// Its version, if the store has them.
    pub etag: Option<Etag>,
    /// As it was given.
    pub metadata: Metadata,
}

impl Info {
    /// `last_modified` as RFC 3339.
    pub fn last_modified_text(&self) -> Option<String> {
        let since = std::time::Duration::from_millis(self.last_modified?);
        let at = std::time::UNIX_EPOCH.checked_add(since)?;
        // beyond the year 9999 there is no such text
        let known = since.as_secs() < 253_402_300_800;
        known.then(|| humantime::format_rfc3339_millis(at).to_string())
    }
}

/// One page of files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FilePage {
    /// In the order of their names' bytes.
    pub files: Vec<Info>,
    /// The cursor of the next page; none on the last.
    pub next: Option<String>,
}

/// What a store can do beyond the core of the contract. The suite runs what is claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Capability {
    /// A finished file survives the end of the process and of the machine.
    Durable,
    /// Several hosts see the same files.
    Shared,
    /// [`Precondition::Absent`], decided in one step with the write.
    FirstWrites,
    /// Etags, and preconditions on them.
    Preconditions,
    /// Content type and metadata are kept.
    Attributes,
    /// A list has content types and metadata too.
    ListsInFull,
    /// `a` and `a/b` can both be files.
    AnyNames,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect()
    }

    #[test]
    fn a_range_stays_within_the_file() {
        let range = |offset, length| Range { offset, length };
        assert_eq!(range(0, None).within(10), (0, 10));
        assert_eq!(range(3, Some(4)).within(10), (3, 7));
        assert_eq!(range(3, Some(u64::MAX)).within(10), (3, 10));
        assert_eq!(range(u64::MAX, Some(u64::MAX)).within(10), (10, 10));
    }

    #[test]
    fn attributes_can_stand_in_headers() {
        assert!(ContentType::parse("text/plain; charset=utf-8").is_ok());
        for bad in ["", " a", "a\r\nb", "ä", &"x".repeat(256)] {
            assert!(ContentType::parse(bad).is_err(), "{bad}");
        }
        let sorted = Metadata::parse(pairs(&[("b", "2"), ("a-1_", "")])).expect("valid");
        assert_eq!(sorted.pairs(), pairs(&[("a-1_", ""), ("b", "2")]));
        for bad in [("", "1"), ("A", "1"), ("a b", "1"), ("a", "\n"), ("a", "é"), ("a", "1 ")] {
            let error = Metadata::parse(pairs(&[bad])).expect_err(bad.0);
            assert_eq!(error.kind(), Kind::InvalidArgument);
        }
        assert!(Metadata::parse(pairs(&[("a", "1"), ("a", "2")])).is_err());
        let large = Metadata::parse(pairs(&[("a", &"x".repeat(2048))])).expect_err("too much");
        assert_eq!(large.kind(), Kind::TooLarge);
    }

    #[test]
    fn a_time_is_text_where_there_is_one() {
        let name = FileName::parse("a").expect("valid");
        let mut info = Info {
            name,
            size: 0,
            content_type: None,
            last_modified: Some(951_827_696_789),
            etag: None,
            metadata: Metadata::default(),
        };
        assert_eq!(info.last_modified_text().expect("a time"), "2000-02-29T12:34:56.789Z");
        info.last_modified = Some(u64::MAX);
        assert_eq!(info.last_modified_text(), None);
    }
}
