//! From messages to the block's types.

use std::time::Duration;

use ottavo_blocks::state::{Entry, Etag, Expiry, Key, Operation, Precondition, Removal};
use ottavo_core::{Error, Result};
use ottavo_wire::v1::state_operation::Step;
use ottavo_wire::v1::{
    StateEntry, StateExpiry, StateOperation, StatePrecondition, StateRemoval,
    state_expiry as expiry_rule, state_precondition as precondition_rule,
};

use crate::pairs::options;

pub(super) fn entry(sent: StateEntry) -> Result<Entry> {
    Ok(Entry {
        key: Key::parse(sent.key)?,
        data: sent.data,
        precondition: precondition(sent.precondition)?,
        expiry: expiry(sent.expiry)?,
        options: options(sent.options)?,
    })
}

pub(super) fn removal(sent: StateRemoval) -> Result<Removal> {
    Ok(Removal { key: Key::parse(sent.key)?, precondition: precondition(sent.precondition)? })
}

/// Fails with the `index` of the first operation that is wrong, as a transaction does.
pub(super) fn operations(sent: Vec<StateOperation>) -> Result<Vec<Operation>> {
    let decode = |(index, sent): (usize, StateOperation)| {
        operation(sent).map_err(|error| error.with_detail("index", index.to_string()))
    };
    sent.into_iter().enumerate().map(decode).collect()
}

fn operation(sent: StateOperation) -> Result<Operation> {
    match sent.step {
        Some(Step::Upsert(sent)) => entry(sent).map(Operation::Upsert),
        Some(Step::Remove(sent)) => removal(sent).map(Operation::Remove),
        Some(Step::Check(sent)) => removal(sent).map(Operation::Check),
        Some(Step::Increment(sent)) => Ok(Operation::Increment(Key::parse(sent.key)?, sent.delta)),
        None => Err(Error::invalid(
            "an operation has no step: set one of upsert, remove, check, increment",
        )),
    }
}

pub(crate) fn precondition(sent: Option<StatePrecondition>) -> Result<Precondition> {
    use precondition_rule::Rule;
    match sent.and_then(|sent| sent.rule) {
        None => Ok(Precondition::Any),
        Some(Rule::Absent(true)) => Ok(Precondition::Absent),
        Some(Rule::Absent(false)) => Err(only_true("precondition.absent")),
        Some(Rule::Match(etag)) => Etag::parse(etag).map(Precondition::Match),
    }
}

pub(super) fn expiry(sent: Option<StateExpiry>) -> Result<Expiry> {
    use expiry_rule::Rule;
    match sent.and_then(|sent| sent.rule) {
        None => Ok(Expiry::Keep),
        Some(Rule::Never(true)) => Ok(Expiry::Never),
        Some(Rule::Never(false)) => Err(only_true("expiry.never")),
        Some(Rule::AfterMillis(millis)) => Ok(Expiry::After(Duration::from_millis(millis))),
    }
}

pub(crate) fn only_true(field: &str) -> Error {
    Error::invalid(format!("`{field}` is `false`: set it to true, or leave it out"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_means_any_and_keep() {
        assert_eq!(precondition(None).unwrap(), Precondition::Any);
        assert_eq!(precondition(Some(StatePrecondition::default())).unwrap(), Precondition::Any);
        assert_eq!(expiry(None).unwrap(), Expiry::Keep);
        assert_eq!(expiry(Some(StateExpiry::default())).unwrap(), Expiry::Keep);
    }

    #[test]
    fn a_rule_set_to_false_is_refused_rather_than_guessed() {
        let absent = StatePrecondition { rule: Some(precondition_rule::Rule::Absent(false)) };
        let error = precondition(Some(absent)).unwrap_err();
        assert_eq!(
            error.message(),
            "`precondition.absent` is `false`: set it to true, or leave it out"
        );
        let never = StateExpiry { rule: Some(expiry_rule::Rule::Never(false)) };
        assert!(expiry(Some(never)).is_err());
    }

    #[test]
    fn a_wrong_operation_is_named_by_its_index() {
        let fine = StateRemoval { key: "a".to_owned(), precondition: None };
        let sent =
            vec![StateOperation { step: Some(Step::Check(fine)) }, StateOperation { step: None }];
        assert_eq!(operations(sent).unwrap_err().detail("index"), Some("1"));
    }
}
