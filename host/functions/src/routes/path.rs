//! A path as received: checked once, then taken apart segment by segment.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// The path without its first `/`, when every segment can be decoded and none is dots. The inner
/// `None` is the path `/`, which has no segments.
pub(super) fn checked(path: &str) -> Option<Option<&str>> {
    let path = path.strip_prefix('/')?;
    path.split('/').all(readable).then_some((!path.is_empty()).then_some(path))
}

/// The first segment, and what comes after its `/`.
pub(super) fn split(path: &str) -> (&str, Option<&str>) {
    match path.split_once('/') {
        Some((segment, left)) => (segment, Some(left)),
        None => (path, None),
    }
}

/// A segment of a checked path as text.
pub(super) fn decode(segment: &str) -> Cow<'_, str> {
    match segment.contains('%') {
        true => percent_decode_str(segment).decode_utf8_lossy(),
        false => Cow::Borrowed(segment),
    }
}

fn readable(segment: &str) -> bool {
    if !segment.contains('%') {
        return !dots(segment);
    }
    // `percent_decode` lets a wrong escape stand as it is.
    let escaped =
        |rest: &str| rest.len() >= 2 && rest.bytes().take(2).all(|b| b.is_ascii_hexdigit());
    segment.split('%').skip(1).all(escaped)
        && percent_decode_str(segment)
            .decode_utf8()
            .is_ok_and(|text| !text.split(['/', '\\']).any(dots))
}

fn dots(segment: &str) -> bool {
    matches!(segment, "." | "..")
}
