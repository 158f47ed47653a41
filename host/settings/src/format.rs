//! The formats of texts: what a schema's `format` demands beyond being text.

use std::fmt::Display;

use ottavo_core::units::{ByteCount, Span};

use crate::settings::{grpc, http, log};
use crate::shape::Shape;

/// An address on this machine.
pub(crate) const LOOPBACK: &str = "loopback";

/// An address on this machine, or `unix:` and a path.
pub(crate) const LISTEN: &str = "listen";

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
        Some("byte-count") => size(shape, text),
        Some("span") => span(shape, text),
        Some(LOOPBACK) => http::loopback(text).map(drop),
        Some(LISTEN) => grpc::listen(text).map(drop),
        Some(LOG_FILTER) => log::filter(text),
        Some(PATH) if text.is_empty() => Err("is empty: write a path, or leave it out".to_owned()),
        _ if text.is_empty() && shape.extra("minLength").as_u64() >= Some(1) => {
            Err("is empty: write a text, or leave it out".to_owned())
        }
        _ => Ok(()),
    }
}

fn size(shape: Shape<'_>, text: &str) -> Result<(), String> {
    let size: ByteCount = text.parse().map_err(wrong)?;
    let bound = |name: &str| shape.extra(name).as_str()?.parse::<ByteCount>().ok();
    let (least, most) = (bound("x-least"), bound("x-most"));
    if least.is_none_or(|least| least <= size) && most.is_none_or(|most| size <= most) {
        return Ok(());
    }
    match (least, most) {
        _ if size.0 == 0 => Err("is zero: nothing would fit".to_owned()),
        (Some(least), Some(most)) => Err(format!("is {size}: write a size from {least} to {most}")),
        (Some(least), None) => Err(format!("is {size}: write a size of at least {least}")),
        (_, most) => Err(format!("is {size}: write a size up to {}", most.unwrap_or(size))),
    }
}

fn span(shape: Shape<'_>, text: &str) -> Result<(), String> {
    let span: Span = text.parse().map_err(wrong)?;
    let least = shape.extra("x-least").as_str().and_then(|text| text.parse::<Span>().ok());
    match least {
        _ if span.0.is_zero() && shape.extra("x-not-zero") == true => {
            Err("is zero: nothing could be done in no time".to_owned())
        }
        Some(least) if span < least => Err(format!("is {span}: use {least} or more")),
        _ => Ok(()),
    }
}

fn wrong(error: impl Display) -> String {
    format!("is wrong: {error}")
}
