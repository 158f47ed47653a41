//! `grpc-get ADDRESS STORE KEY`: prints the value of a key as an app reads it, over gRPC.
//!
//! The address is `127.0.0.1:34904`, or `unix:` and the path of a socket. Exit code 1, with the
//! reason on stderr, when there is no value to print.

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use bytes::Bytes;
use ottavo_wire::from_status;
use ottavo_wire::v1::StateGetRequest;
use ottavo_wire::v1::state_client::StateClient;
use tonic::transport::Endpoint;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [address, store, key] = arguments.as_slice() else {
        bail!("usage: grpc-get ADDRESS STORE KEY");
    };
    match get(address, store, key).await {
        Ok(value) => {
            std::io::stdout().write_all(&value).context("printing the value")?;
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => {
            writeln!(std::io::stderr(), "grpc-get: {error:#}")?;
            Ok(ExitCode::FAILURE)
        }
    }
}

async fn get(address: &str, store: &str, key: &str) -> Result<Bytes> {
    let endpoint = match address.strip_prefix("unix:") {
        Some(path) => format!("unix://{path}"),
        None => format!("http://{address}"),
    };
    let channel = Endpoint::from_shared(endpoint)?
        .connect()
        .await
        .with_context(|| format!("connecting to `{address}`"))?;
    let request = StateGetRequest { store: store.into(), key: key.into(), options: Vec::new() };
    let answer = StateClient::new(channel).get(request).await.map_err(|status| {
        let error = from_status(&status);
        anyhow::anyhow!("{}: {}", error.kind(), error.message())
    })?;
    let value = answer.into_inner().value;
    Ok(value.with_context(|| format!("no value under `{key}` in `{store}`"))?.data)
}
