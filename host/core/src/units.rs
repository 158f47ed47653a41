//! Sizes and durations as people write them: `128MiB`, `1s`.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Error;

/// A number of bytes, written `4MiB`, `512KB` or as a plain number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ByteCount(pub u64);

impl ByteCount {
    /// `n` MiB.
    pub const fn mib(n: u64) -> ByteCount {
        ByteCount(n << 20)
    }

    /// As a size in memory; the largest one when it does not fit.
    pub fn as_usize(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

impl fmt::Display for ByteCount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (unit, shift) in [("GiB", 30), ("MiB", 20), ("KiB", 10)] {
            if self.0 >= 1 << shift && self.0.is_multiple_of(1 << shift) {
                return write!(f, "{}{unit}", self.0 >> shift);
            }
        }
        write!(f, "{}B", self.0)
    }
}

impl FromStr for ByteCount {
    type Err = Error;

    fn from_str(text: &str) -> Result<ByteCount, Error> {
        text.parse::<bytesize::ByteSize>().map(|size| ByteCount(size.as_u64())).map_err(|_| {
            Error::invalid(format!("`{text}` is not a size: write it like `128MiB` or `64KB`"))
        })
    }
}

/// A length of time, written `10s`, `250ms` or `1m 30s`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span(pub Duration);

impl Span {
    /// `n` seconds.
    pub const fn secs(n: u64) -> Span {
        Span(Duration::from_secs(n))
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        humantime::format_duration(self.0).fmt(f)
    }
}

impl FromStr for Span {
    type Err = Error;

    fn from_str(text: &str) -> Result<Span, Error> {
        text.parse::<humantime::Duration>().map(|d| Span(d.into())).map_err(|_| {
            Error::invalid(format!(
                "`{text}` is not a length of time: write it like `10s` or `250ms`"
            ))
        })
    }
}

macro_rules! as_text {
    ($type:ident, $format:literal, $example:literal) => {
        impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                stringify!($type).into()
            }

            fn inline_schema() -> bool {
                true
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "format": $format, "examples": [$example] })
            }
        }

        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<$type, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

as_text!(ByteCount, "byte-count", "4MiB");
as_text!(Span, "span", "10s");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_spans_read_back_what_they_print() {
        for text in ["128MiB", "4KiB", "1GiB", "1000B"] {
            assert_eq!(text.parse::<ByteCount>().expect(text).to_string(), text);
        }
        for text in ["10s", "250ms", "1m 30s"] {
            assert_eq!(text.parse::<Span>().expect(text).to_string(), text);
        }
        assert_eq!("4MB".parse::<ByteCount>().expect("decimal"), ByteCount(4_000_000));
        assert!("4 parsecs".parse::<ByteCount>().is_err());
        assert!("soon".parse::<Span>().is_err());
    }
}
