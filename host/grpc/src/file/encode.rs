//! From the block's types to messages.

use ottavo_blocks::file::{ContentType, Etag, Info};
use ottavo_wire::v1::{FileInfo, Pair};

pub(super) fn info(info: Info) -> FileInfo {
    let pair = |(name, value)| Pair { name, value };
    FileInfo {
        last_modified: info.last_modified_text(),
        name: info.name.into_string(),
        size: info.size,
        content_type: info.content_type.map(ContentType::into_string),
        etag: info.etag.map(Etag::into_string),
        metadata: info.metadata.into_pairs().into_iter().map(pair).collect(),
    }
}
