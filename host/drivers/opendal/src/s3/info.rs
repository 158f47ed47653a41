//! What is known of an object.

use opendal::Metadata as Found;
use ottavo_blocks::file::{ContentType, FileName, Info, Metadata};

/// What a service says of an object whose writer said nothing.
const NOTHING_SAID: &str = "binary/octet-stream";

/// An object as a file. An object of another program may have what a file cannot; that is left out.
pub(super) fn of(name: FileName, found: &Found) -> Info {
    let content_type = found.content_type().filter(|text| *text != NOTHING_SAID);
    let pairs = found.user_metadata().into_iter().flatten();
    let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let modified = found.last_modified().map(|at| at.into_inner().as_millisecond());
    Info {
        name,
        size: found.content_length(),
        content_type: content_type.and_then(|text| ContentType::parse(text).ok()),
        last_modified: modified.and_then(|millis| millis.try_into().ok()),
        etag: None,
        metadata: Metadata::parse(pairs).unwrap_or_default(),
    }
}
