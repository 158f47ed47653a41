//! tonic alone, with our messages, and a map that is filled before: the least that a gRPC server of state does.

use std::collections::HashMap;
use std::net::SocketAddr;

use anyhow::Result;
use bytes::Bytes;
use ottavo_wire::v1::state_server::{State, StateServer};
use ottavo_wire::v1::*;
use tonic::Status;

use super::tonic::{absent, serve, state};
use crate::rpc::{DATA, KEY};

struct Memory {
    values: HashMap<String, Bytes>,
}

pub(super) async fn start() -> Result<SocketAddr> {
    let values = HashMap::from([(KEY.to_owned(), Bytes::from_static(DATA))]);
    serve(StateServer::new(Memory { values })).await
}

state!(Memory, get, absent);

async fn get(floor: &Memory, request: StateGetRequest) -> Result<StateGetResponse, Status> {
    let value = floor.values.get(&request.key);
    let value = value.map(|data| StateValue { data: data.clone(), etag: "1".to_owned() });
    Ok(StateGetResponse { value })
}
