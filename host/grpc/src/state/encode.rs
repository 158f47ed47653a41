//! From the block's types to messages.

use ottavo_blocks::state::{Etag, Key, KeyPage, Value};
use ottavo_core::Result;
use ottavo_wire::v1::{
    StateDeleteOutcome, StateGetOutcome, StateGetResponse, StateListKeysResponse, StateSetOutcome,
    StateStepResult, StateValue, state_get_outcome, state_set_outcome,
};

pub(super) fn found(value: Option<Value>) -> StateGetResponse {
    let value = value.map(|Value { data, etag }| StateValue { data, etag: etag.into_string() });
    StateGetResponse { value }
}

pub(super) fn got(outcome: Result<Option<Value>>) -> StateGetOutcome {
    use state_get_outcome::Outcome;
    let outcome = outcome.map_or_else(|e| Outcome::Error(e.into()), |v| Outcome::Ok(found(v)));
    StateGetOutcome { outcome: Some(outcome) }
}

pub(super) fn written(outcome: Result<Etag>) -> StateSetOutcome {
    use state_set_outcome::Outcome;
    let outcome =
        outcome.map_or_else(|e| Outcome::Error(e.into()), |etag| Outcome::Etag(etag.into_string()));
    StateSetOutcome { outcome: Some(outcome) }
}

pub(super) fn deleted(outcome: Result<()>) -> StateDeleteOutcome {
    StateDeleteOutcome { error: outcome.err().map(Into::into) }
}

pub(super) fn step(etag: Option<Etag>) -> StateStepResult {
    StateStepResult { etag: etag.map(Etag::into_string) }
}

pub(super) fn page(page: KeyPage) -> StateListKeysResponse {
    let keys = page.keys.into_iter().map(Key::into_string).collect();
    StateListKeysResponse { keys, next: page.next }
}
