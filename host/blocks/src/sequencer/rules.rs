//! How a key is counted up, for drivers that count themselves.

use ottavo_core::{Error, Kind, Result};

use super::{MAX_ID, Range, Size};
use crate::Key;

/// The ids after `last`, the id handed out last; 0 when there was none.
///
/// # Errors
/// [`exhausted`] when there are not as many left.
pub fn after(key: &Key, last: u64, size: Size) -> Result<Range> {
    let end = last.saturating_add(u64::from(size.get()));
    match end <= MAX_ID {
        true => Ok(Range { first: last + 1, last: end }),
        false => Err(exhausted(key, size)),
    }
}

/// There are not as many ids left; waiting does not help.
pub fn exhausted(key: &Key, size: Size) -> Error {
    let (key, size) = (key.as_str().escape_debug(), size.get());
    let message = format!("key `{key}` has fewer than {size} ids left: use another key");
    Error::new(Kind::Exhausted, message).with_retryable(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_follow_each_other_up_to_the_last() {
        let key = Key::parse("a").expect("valid");
        let size = |size| Size::parse(size).expect("valid");
        assert_eq!(after(&key, 0, Size::ONE).expect("first"), Range { first: 1, last: 1 });
        assert_eq!(after(&key, 7, size(3)).expect("next"), Range { first: 8, last: 10 });
        let end = after(&key, MAX_ID - 2, size(2)).expect("the last two");
        assert_eq!(end, Range { first: MAX_ID - 1, last: MAX_ID });
        for last in [MAX_ID - 1, MAX_ID, u64::MAX] {
            let error = after(&key, last, size(2)).expect_err("too few");
            assert_eq!((error.kind(), error.retryable()), (Kind::Exhausted, false));
        }
    }
}
