//! `ottavo run`: one call of a function, without a host.
//!
//! A host of its own runs in this process for as long as the call takes: free ports on loopback, a
//! temporary data directory, and every store that the function needs in memory.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use ottavo_app::ServeError;
use ottavo_control::{HostInfo, LogsRequest, SocketPlace};
use ottavo_manifest::Manifest;
use ottavo_settings::{Block, Env, Overrides, Settings, StoreTable};
use tokio::sync::oneshot;

use super::build::CompilerArguments;
use super::{deploy, invoke, logs};
use crate::client::{Client, Place};
use crate::failure::{Failure, Result};
use crate::output::{self, Format};

#[derive(Args, Debug)]
pub(crate) struct Run {
    /// A `.wasm` file, or a function's folder, which is built first
    #[arg(default_value = ".", value_name = "FILE.wasm|DIR")]
    path: PathBuf,
    /// The manifest of a `.wasm` file [default: its name, the route `/NAME/...`, no needs]
    #[arg(long, value_name = "FILE")]
    manifest: Option<PathBuf>,
    /// Serve it at this address until Ctrl-C, rather than call it once
    #[arg(long, value_name = "ADDRESS", conflicts_with_all = ["request_path", "method", "header", "data"])]
    http: Option<String>,
    #[command(flatten)]
    request: invoke::RequestArguments,
    #[command(flatten)]
    compiler: CompilerArguments,
}

pub(crate) fn run(run: Run, format: Format, env: &Env) -> Result<ExitCode> {
    // before a build, which takes longer than seeing that it cannot be sent
    let request = run.request.request()?;
    let manifest = run.manifest.as_deref();
    let (manifest, artifact) = deploy::artifact(&run.path, manifest, &run.compiler, env)?;
    let folder = tempfile::tempdir()
        .map_err(|error| Failure::new(format!("make a temporary folder: {error}")))?;
    let serves = run.http.is_some();
    let settings = settings(folder.path().to_owned(), run.http, &manifest)?;
    let place = SocketPlace::of(&settings.data_dir, &settings.runtime_dir);
    let client = Client::new(Place::Socket(place.socket().to_owned()));
    let name = manifest.name.clone();

    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::new(format!("start a runtime: {error}")))?;
    runtime.block_on(async {
        let (ready, is_ready) = oneshot::channel::<HostInfo>();
        let serving = ottavo_app::serve_within(settings, |host, _| drop(ready.send(host.clone())));
        let talk = async {
            let Ok(host) = is_ready.await else { return std::future::pending().await };
            let how = deploy::How { accept: true, activate: true, ..deploy::How::default() };
            let reply = deploy::send(&client, manifest, artifact.into(), how).await?;
            if serves {
                for url in deploy::urls(&reply.function.http, &host) {
                    output::say(format_args!("`{name}` answers at {url}; Ctrl-C stops it"));
                }
                return std::future::pending().await;
            }
            let reply = client.invoke(&name, &request).await?;
            let written = LogsRequest::default();
            client.logs(&name, &written, |line| logs::say(line).map(|()| true)).await?;
            Ok(invoke::show(&reply, format))
        };
        // Boxed: a host's future is large. Dropped when the call is over: all of it was temporary.
        tokio::select! {
            served = Box::pin(serving) => match served {
                // by a signal, which ends a call before its answer
                Ok(()) if !serves => Ok(ExitCode::FAILURE),
                Ok(()) => Ok(ExitCode::SUCCESS),
                Err(ServeError::Configuration(message)) => Err(Failure::configuration(&message)),
                Err(ServeError::Unavailable(message)) => Err(Failure::unavailable(message)),
                Err(ServeError::Failed(error)) => Err(error.into()),
            },
            talked = talk => talked,
        }
    })
}

/// Everything temporary, nothing on a port that another host has.
fn settings(data_dir: PathBuf, http: Option<String>, manifest: &Manifest) -> Result<Settings> {
    let mut settings = Settings::default();
    let free = || Some("127.0.0.1:0".to_owned());
    let (http, grpc, actuator) = (http.or_else(free), free(), free());
    let data_dir = Some(data_dir);
    Overrides { data_dir, http, grpc, actuator, ..Overrides::default() }.apply(&mut settings)?;
    settings.log.filter = "error,function=off".to_owned();
    for (block, needs) in manifest.needs.each() {
        // nothing that a function keeps: apps and hosts are where they are
        if matches!(block, "invoke" | "egress") {
            continue;
        }
        let needed = needs.iter().map(|need| need.split(':').next().unwrap_or(need));
        let subscribed = manifest.subscribe.iter().filter(|_| block == "pubsub");
        let needed = needed.chain(subscribed.map(|subscribe| subscribe.pubsub.as_str()));
        let watched = manifest.watch.iter().filter(|_| block == "config");
        let needed = needed.chain(watched.map(|watch| watch.config.as_str()));
        let bound = manifest.binding.iter().filter(|_| block == "binding");
        let needed = needed.chain(bound.map(|binding| binding.name.as_str()));
        let stores = needed.chain(["default"]).filter_map(|name| name.parse().ok());
        let stores: Block = stores.map(|name| (name, StoreTable::of("memory"))).collect();
        settings.stores.insert(block.to_owned(), stores);
    }
    Ok(settings)
}
