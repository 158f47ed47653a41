//! Files, page by page or one after the other.

use super::{Info, Store};
use crate::Result;
use crate::bindings::ottavo::runtime::file as wit;

/// How many files the iterator asks for at once.
const PAGE: u32 = 256;

/// One page of files. It may be empty and still have a next one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilePage {
    /// In the order of their names.
    pub files: Vec<Info>,
    /// The cursor of the next page, none after the last.
    pub next: Option<String>,
}

impl From<wit::Page> for FilePage {
    fn from(page: wit::Page) -> FilePage {
        FilePage { files: page.files.into_iter().map(Info::from).collect(), next: page.next }
    }
}

/// Every file with a prefix. After an error it ends.
#[derive(Debug)]
pub struct Files<'a> {
    store: &'a Store,
    prefix: &'a str,
    page: std::vec::IntoIter<Info>,
    next: Next,
}

/// Which page comes after the one at hand.
#[derive(Debug)]
enum Next {
    First,
    At(String),
    None,
}

impl<'a> Files<'a> {
    pub(super) fn new(store: &'a Store, prefix: &'a str) -> Files<'a> {
        Files { store, prefix, page: Vec::new().into_iter(), next: Next::First }
    }
}

impl Iterator for Files<'_> {
    type Item = Result<Info>;

    fn next(&mut self) -> Option<Result<Info>> {
        loop {
            if let Some(file) = self.page.next() {
                return Some(Ok(file));
            }
            let fetched = match std::mem::replace(&mut self.next, Next::None) {
                Next::First => self.store.list_page(self.prefix, None, PAGE),
                Next::At(cursor) => self.store.list_page(self.prefix, Some(&cursor), PAGE),
                Next::None => return None,
            };
            match fetched {
                Ok(page) => {
                    self.page = page.files.into_iter();
                    self.next = page.next.map_or(Next::None, Next::At);
                }
                Err(error) => return Some(Err(error)),
            }
        }
    }
}
