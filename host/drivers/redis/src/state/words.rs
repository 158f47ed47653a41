//! The words of the contract as the scripts read them.

use std::collections::HashMap;

use ottavo_blocks::state::{Expiry, Operation, Precondition};

use crate::script::Call;

/// 31,000 years: the clock of redis cannot add arbitrary durations.
const LONGEST: u128 = 1_000_000_000_000_000;

/// The word of a precondition, and its etag.
pub(super) fn precondition(precondition: &Precondition) -> (&'static str, String) {
    match precondition {
        Precondition::Any => ("any", String::new()),
        Precondition::Absent => ("absent", String::new()),
        Precondition::Match(etag) => ("match", etag.as_str().to_owned()),
    }
}

/// `keep`, `never` or milliseconds.
pub(super) fn expiry(expiry: Expiry) -> String {
    match expiry {
        Expiry::Keep => "keep".to_owned(),
        Expiry::Never => "never".to_owned(),
        Expiry::After(span) => span.as_millis().min(LONGEST).to_string(),
    }
}

/// The keys of a transaction, each once, and the number of each operation's key from 1.
pub(super) fn distinct(operations: &[Operation]) -> (Vec<&str>, Vec<usize>) {
    let mut numbers = HashMap::new();
    let mut keys = Vec::new();
    let mut each = Vec::with_capacity(operations.len());
    for operation in operations {
        let (key, next) = (operation.key().as_str(), keys.len() + 1);
        let number = *numbers.entry(key).or_insert(next);
        if number == next {
            keys.push(key);
        }
        each.push(number);
    }
    (keys, each)
}

/// One operation of a transaction, on the key of this number.
pub(super) fn operation(operation: &Operation, number: usize, call: &mut Call) {
    let mut begin = |name: &'static str, count: &'static str| {
        call.arg(name).arg(number.to_string()).arg(count);
    };
    match operation {
        Operation::Upsert(entry) => {
            begin("set", "4");
            let (condition, etag) = precondition(&entry.precondition);
            call.arg(condition).arg(etag).arg(expiry(entry.expiry)).arg(&entry.data);
        }
        Operation::Remove(removal) => {
            begin("delete", "2");
            let (condition, etag) = precondition(&removal.precondition);
            call.arg(condition).arg(etag);
        }
        Operation::Check(check) => {
            begin("check", "2");
            let (condition, etag) = precondition(&check.precondition);
            call.arg(condition).arg(etag);
        }
        Operation::Increment(_, delta) => {
            begin("increment", "1");
            call.arg(delta.to_string());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use ottavo_blocks::state::{Key, Removal};

    use super::*;

    #[test]
    fn an_expiry_has_a_form_that_redis_can_add() {
        assert_eq!(expiry(Expiry::After(Duration::from_micros(1))), "0");
        assert_eq!(expiry(Expiry::After(Duration::from_secs(5))), "5000");
        assert_eq!(expiry(Expiry::After(Duration::MAX)), LONGEST.to_string());
    }

    #[test]
    fn a_key_that_comes_twice_is_named_once() {
        let on = |key: &str| {
            let key = Key::parse(key).expect("valid");
            Operation::Remove(Removal { key, precondition: Precondition::Any })
        };
        let operations = [on("a"), on("b"), on("a"), on("c"), on("b")];
        assert_eq!(distinct(&operations), (vec!["a", "b", "c"], vec![1, 2, 1, 3, 2]));
    }
}
