//! Keys, page by page or one after the other.

use super::Store;
use crate::Result;
use crate::bindings::ottavo::runtime::state as wit;

/// How many keys the iterator asks for at once.
const PAGE: u32 = 256;

/// One page of keys. It may be empty and still have a next one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyPage {
    /// In the driver's own order.
    pub keys: Vec<String>,
    /// The cursor of the next page, none after the last.
    pub next: Option<String>,
}

impl From<wit::KeyPage> for KeyPage {
    fn from(page: wit::KeyPage) -> KeyPage {
        KeyPage { keys: page.keys, next: page.next }
    }
}

/// Every key with a prefix. After an error it ends.
#[derive(Debug)]
pub struct Keys<'a> {
    store: &'a Store,
    prefix: &'a str,
    page: std::vec::IntoIter<String>,
    next: Next,
}

/// Which page comes after the one at hand.
#[derive(Debug)]
enum Next {
    First,
    At(String),
    None,
}

impl<'a> Keys<'a> {
    pub(super) fn new(store: &'a Store, prefix: &'a str) -> Keys<'a> {
        Keys { store, prefix, page: Vec::new().into_iter(), next: Next::First }
    }
}

impl Iterator for Keys<'_> {
    type Item = Result<String>;

    fn next(&mut self) -> Option<Result<String>> {
        loop {
            if let Some(key) = self.page.next() {
                return Some(Ok(key));
            }
            let fetched = match std::mem::replace(&mut self.next, Next::None) {
                Next::First => self.store.list_page(self.prefix, None, PAGE),
                Next::At(cursor) => self.store.list_page(self.prefix, Some(&cursor), PAGE),
                Next::None => return None,
            };
            match fetched {
                Ok(page) => {
                    self.page = page.keys.into_iter();
                    self.next = page.next.map_or(Next::None, Next::At);
                }
                Err(error) => return Some(Err(error)),
            }
        }
    }
}
