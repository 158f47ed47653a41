//! What is said of a file beside its bytes: one extended attribute, lines of text.
//!
//! A file that another program put there has none, and is served all the same.

use std::os::fd::AsFd;

use ottavo_blocks::file::{ContentType, Etag, FileName, Info, Metadata, NewFile};
use ottavo_core::{Error, Kind, Result};
use rustix::fs::{Stat, XattrFlags};
use rustix::io::Errno;

use super::error::disk;

/// The name of the attribute.
const NAME: &str = "user.ottavo";

/// Room for the longest.
const LONGEST: usize = 8 << 10;

/// The text of a file's attribute: a number of its own, its content type, its metadata.
pub(super) fn text(file: &NewFile) -> String {
    let id = fastrand::u64(1..);
    let content_type = file.content_type.as_ref().map_or("", ContentType::as_str);
    let mut text = format!("{id:016x}\n{content_type}\n");
    for (name, value) in file.metadata.pairs() {
        text.extend([name, "=", value, "\n"]);
    }
    text
}

/// Sets the attribute of an open file.
pub(super) fn write(file: impl AsFd, text: &str) -> Result<()> {
    match rustix::fs::fsetxattr(file, NAME, text.as_bytes(), XattrFlags::empty()) {
        Ok(()) => Ok(()),
        Err(Errno::NOTSUP) => Err(Error::new(
            Kind::FailedPrecondition,
            "the file system of the store has no extended attributes, where content types and \
             metadata are kept: put the store on another",
        )),
        Err(error) => Err(disk(error)),
    }
}

/// What is known of an open file.
pub(super) fn info(file: impl AsFd, name: &FileName, stat: &Stat) -> Result<Info> {
    let mut buffer = vec![0; LONGEST];
    let text = match rustix::fs::fgetxattr(file, NAME, &mut *buffer) {
        Ok(length) => String::from_utf8(buffer[..length].to_vec()).unwrap_or_default(),
        Err(Errno::NODATA | Errno::NOTSUP | Errno::RANGE) => String::new(),
        Err(error) => return Err(disk(error)),
    };
    let mut lines = text.lines();
    let id = lines.next().unwrap_or("0");
    let content_type = lines.next().and_then(|text| ContentType::parse(text).ok());
    let pairs = lines.filter_map(|line| line.split_once('='));
    let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let size = u64::try_from(stat.st_size).unwrap_or_default();
    let (seconds, nanos) = (stat.st_mtime, stat.st_mtime_nsec);
    let millis = u64::try_from(seconds).ok().and_then(|seconds| seconds.checked_mul(1000));
    let fraction = nanos / 1_000_000;
    Ok(Info {
        name: name.clone(),
        size,
        content_type,
        last_modified: millis.map(|millis| millis.saturating_add(fraction)),
        // of the time as well, so that a change by another program shows
        etag: Etag::parse(format!("{id}-{seconds:x}.{nanos:x}-{size:x}")).ok(),
        metadata: Metadata::parse(pairs).unwrap_or_default(),
    })
}
