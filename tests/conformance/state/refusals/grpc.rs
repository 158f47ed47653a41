//! Wrong input over gRPC.

use ottavo_core::Error;
use ottavo_wire::from_status;
use ottavo_wire::v1::state_client::StateClient;
use ottavo_wire::v1::state_operation::Step;
use ottavo_wire::v1::*;
use tonic::transport::Channel;

use super::Call;

/// The error of a call; of a batch, that of the one item that fails.
pub(super) async fn refusal(channel: Channel, store: &str, call: &Call) -> Error {
    let (mut client, store) = (StateClient::new(channel), store.to_owned());
    let status = match call {
        Call::Get { key, option } => {
            let pair = |(name, value): &(&str, &str)| Pair {
                name: (*name).to_owned(),
                value: (*value).to_owned(),
            };
            let options = option.iter().map(pair).collect();
            client.get(StateGetRequest { store, key: key.clone(), options }).await.map(drop)
        }
        Call::GetMany { keys } => {
            let request = StateGetManyRequest { store, keys: keys.clone(), options: vec![] };
            let outcomes = client.get_many(request).await.unwrap().into_inner().outcomes;
            return one(outcomes.into_iter().filter_map(|outcome| {
                match outcome.outcome.unwrap() {
                    state_get_outcome::Outcome::Ok(_) => None,
                    state_get_outcome::Outcome::Error(error) => Some(error.into()),
                }
            }));
        }
        Call::SetIf { etag } => {
            let rule = Some(state_precondition::Rule::Match((*etag).to_owned()));
            let precondition = Some(StatePrecondition { rule });
            let entry = StateEntry { key: "a".to_owned(), precondition, ..StateEntry::default() };
            client.set(StateSetRequest { store, entry: Some(entry) }).await.map(drop)
        }
        Call::Transact { keys } => {
            let remove = |key: &String| StateOperation {
                step: Some(Step::Remove(StateRemoval { key: key.clone(), precondition: None })),
            };
            let operations = keys.iter().map(remove).collect();
            client.transact(StateTransactRequest { store, operations }).await.map(drop)
        }
        Call::ListKeys { prefix, limit } => {
            let (prefix, limit) = ((*prefix).to_owned(), *limit);
            let request = StateListKeysRequest { store, prefix, cursor: None, limit };
            client.list_keys(request).await.map(drop)
        }
    };
    from_status(&status.unwrap_err())
}

pub(super) fn one(mut errors: impl Iterator<Item = Error>) -> Error {
    let error = errors.next().expect("an item fails");
    assert!(errors.next().is_none(), "one item fails");
    error
}
