//! What a caller may reach: everything not named is denied.

mod keys;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;

use ottavo_blocks::egress::Reach;
use ottavo_core::{Caller, Error, Kind, Result, StoreName};

use crate::egress::{Destination, EgressGrant};
use crate::invoke::InvokeGrant;

pub use keys::KeyGrant;

/// The grants of one function or one app.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grants {
    everything: bool,
    /// By block. A block without stores is not in it.
    stores: BTreeMap<&'static str, BTreeMap<StoreName, KeyGrant>>,
    invoke: InvokeGrant,
    egress: EgressGrant,
}

fn denied(caller: &Caller, what: String, needs: String) -> Error {
    let hint = match caller {
        Caller::Function(_) => format!("; ask for it with `{needs}` under [needs]"),
        Caller::App(_) | Caller::Anonymous => String::new(),
    };
    Error::new(Kind::Denied, format!("no grant for {what}{hint}"))
}

impl Grants {
    /// Everything that is configured: for apps that the operator trusts.
    pub fn everything() -> Grants {
        Grants { everything: true, ..Grants::default() }
    }

    /// Adds a grant for stores of a block, of the form `store`, `store:key`, `store:key-prefix*` or
    /// `store:*`; for `invoke` and `egress` see [`InvokeGrant`] and [`EgressGrant`].
    ///
    /// # Errors
    /// `invalid-argument` that says which form is expected.
    pub fn allow(&mut self, block: &'static str, text: &str) -> Result<()> {
        match block {
            "invoke" => return self.invoke.allow(text),
            "egress" => return self.egress.allow(text),
            _ => {}
        }
        let (store, keys) = match text.split_once(':') {
            None => (text, KeyGrant::ALL.clone()),
            // a binding has no keys
            Some(_) if block == "binding" => return Err(wrong_form(block, text)),
            Some((store, keys)) => {
                (store, KeyGrant::parse(keys).ok_or_else(|| wrong_form(block, text))?)
            }
        };
        self.add(block, store.parse()?, keys);
        Ok(())
    }

    /// Adds a grant for exactly one key of a store, whatever characters it has.
    pub fn allow_key(&mut self, block: &'static str, store: &StoreName, key: &str) {
        self.add(block, store.clone(), KeyGrant::one(key));
    }

    fn add(&mut self, block: &'static str, store: StoreName, keys: KeyGrant) {
        match self.stores.entry(block).or_default().entry(store) {
            Entry::Vacant(place) => drop(place.insert(keys)),
            Entry::Occupied(mut held) => held.get_mut().add(keys),
        }
    }

    /// What these grants allow and `before` does not: the new grants as they are, each of which
    /// covers something that `before` leaves out.
    ///
    /// Exact: a list of keys and prefixes covers all keys of another prefix only if one of them does.
    #[must_use]
    pub fn beyond(&self, before: &Grants) -> Grants {
        if before.everything {
            return Grants::default();
        }
        let mut beyond = Grants {
            everything: self.everything,
            stores: BTreeMap::new(),
            invoke: self.invoke.beyond(&before.invoke),
            egress: self.egress.beyond(&before.egress),
        };
        for (block, store, keys) in self.each() {
            let before = before.stores.get(block).and_then(|stores| stores.get(store));
            let keys = match before {
                None => Some(keys.narrowest()),
                Some(before) => keys.beyond(before),
            };
            if let Some(keys) = keys {
                beyond.stores.entry(block).or_default().insert(store.clone(), keys);
            }
        }
        beyond
    }

    /// Whether nothing is granted.
    pub fn is_nothing(&self) -> bool {
        let outward = !self.invoke.is_nothing() || !self.egress.is_nothing();
        !self.everything && self.stores.is_empty() && !outward
    }

    /// Each grant by itself: `state orders`, `state orders:cart/*`.
    pub fn texts(&self) -> Vec<String> {
        if self.everything {
            return vec!["everything".to_owned()];
        }
        let of_store = |(block, store, keys): Held<'_>| {
            let texts: Vec<_> = keys.texts().map(|key| format!("{block} {store}:{key}")).collect();
            if texts.is_empty() { vec![format!("{block} {store}")] } else { texts }
        };
        let stores = self.each().flat_map(of_store);
        stores.chain(self.invoke.texts()).chain(self.egress.texts()).collect()
    }

    /// The stores that are granted, each with its block.
    pub fn stores(&self) -> impl Iterator<Item = (&'static str, &StoreName)> {
        self.each().map(|(block, store, _)| (block, store))
    }

    fn each(&self) -> impl Iterator<Item = Held<'_>> {
        self.stores.iter().flat_map(|(block, stores)| of_block(block, stores))
    }

    /// # Errors
    /// `denied` unless the function of this name may be called.
    pub(crate) fn function(&self, caller: &Caller, name: &str) -> Result<()> {
        match self.everything || self.invoke.covers_function(name) {
            true => Ok(()),
            false => Err(denied(
                caller,
                format!("the function `{name}`"),
                format!("invoke = [\"fn:{name}\"]"),
            )),
        }
    }

    /// # Errors
    /// `denied` unless the app of this id may be called.
    pub(crate) fn app(&self, caller: &Caller, id: &str) -> Result<()> {
        match self.everything || self.invoke.covers_app(id) {
            true => Ok(()),
            false => {
                let needs = format!("invoke = [\"app:{id}\"]");
                Err(denied(caller, format!("the app `{id}`"), needs))
            }
        }
    }

    /// How far a request to there may reach.
    ///
    /// # Errors
    /// `denied` when it may not be made.
    pub(crate) fn reach(&self, caller: &Caller, to: &Destination) -> Result<Reach> {
        if self.everything {
            return Ok(Reach::Anywhere);
        }
        self.egress.reach(to).ok_or_else(|| {
            let to = to.text();
            denied(caller, format!("requests to `{to}`"), format!("egress = [\"{to}\"]"))
        })
    }

    /// The keys of a block's store that the caller may use.
    ///
    /// # Errors
    /// `denied` when it may use none.
    pub(crate) fn of(
        &self,
        caller: &Caller,
        block: &'static str,
        store: &str,
    ) -> Result<&KeyGrant> {
        if self.everything {
            return Ok(KeyGrant::ALL);
        }
        self.stores.get(block).and_then(|stores| stores.get(store)).ok_or_else(|| {
            let store = store.escape_debug();
            denied(caller, format!("{block} store `{store}`"), format!("{block} = [\"{store}\"]"))
        })
    }
}

/// A block, one of its stores, and which keys of it.
type Held<'a> = (&'static str, &'a StoreName, &'a KeyGrant);

fn of_block<'a>(
    block: &'static str,
    stores: &'a BTreeMap<StoreName, KeyGrant>,
) -> impl Iterator<Item = Held<'a>> {
    stores.iter().map(move |(store, keys)| (block, store, keys))
}

fn wrong_form(block: &str, text: &str) -> Error {
    let forms = match block {
        "binding" => "write its name",
        _ => "write `store`, `store:key`, or `store:prefix*` for some of its keys",
    };
    Error::invalid(format!("`{}` is not a {block} grant: {forms}", text.escape_debug()))
}

impl fmt::Display for Grants {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.is_nothing() {
            true => f.write_str("nothing"),
            false => f.write_str(&self.texts().join(", ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grants(texts: &[&str]) -> Grants {
        let mut grants = Grants::default();
        for text in texts {
            grants.allow("state", text).expect(text);
        }
        grants
    }

    fn covers(grants: &Grants, store: &str, key: &str) -> bool {
        grants.of(&Caller::Anonymous, "state", store).is_ok_and(|grant| grant.covers(key))
    }

    #[test]
    fn what_is_not_named_is_denied() {
        let some = grants(&["orders:cart/*", "orders:tmp/*", "plain", "all:*", "one:book1"]);
        assert!(covers(&some, "orders", "cart/7") && covers(&some, "orders", "tmp/"));
        assert!(!covers(&some, "orders", "car") && !covers(&some, "orders", "users/1"));
        assert!(covers(&some, "plain", "x") && covers(&some, "all", "x"));
        assert!(!covers(&some, "default", "x"));
        assert!(covers(&some, "one", "book1"));
        assert!(!covers(&some, "one", "book") && !covers(&some, "one", "book12"));
        assert!(covers(&Grants::everything(), "default", "x"));
    }

    #[test]
    fn the_widest_grant_of_a_store_wins_in_any_order() {
        for texts in [["s:a*", "s"], ["s", "s:a*"], ["s:a", "s:*"]] {
            assert!(covers(&grants(&texts), "s", "z"), "{texts:?}");
        }
    }

    #[test]
    fn a_pattern_ends_with_its_star() {
        for bad in ["s:", "s:a*b*", "S", "s:*a", "s:a**"] {
            assert!(Grants::default().allow("state", bad).is_err(), "{bad}");
        }
        for bad in ["s:a", "s:*", "s:"] {
            assert!(Grants::default().allow("binding", bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_grant_of_single_keys_is_none_for_what_begins_with_them() {
        let some = grants(&["s:book", "s:lamp*"]);
        let keys = some.of(&Caller::Anonymous, "state", "s").expect("granted");
        assert!(keys.covers_all("lamp") && keys.covers_all("lamp1"));
        assert!(!keys.covers_all("book") && !keys.covers_all("lam") && !keys.covers_all(""));
    }

    #[test]
    fn what_goes_beyond_is_exactly_what_was_not_covered() {
        for (before, after, beyond) in [
            (&[] as &[&str], &[] as &[&str], "nothing"),
            (&[], &["s"], "state s"),
            (&["s"], &[], "nothing"),
            (&["s"], &["s"], "nothing"),
            (&["s"], &["s:a*", "s:b*"], "nothing"),
            (&["s:a*"], &["s"], "state s"),
            (&["s:*"], &["s"], "nothing"),
            (&["s:a*"], &["s:ab*", "s:a*"], "nothing"),
            (&["s:ab*"], &["s:a*"], "state s:a*"),
            (&["s:ab*", "s:ac*"], &["s:a*", "s:ab*"], "state s:a*"),
            (&["s:a*"], &["s:b*", "s:bc*", "s:ad*"], "state s:b*"),
            (&["s:a*"], &["t:a*"], "state t:a*"),
            (&["s", "t:x*"], &["t:y*", "u", "s:z*"], "state t:y*, state u"),
            (&[], &["s:a\nb*"], "state s:a\\nb*"),
            (&["s:a*"], &["s:a", "s:ab"], "nothing"),
            (&["s:a"], &["s:a"], "nothing"),
            (&["s:a"], &["s:a*"], "state s:a*"),
            (&["s:a"], &["s:ab", "s:a"], "state s:ab"),
            (&["s:a"], &["s"], "state s"),
            (&["s"], &["s:a"], "nothing"),
            (&[], &["s:a", "s:a*"], "state s:a*"),
        ] {
            let found = grants(after).beyond(&grants(before));
            assert_eq!(found.to_string(), beyond, "{before:?} then {after:?}");
            assert_eq!(found.is_nothing(), beyond == "nothing");
        }
        assert!(grants(&["s"]).beyond(&Grants::everything()).is_nothing());
        assert!(!Grants::everything().beyond(&grants(&["s"])).is_nothing());
    }
}
