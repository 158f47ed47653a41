//! A state store behind the gRPC door.

use async_trait::async_trait;
use ottavo_blocks::Options;
use ottavo_blocks::state::{
    Capability, Entry, Etag, Expiry, Key, KeyPage, Operation, PageLimit, Precondition, Removal,
    State, Value,
};
use ottavo_core::{CallContext, Error, Result};
use ottavo_wire::from_status;
use ottavo_wire::v1::state_client::StateClient;
use ottavo_wire::v1::state_operation::Step;
use ottavo_wire::v1::*;
use tonic::transport::Channel;

/// Calls a store by its name at a host.
pub(crate) struct GrpcState {
    client: StateClient<Channel>,
    store: String,
    capabilities: &'static [Capability],
}

impl GrpcState {
    /// `capabilities` are those of the store's driver: the door does not tell them.
    pub(crate) fn new(
        channel: Channel,
        store: &str,
        capabilities: &'static [Capability],
    ) -> GrpcState {
        GrpcState { client: StateClient::new(channel), store: store.to_owned(), capabilities }
    }

    fn store(&self) -> String {
        self.store.clone()
    }
}

/// Makes one call; the client is cheap to clone.
macro_rules! call {
    ($self:ident.$method:ident($cx:ident, $message:expr)) => {{
        let mut request = tonic::Request::new($message);
        request.set_timeout($cx.remaining());
        let answer = $self.client.clone().$method(request).await;
        answer.map_err(|status| from_status(&status))?.into_inner()
    }};
}

#[async_trait]
impl State for GrpcState {
    fn capabilities(&self) -> &'static [Capability] {
        self.capabilities
    }

    async fn get(&self, cx: &CallContext, key: &Key, options: &Options) -> Result<Option<Value>> {
        let (store, key) = (self.store(), key.to_string());
        let message = StateGetRequest { store, key, options: pairs(options) };
        value(call!(self.get(cx, message)))
    }

    async fn get_many(
        &self,
        cx: &CallContext,
        keys: &[Key],
        options: &Options,
    ) -> Result<Vec<Result<Option<Value>>>> {
        use state_get_outcome::Outcome;
        let keys = keys.iter().map(Key::to_string).collect();
        let message = StateGetManyRequest { store: self.store(), keys, options: pairs(options) };
        let got = |sent: StateGetOutcome| match sent.outcome {
            Some(Outcome::Ok(found)) => value(found),
            Some(Outcome::Error(error)) => Err(error.into()),
            None => Err(unset()),
        };
        Ok(call!(self.get_many(cx, message)).outcomes.into_iter().map(got).collect())
    }

    async fn set(&self, cx: &CallContext, entry: Entry) -> Result<Etag> {
        let message = StateSetRequest { store: self.store(), entry: Some(send_entry(entry)) };
        Etag::parse(call!(self.set(cx, message)).etag)
    }

    async fn set_many(&self, cx: &CallContext, entries: Vec<Entry>) -> Result<Vec<Result<Etag>>> {
        use state_set_outcome::Outcome;
        let entries = entries.into_iter().map(send_entry).collect();
        let message = StateSetManyRequest { store: self.store(), entries };
        let written = |sent: StateSetOutcome| match sent.outcome {
            Some(Outcome::Etag(etag)) => Etag::parse(etag),
            Some(Outcome::Error(error)) => Err(error.into()),
            None => Err(unset()),
        };
        Ok(call!(self.set_many(cx, message)).outcomes.into_iter().map(written).collect())
    }

    async fn delete(&self, cx: &CallContext, removal: Removal) -> Result<()> {
        let removal = Some(send_removal(removal));
        let StateDeleteResponse {} =
            call!(self.delete(cx, StateDeleteRequest { store: self.store(), removal }));
        Ok(())
    }

    async fn delete_many(
        &self,
        cx: &CallContext,
        removals: Vec<Removal>,
    ) -> Result<Vec<Result<()>>> {
        let removals = removals.into_iter().map(send_removal).collect();
        let message = StateDeleteManyRequest { store: self.store(), removals };
        let deleted = |sent: StateDeleteOutcome| sent.error.map_or(Ok(()), |e| Err(e.into()));
        Ok(call!(self.delete_many(cx, message)).outcomes.into_iter().map(deleted).collect())
    }

    async fn transact(
        &self,
        cx: &CallContext,
        operations: Vec<Operation>,
    ) -> Result<Vec<Option<Etag>>> {
        let operations = operations.into_iter().map(send_operation).collect();
        let message = StateTransactRequest { store: self.store(), operations };
        let step = |sent: StateStepResult| sent.etag.map(Etag::parse).transpose();
        call!(self.transact(cx, message)).results.into_iter().map(step).collect()
    }

    async fn increment(
        &self,
        cx: &CallContext,
        key: &Key,
        delta: i64,
        initial: Expiry,
    ) -> Result<i64> {
        let (store, key, initial) = (self.store(), key.to_string(), send_expiry(initial));
        let message = StateIncrementRequest { store, key, delta, initial };
        Ok(call!(self.increment(cx, message)).value)
    }

    async fn list_keys(
        &self,
        cx: &CallContext,
        prefix: &str,
        cursor: Option<&str>,
        limit: PageLimit,
    ) -> Result<KeyPage> {
        let message = StateListKeysRequest {
            store: self.store(),
            prefix: prefix.to_owned(),
            cursor: cursor.map(str::to_owned),
            limit: u32::try_from(limit.get()).expect("at most 1000"),
        };
        let page = call!(self.list_keys(cx, message));
        let keys = page.keys.into_iter().map(Key::parse).collect::<Result<_>>()?;
        Ok(KeyPage { keys, next: page.next })
    }
}

fn value(found: StateGetResponse) -> Result<Option<Value>> {
    let value = |StateValue { data, etag }| Ok(Value { data, etag: Etag::parse(etag)? });
    found.value.map(value).transpose()
}

fn unset() -> Error {
    Error::internal("the host left an outcome unset")
}

fn pairs(options: &Options) -> Vec<Pair> {
    let pair = |(name, value): &(String, String)| Pair { name: name.clone(), value: value.clone() };
    options.pairs().iter().map(pair).collect()
}

fn send_entry(entry: Entry) -> StateEntry {
    let Entry { key, data, precondition, expiry, options } = entry;
    StateEntry {
        key: key.into_string(),
        data,
        precondition: send_precondition(precondition),
        expiry: send_expiry(expiry),
        options: pairs(&options),
    }
}

fn send_removal(removal: Removal) -> StateRemoval {
    let Removal { key, precondition } = removal;
    StateRemoval { key: key.into_string(), precondition: send_precondition(precondition) }
}

fn send_operation(operation: Operation) -> StateOperation {
    let step = match operation {
        Operation::Upsert(entry) => Step::Upsert(send_entry(entry)),
        Operation::Remove(removal) => Step::Remove(send_removal(removal)),
        Operation::Check(removal) => Step::Check(send_removal(removal)),
        Operation::Increment(key, delta) => {
            Step::Increment(StateIncrementStep { key: key.into_string(), delta })
        }
    };
    StateOperation { step: Some(step) }
}

fn send_precondition(precondition: Precondition) -> Option<StatePrecondition> {
    use state_precondition::Rule;
    let rule = match precondition {
        Precondition::Any => return None,
        Precondition::Absent => Rule::Absent(true),
        Precondition::Match(etag) => Rule::Match(etag.into_string()),
    };
    Some(StatePrecondition { rule: Some(rule) })
}

fn send_expiry(expiry: Expiry) -> Option<StateExpiry> {
    use state_expiry::Rule;
    let rule = match expiry {
        Expiry::Keep => return None,
        Expiry::Never => Rule::Never(true),
        Expiry::After(time) => {
            Rule::AfterMillis(u64::try_from(time.as_millis()).unwrap_or(u64::MAX))
        }
    };
    Some(StateExpiry { rule: Some(rule) })
}
