//! The formats of texts: what a schema's `format` demands beyond being text.

use ottavo_document::Shape;

use crate::settings::{grpc, http, log};

/// An address, or `unix:` and a path.
pub(crate) const LISTEN: &str = "listen";

/// An address with a port.
pub(crate) const ADDRESS: &str = "address";

/// Levels of the log.
pub(crate) const LOG_FILTER: &str = "log-filter";

/// A path.
pub(crate) const PATH: &str = "path";

/// Whether a text is what the shape demands.
///
/// # Errors
/// What is wrong, to be put behind the path of the setting.
pub(crate) fn check(shape: Shape<'_>, text: &str) -> Result<(), String> {
    match shape.format() {
        Some(ADDRESS) => http::address(text).map(drop),
        Some(LISTEN) => grpc::listen(text).map(drop),
        Some(LOG_FILTER) => log::filter(text),
        Some(PATH) if text.is_empty() => Err("is empty: write a path, or leave it out".to_owned()),
        _ => ottavo_document::format::check(shape, text),
    }
}
