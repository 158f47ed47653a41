//! What a caller may reach: everything not named is denied.

use std::collections::BTreeMap;
use std::fmt;

use ottavo_blocks::egress::Reach;
use ottavo_core::{Caller, Error, Kind, Result, StoreName};

use crate::egress::{Destination, EgressGrant};
use crate::invoke::InvokeGrant;

/// The grants of one function or one app.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grants {
    everything: bool,
    /// By block. A block without stores is not in it.
    stores: BTreeMap<&'static str, BTreeMap<StoreName, KeyGrant>>,
    invoke: InvokeGrant,
    egress: EgressGrant,
}

/// Which keys of a store may be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyGrant(Vec<String>);

impl KeyGrant {
    const ALL: &'static KeyGrant = &KeyGrant(Vec::new());

    /// Whether one key is within the grant. No prefixes: all keys are.
    pub(crate) fn covers(&self, key: &str) -> bool {
        self.0.is_empty() || self.0.iter().any(|prefix| key.starts_with(prefix.as_str()))
    }

    /// The same keys, without the prefixes that another one covers.
    fn narrowest(&self) -> KeyGrant {
        let mut prefixes: Vec<String> = Vec::new();
        let mut sorted = self.0.clone();
        sorted.sort();
        for prefix in sorted {
            // sorted: what covers this one stands before it
            if !prefixes.iter().any(|wider| prefix.starts_with(wider.as_str())) {
                prefixes.push(prefix);
            }
        }
        KeyGrant(prefixes)
    }

    /// The grants of these keys that `before` does not cover; none when it covers all.
    fn beyond(&self, before: &KeyGrant) -> Option<KeyGrant> {
        if before.0.is_empty() {
            return None;
        }
        if self.0.is_empty() {
            return Some(self.clone());
        }
        let KeyGrant(mut prefixes) = self.narrowest();
        prefixes.retain(|prefix| !before.covers(prefix));
        // an empty list would mean all keys
        (!prefixes.is_empty()).then_some(KeyGrant(prefixes))
    }

    /// Fails unless the key, or every key with this prefix, is within the grant.
    pub(crate) fn check(
        &self,
        caller: &Caller,
        block: &str,
        store: &StoreName,
        key: &str,
    ) -> Result<()> {
        if self.covers(key) {
            return Ok(());
        }
        let key = key.escape_debug();
        let held = self.0.iter().map(|prefix| format!("`{prefix}*`")).collect::<Vec<_>>();
        let held = held.join(", ");
        Err(denied(
            caller,
            format!("the key `{key}` of {block} store `{store}`, only {held}"),
            format!("{block} = [\"{store}\"]"),
        ))
    }
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

    /// Adds a grant for stores of a block, of the form `store`, `store:key-prefix*` or `store:*`; for
    /// `invoke` and `egress` see [`InvokeGrant`] and [`EgressGrant`].
    ///
    /// # Errors
    /// `invalid-argument` that says which form is expected.
    pub fn allow(&mut self, block: &'static str, text: &str) -> Result<()> {
        match block {
            "invoke" => return self.invoke.allow(text),
            "egress" => return self.egress.allow(text),
            _ => {}
        }
        let (store, prefix) = match text.split_once(':') {
            None => (text, ""),
            Some((store, pattern)) => {
                let prefix = pattern.strip_suffix('*').ok_or_else(|| wrong_form(block, text))?;
                if prefix.contains('*') {
                    return Err(wrong_form(block, text));
                }
                (store, prefix)
            }
        };
        let store: StoreName = store.parse()?;
        let stores = self.stores.entry(block).or_default();
        match stores.get_mut(&store) {
            None => {
                let prefixes = if prefix.is_empty() { vec![] } else { vec![prefix.to_owned()] };
                stores.insert(store, KeyGrant(prefixes));
            }
            // an empty list means all keys, which nothing can widen
            Some(KeyGrant(prefixes)) if prefixes.is_empty() => {}
            Some(KeyGrant(prefixes)) if prefix.is_empty() => prefixes.clear(),
            Some(KeyGrant(prefixes)) => prefixes.push(prefix.to_owned()),
        }
        Ok(())
    }

    /// What these grants allow and `before` does not: the new grants as they are, each of which
    /// covers something that `before` leaves out.
    ///
    /// Exact, because a union of prefixes covers all keys of another prefix only if one of them
    /// does: the prefix itself is a key.
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
        let of_store = |(block, store, KeyGrant(prefixes)): Held<'_>| match prefixes.len() {
            0 => vec![format!("{block} {store}")],
            _ => {
                let text = |prefix: &String| format!("{block} {store}:{}*", prefix.escape_debug());
                prefixes.iter().map(text).collect()
            }
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
    Error::invalid(format!(
        "`{}` is not a {block} grant: write `store`, or `store:prefix*` for some of its keys",
        text.escape_debug()
    ))
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
        let some = grants(&["orders:cart/*", "orders:tmp/*", "plain", "all:*"]);
        assert!(covers(&some, "orders", "cart/7") && covers(&some, "orders", "tmp/"));
        assert!(!covers(&some, "orders", "car") && !covers(&some, "orders", "users/1"));
        assert!(covers(&some, "plain", "x") && covers(&some, "all", "x"));
        assert!(!covers(&some, "default", "x"));
        assert!(covers(&Grants::everything(), "default", "x"));
    }

    #[test]
    fn the_widest_grant_of_a_store_wins_in_any_order() {
        for texts in [["s:a*", "s"], ["s", "s:a*"]] {
            assert!(covers(&grants(&texts), "s", "z"), "{texts:?}");
        }
    }

    #[test]
    fn a_pattern_ends_with_its_star() {
        for bad in ["s:a", "s:a*b*", "S", "s:*a"] {
            assert!(Grants::default().allow("state", bad).is_err(), "{bad}");
        }
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
        ] {
            let found = grants(after).beyond(&grants(before));
            assert_eq!(found.to_string(), beyond, "{before:?} then {after:?}");
            assert_eq!(found.is_nothing(), beyond == "nothing");
        }
        assert!(grants(&["s"]).beyond(&Grants::everything()).is_nothing());
        assert!(!Grants::everything().beyond(&grants(&["s"])).is_nothing());
    }
}
