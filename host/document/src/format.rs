//! The formats of texts that any file may have.

use std::fmt::Display;

use ottavo_core::units::{ByteCount, Span};

use crate::Shape;

/// Whether a text is what the shape demands, as far as this room knows its format.
///
/// # Errors
/// What is wrong, to be put behind the path.
pub fn check(shape: Shape<'_>, text: &str) -> Result<(), String> {
    match shape.format() {
        Some("byte-count") => size(shape, text),
        Some("span") => span(shape, text),
        _ if text.is_empty() && shape.extra("minLength").as_u64() >= Some(1) => {
            Err("is empty: write a text, or leave it out".to_owned())
        }
        _ => Ok(()),
    }
}

/// A message of a parser, to be put behind the path.
pub fn wrong(error: impl Display) -> String {
    format!("is wrong: {error}")
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
    let bound = |name: &str| shape.extra(name).as_str()?.parse::<Span>().ok();
    match (bound("x-least"), bound("x-most")) {
        _ if span.0.is_zero() && shape.extra("x-not-zero") == true => {
            Err("is zero: nothing could be done in no time".to_owned())
        }
        (Some(least), Some(most)) if span < least || most < span => {
            Err(format!("is {span}: use {least} to {most}"))
        }
        (Some(least), _) if span < least => Err(format!("is {span}: use {least} or more")),
        (_, Some(most)) if most < span => Err(format!("is {span}: use {most} or less")),
        _ => Ok(()),
    }
}
