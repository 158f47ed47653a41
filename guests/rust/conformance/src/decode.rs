//! Reads the parameters of a call.

use ottavo_sdk::{Error, Result};

/// What is left of a body.
pub(crate) struct Decoder<'a> {
    rest: &'a [u8],
}

impl<'a> Decoder<'a> {
    pub(crate) fn new(body: &'a [u8]) -> Decoder<'a> {
        Decoder { rest: body }
    }

    /// The parameters are read: nothing may follow.
    pub(crate) fn end(self) -> Result<()> {
        match self.rest.len() {
            0 => Ok(()),
            more => Err(malformed(&format!("{more} bytes follow the parameters"))),
        }
    }

    pub(crate) fn u8(&mut self) -> Result<u8> {
        Ok(self.array::<1>()?[0])
    }

    pub(crate) fn u32(&mut self) -> Result<u32> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    pub(crate) fn u64(&mut self) -> Result<u64> {
        Ok(u64::from_le_bytes(self.array()?))
    }

    pub(crate) fn s64(&mut self) -> Result<i64> {
        Ok(i64::from_le_bytes(self.array()?))
    }

    pub(crate) fn bytes(&mut self) -> Result<&'a [u8]> {
        let count = self.u32()? as usize;
        let (bytes, rest) = self.rest.split_at_checked(count).ok_or_else(ended)?;
        self.rest = rest;
        Ok(bytes)
    }

    pub(crate) fn string(&mut self) -> Result<&'a str> {
        std::str::from_utf8(self.bytes()?).map_err(|_| malformed("text is not UTF-8"))
    }

    pub(crate) fn list<T>(&mut self, item: impl Fn(&mut Self) -> Result<T>) -> Result<Vec<T>> {
        // every item takes a byte or more, so a count too large ends with the body
        (0..self.u32()?).map(|_| item(self)).collect()
    }

    pub(crate) fn option<T>(
        &mut self,
        value: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<Option<T>> {
        match self.u8()? {
            0 => Ok(None),
            1 => value(self).map(Some),
            other => Err(no_case("option", other)),
        }
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let (bytes, rest) = self.rest.split_first_chunk().ok_or_else(ended)?;
        self.rest = rest;
        Ok(*bytes)
    }
}

/// An index that the type has no case for.
pub(crate) fn no_case(name: &str, index: u8) -> Error {
    malformed(&format!("`{name}` has no case {index}"))
}

fn ended() -> Error {
    malformed("it ends within a value")
}

fn malformed(what: &str) -> Error {
    Error::invalid_argument(format!("the body is no encoded call: {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_in_order() {
        let body = [1, 2, 0, 0, 0, b'h', b'i', 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
        let mut call = Decoder::new(&body);
        assert_eq!(call.u8().unwrap(), 1);
        assert_eq!(call.string().unwrap(), "hi");
        assert_eq!(call.option(Decoder::s64).unwrap(), Some(-1));
        call.end().unwrap();
    }

    #[test]
    fn a_count_beyond_the_end_is_refused_at_once() {
        let body = [0xff; 4];
        assert!(Decoder::new(&body).bytes().is_err());
        assert!(Decoder::new(&body).list(Decoder::string).is_err());
    }

    #[test]
    fn what_is_no_value_or_follows_the_last_is_refused() {
        assert!(Decoder::new(&[2]).option(Decoder::u8).is_err());
        assert!(Decoder::new(&[1, 0, 0, 0, 0xff]).string().is_err());
        assert!(Decoder::new(&[0]).end().is_err());
    }
}
