//! The trace that a call belongs to, as W3C Trace Context and Baggage carry it.
//!
//! The host passes on what it got and adds no spans of its own; what is malformed is dropped, as the
//! specification asks, so that a bad peer cannot break the traces of the next one.

use std::sync::Arc;

/// The names of the fields, lower-case.
pub const FIELDS: [&str; 3] = [PARENT, STATE, BAGGAGE];

const PARENT: &str = "traceparent";
const STATE: &str = "tracestate";
const BAGGAGE: &str = "baggage";

/// The longest values that are passed on, in bytes.
const LONGEST_STATE: usize = 512;
const LONGEST_BAGGAGE: usize = 8192;

/// What a caller said of its trace. Cheap to clone, and nothing at all without one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace(Option<Arc<[Option<String>; 3]>>);

impl Trace {
    /// What the fields of a request say: `field` gives the value of a name, the lines of one name
    /// joined with commas.
    pub fn of(field: impl Fn(&'static str) -> Option<String>) -> Trace {
        let parent = field(PARENT).filter(|text| is_parent(text));
        let state = match parent {
            Some(_) => field(STATE).filter(|text| is_value(text, LONGEST_STATE)),
            None => None,
        };
        let baggage = field(BAGGAGE).filter(|text| is_value(text, LONGEST_BAGGAGE));
        match (&parent, &baggage) {
            (None, None) => Trace(None),
            _ => Trace(Some(Arc::new([parent, state, baggage]))),
        }
    }

    /// The value of `traceparent`, `tracestate` or `baggage`.
    pub fn get(&self, name: &str) -> Option<&str> {
        let at = FIELDS.iter().position(|field| *field == name)?;
        self.0.as_ref()?[at].as_deref()
    }

    /// The fields that there are.
    pub fn fields(&self) -> impl Iterator<Item = (&'static str, &str)> {
        FIELDS.into_iter().filter_map(|name| Some((name, self.get(name)?)))
    }
}

fn is_value(text: &str, longest: usize) -> bool {
    (1..=longest).contains(&text.len()) && text.bytes().all(|b| b == b' ' || b.is_ascii_graphic())
}

/// `00-<32 hex>-<16 hex>-<2 hex>`, lower-case; a later version may have more behind another dash.
fn is_parent(text: &str) -> bool {
    let mut parts = text.splitn(5, '-');
    let mut next = |digits: usize| {
        let part = parts.next().unwrap_or_default();
        let hex = part.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        (part.len() == digits && hex).then_some(part)
    };
    let (Some(version), Some(trace), Some(span), Some(_)) = (next(2), next(32), next(16), next(2))
    else {
        return false;
    };
    let zero = |id: &str| id.bytes().all(|b| b == b'0');
    let ends = parts.next().is_none_or(|_| version != "00");
    version != "ff" && !zero(trace) && !zero(span) && ends && is_value(text, LONGEST_STATE)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    fn trace(parent: &str, state: &str, baggage: &str) -> Trace {
        let value = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        Trace::of(|name| match name {
            PARENT => value(parent),
            STATE => value(state),
            _ => value(baggage),
        })
    }

    #[test]
    fn what_is_well_formed_is_passed_on() {
        let full = trace(GOOD, "a=1,b=2", "user=7");
        let fields: Vec<_> = full.fields().collect();
        assert_eq!(fields, [(PARENT, GOOD), (STATE, "a=1,b=2"), (BAGGAGE, "user=7")]);
        assert_eq!(full.get("cookie"), None);
        assert_eq!(trace("", "", ""), Trace::default());
        assert_eq!(trace("", "a=1", "user=7").get(STATE), None, "a state without its parent");
        assert_eq!(trace("", "a=1", "user=7").get(BAGGAGE), Some("user=7"));
        assert!(trace(&format!("01{}-more", &GOOD[2..]), "", "").get(PARENT).is_some());
    }

    #[test]
    fn what_is_malformed_is_dropped() {
        for bad in [
            "x",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x",
            "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
        ] {
            assert_eq!(trace(bad, "a=1", ""), Trace::default(), "{bad}");
        }
        assert_eq!(trace("", "", "a\nb"), Trace::default());
        assert_eq!(trace("", "", &"x".repeat(8193)), Trace::default());
    }
}
