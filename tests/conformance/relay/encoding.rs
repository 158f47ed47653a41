//! The encoding of `relay.md`.

use bytes::{Buf as _, BufMut as _, Bytes, BytesMut};

/// Writes a call.
#[derive(Default)]
pub(crate) struct Writer(BytesMut);

impl Writer {
    pub(crate) fn u8(&mut self, n: u8) -> &mut Writer {
        self.0.put_u8(n);
        self
    }

    pub(crate) fn u32(&mut self, n: u32) -> &mut Writer {
        self.0.put_u32_le(n);
        self
    }

    pub(crate) fn u64(&mut self, n: u64) -> &mut Writer {
        self.0.put_u64_le(n);
        self
    }

    pub(crate) fn s64(&mut self, n: i64) -> &mut Writer {
        self.0.put_i64_le(n);
        self
    }

    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> &mut Writer {
        self.count(bytes.len());
        self.0.put_slice(bytes);
        self
    }

    pub(crate) fn string(&mut self, text: &str) -> &mut Writer {
        self.bytes(text.as_bytes())
    }

    pub(crate) fn option(&mut self, text: Option<&str>) -> &mut Writer {
        self.u8(u8::from(text.is_some()));
        match text {
            Some(text) => self.string(text),
            None => self,
        }
    }

    pub(crate) fn list<T>(&mut self, items: &[T], each: fn(&mut Writer, &T)) -> &mut Writer {
        self.count(items.len());
        items.iter().for_each(|item| each(self, item));
        self
    }

    pub(crate) fn finish(self) -> Bytes {
        self.0.freeze()
    }

    fn count(&mut self, n: usize) {
        self.u32(u32::try_from(n).expect("no case sends 4 GiB"));
    }
}

/// Reads an answer. Fails with what it misses.
pub(crate) struct Reader(Bytes);

pub(crate) type Read<T> = Result<T, String>;

impl Reader {
    pub(crate) fn new(bytes: Bytes) -> Reader {
        Reader(bytes)
    }

    pub(crate) fn u8(&mut self) -> Read<u8> {
        self.0.try_get_u8().map_err(|_| "ends before a u8".to_owned())
    }

    pub(crate) fn u16(&mut self) -> Read<u16> {
        self.0.try_get_u16_le().map_err(|_| "ends before a u16".to_owned())
    }

    pub(crate) fn u64(&mut self) -> Read<u64> {
        self.0.try_get_u64_le().map_err(|_| "ends before a u64".to_owned())
    }

    pub(crate) fn s64(&mut self) -> Read<i64> {
        self.0.try_get_i64_le().map_err(|_| "ends before an s64".to_owned())
    }

    pub(crate) fn bytes(&mut self) -> Read<Bytes> {
        let length = self.count()?;
        if length > self.0.len() {
            return Err(format!("ends before {length} bytes"));
        }
        Ok(self.0.split_to(length))
    }

    pub(crate) fn string(&mut self) -> Read<String> {
        String::from_utf8(self.bytes()?.to_vec()).map_err(|error| error.to_string())
    }

    pub(crate) fn flag(&mut self) -> Read<bool> {
        match self.u8()? {
            0 => Ok(false),
            1 => Ok(true),
            other => Err(format!("{other} is neither 0 nor 1")),
        }
    }

    pub(crate) fn option<T>(
        &mut self,
        some: impl FnOnce(&mut Reader) -> Read<T>,
    ) -> Read<Option<T>> {
        self.flag()?.then(|| some(self)).transpose()
    }

    pub(crate) fn list<T>(&mut self, each: impl Fn(&mut Reader) -> Read<T>) -> Read<Vec<T>> {
        // every item has a byte at least, so a false count ends early
        (0..self.count()?).map(|_| each(self)).collect()
    }

    pub(crate) fn end(self) -> Read<()> {
        match self.0.len() {
            0 => Ok(()),
            rest => Err(format!("{rest} bytes follow the end")),
        }
    }

    fn count(&mut self) -> Read<usize> {
        let count = self.0.try_get_u32_le().map_err(|_| "ends before a count".to_owned())?;
        Ok(count as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_document_is_written_and_read() {
        let mut call = Writer::default();
        call.string("state.get").string("default").string("k").list(&[(); 0], |_, ()| {});
        let expected = b"\x09\0\0\0state.get\x07\0\0\0default\x01\0\0\0k\0\0\0\0";
        assert_eq!(call.finish(), &expected[..]);

        let mut answer = Reader::new(Bytes::from_static(b"\0\x01\x02\0\0\0hi\x01\0\0\x007"));
        assert_eq!(answer.u8(), Ok(0));
        let value = answer.option(|r| Ok((r.bytes()?, r.string()?)));
        assert_eq!(value, Ok(Some((Bytes::from_static(b"hi"), "7".to_owned()))));
        assert_eq!(answer.end(), Ok(()));
    }
}
