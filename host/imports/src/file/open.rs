//! The readers and writers that one call holds: a bounded number, closed with the call.

use std::collections::BTreeMap;

use ottavo_api::file::{OpenReader, OpenWriter};
use ottavo_core::{Error, Kind, Result};

/// How many a call may hold at a time.
const MOST: usize = 16;

/// What is open, by the number that stands for it in the guest. No number comes twice in the life
/// of an instance: one that outlived its call leads to nothing, and not to another file.
#[derive(Default)]
pub(crate) struct Files {
    open: BTreeMap<u32, Open>,
    last: u32,
}

enum Open {
    Reader(OpenReader),
    Writer(OpenWriter),
}

/// Room for one more.
pub(crate) struct Place<'a>(&'a mut Files);

impl Files {
    /// Room for one more, if there is some.
    pub(crate) fn place(&mut self) -> Result<Place<'_>> {
        if self.open.len() >= MOST || self.last == u32::MAX {
            let message =
                format!("a call holds at most {MOST} readers and writers: drop some first");
            let error = Error::new(Kind::Exhausted, message).with_retryable(false);
            return Err(error.with_detail("limit", MOST.to_string()));
        }
        Ok(Place(self))
    }

    pub(crate) fn reader(&mut self, number: u32) -> Result<&mut OpenReader> {
        match self.open.get_mut(&number) {
            Some(Open::Reader(reader)) => Ok(reader),
            _ => Err(closed("reader")),
        }
    }

    pub(crate) fn writer(&mut self, number: u32) -> Result<&mut OpenWriter> {
        match self.open.get_mut(&number) {
            Some(Open::Writer(writer)) => Ok(writer),
            _ => Err(closed("writer")),
        }
    }

    /// The guest dropped it. One that outlived its call is gone already.
    pub(crate) fn forget(&mut self, number: u32) {
        self.open.remove(&number);
    }

    /// The call is over.
    pub(crate) fn close(&mut self) {
        self.open.clear();
    }
}

impl Place<'_> {
    pub(crate) fn reader(self, reader: OpenReader) -> u32 {
        self.take(Open::Reader(reader))
    }

    pub(crate) fn writer(self, writer: OpenWriter) -> u32 {
        self.take(Open::Writer(writer))
    }

    fn take(self, open: Open) -> u32 {
        let Place(files) = self;
        files.last += 1;
        files.open.insert(files.last, open);
        files.last
    }
}

fn closed(what: &str) -> Error {
    let message =
        format!("the {what} belongs to an earlier call, which has ended: open the file again");
    Error::new(Kind::FailedPrecondition, message)
}
