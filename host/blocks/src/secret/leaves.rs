//! Secrets as one flat map, for stores that know all of them at once.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::Bound;

use bytes::Bytes;
use ottavo_core::{Error, Result, Secret};

use super::{Bundle, Key};

/// Between the parts of a name.
const SEPARATOR: char = '/';

/// Every secret that is one value, by its whole name: `db/password`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Leaves(BTreeMap<Key, Secret<Bytes>>);

impl Leaves {
    /// Adds a secret.
    ///
    /// # Errors
    /// `invalid-argument` for a name that no caller could say, or that is there already.
    pub fn insert(&mut self, name: &str, value: impl Into<Bytes>) -> Result<()> {
        let name = Key::stored(name)?;
        match self.0.entry(name) {
            Entry::Vacant(place) => {
                place.insert(Secret::new(value.into()));
                Ok(())
            }
            Entry::Occupied(place) => {
                let name = place.key().as_str().escape_debug();
                Err(Error::invalid(format!("the secret `{name}` is there twice")))
            }
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What stands under a name, as of [`Secrets::get`](super::Secrets::get).
    pub fn get(&self, name: &str) -> Option<Bundle> {
        if let Some(value) = self.0.get(name) {
            return Some(Bundle::single(name, value.clone()));
        }
        let above = format!("{name}{SEPARATOR}");
        let below = self.0.range::<str, _>((Bound::Included(&*above), Bound::Unbounded)).map_while(
            |(held, value)| Some((held.as_str().strip_prefix(&above)?.to_owned(), value.clone())),
        );
        let values: Vec<_> = below.collect();
        (!values.is_empty()).then_some(Bundle { version: None, values })
    }

    /// Every secret, as of [`Secrets::get_bulk`](super::Secrets::get_bulk).
    pub fn all(&self) -> Vec<(Key, Bundle)> {
        let one = |(name, value): (&Key, &Secret<Bytes>)| {
            (name.clone(), Bundle::single(name.as_str(), value.clone()))
        };
        self.0.iter().map(one).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(bundle: Option<Bundle>) -> Vec<(String, Bytes)> {
        let values = bundle.into_iter().flat_map(|bundle| bundle.values);
        values.map(|(name, value)| (name, value.expose().clone())).collect()
    }

    #[test]
    fn a_value_wins_over_what_stands_under_its_name() {
        let mut leaves = Leaves::default();
        for (name, value) in [("a", "1"), ("a/b", "2"), ("a/b/c", "3"), ("ab", "4"), ("z/b", "5")] {
            leaves.insert(name, value).expect(name);
        }
        let pair = |name: &str, value: &'static str| (name.to_owned(), Bytes::from(value));
        assert_eq!(values(leaves.get("a")), [pair("a", "1")]);
        assert_eq!(values(leaves.get("a/b")), [pair("a/b", "2")]);
        assert_eq!(values(leaves.get("z")), [pair("b", "5")]);
        assert_eq!(leaves.get("z/"), None);
        assert_eq!(leaves.all().len(), 5);
        assert!(leaves.insert("a", "again").is_err());
    }
}
