//! Wrong input through a function.

use ottavo_core::Error;

use super::Call;
use super::grpc::one;
use crate::doors;
use crate::relay::encoding::{Reader, Writer};
use crate::relay::{Connection, result};
use crate::state::relay::value;

/// The error of a call; of a batch, that of the one item that fails.
pub(super) async fn refusal(relay: &Connection, store: &str, call: &Call) -> Error {
    let mut sent = Writer::default();
    match call {
        Call::Get { key, option } => {
            sent.string("state.get").string(store).string(key);
            sent.list(option.as_slice(), |sent, (name, value)| {
                sent.string(name).string(value);
            });
        }
        Call::GetMany { keys } => {
            sent.string("state.get-many").string(store);
            sent.list(keys, |sent, key| {
                sent.string(key);
            });
            sent.u32(0);
        }
        Call::SetIf { etag } => {
            sent.string("state.set").string(store).string("a").bytes(b"");
            sent.u8(2).string(etag);
            // expiry: keep; options: none
            sent.u8(0).u32(0);
        }
        Call::Transact { keys } => {
            sent.string("state.transact").string(store);
            sent.list(keys, |sent, key| {
                // remove, in any case
                sent.u8(1).string(key).u8(0);
            });
        }
        Call::ListKeys { prefix, limit } => {
            sent.string("state.list-keys").string(store).string(prefix).u8(0).u32(*limit);
        }
    }
    match call {
        Call::GetMany { .. } => {
            let mut answer = Reader::new(relay.post(sent.finish()).await.unwrap());
            let items = |answer: &mut Reader| {
                answer.list(|answer| result(answer, |answer| answer.option(value)))
            };
            let outcomes = result(&mut answer, items).unwrap().unwrap();
            one(outcomes.into_iter().filter_map(Result::err))
        }
        _ => doors::refusal(relay, sent).await,
    }
}
