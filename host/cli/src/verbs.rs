//! What can be done: one file per verb.

pub(crate) mod activate;
pub(crate) mod build;
pub(crate) mod compile;
pub(crate) mod completions;
pub(crate) mod config;
pub(crate) mod delete;
pub(crate) mod deploy;
pub(crate) mod describe;
pub(crate) mod dev;
pub(crate) mod doctor;
pub(crate) mod events;
pub(crate) mod invoke;
pub(crate) mod list;
pub(crate) mod logs;
pub(crate) mod new;
pub(crate) mod promote;
pub(crate) mod rollback;
pub(crate) mod run;
pub(crate) mod serve;
pub(crate) mod split;
pub(crate) mod state;
pub(crate) mod versions;

use std::future::Future;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use ottavo_settings::Env;

use crate::arguments::{Arguments, HostArguments, Verb};
use crate::client::Client;
use crate::failure::{Failure, Result};
use crate::host;

/// Does it.
pub(crate) fn run(Arguments { verb, output }: Arguments) -> Result<ExitCode> {
    let env = Env::of_process();
    match verb {
        Verb::Serve(serve) => serve::run(serve, output, &env),
        Verb::New(new) => new::run(new, output, &env),
        Verb::Dev(dev) => dev::run(dev, output, &env),
        Verb::Build(build) => build::run(build, output, &env),
        Verb::Deploy(deploy) => deploy::run(deploy, output, &env),
        Verb::Config(config) => config::run(config, output, &env),
        Verb::List(list) => list::run(list, output, &env),
        Verb::Invoke(invoke) => invoke::run(invoke, output, &env),
        Verb::Versions(versions) => versions::run(versions, output, &env),
        Verb::Activate(activate) => activate::run(activate, output, &env),
        Verb::Rollback(rollback) => rollback::run(rollback, output, &env),
        Verb::Split(split) => split::run(split, output, &env),
        Verb::Promote(promote) => promote::run(promote, output, &env),
        Verb::Describe(describe) => describe::run(describe, output, &env),
        Verb::Logs(logs) => logs::run(logs, output, &env),
        Verb::Delete(delete) => delete::run(delete, output, &env),
        Verb::Run(run) => run::run(run, output, &env),
        Verb::State(state) => state::run(state, output, &env),
        Verb::Events(events) => events::run(events, output, &env),
        Verb::Doctor(doctor) => doctor::run(doctor, output, &env),
        Verb::Compile(compile) => compile::run(&compile),
        Verb::Completions(completions) => completions::run(completions),
    }
}

/// The host that the arguments name, else the nearest one.
fn client(host: &HostArguments, env: &Env) -> Result<Client> {
    let current = std::env::current_dir()
        .map_err(|error| Failure::new(format!("find the current folder: {error}")))?;
    host::find(host, env, &current).map(Client::new)
}

/// Talks to a host.
fn talk<T>(conversation: impl Future<Output = Result<T>>) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime
        .map_err(|error| Failure::new(format!("start a runtime: {error}")))?
        .block_on(conversation)
}

/// The folder that a path names: itself, or the one of a manifest.
pub(crate) fn folder(path: &Path) -> PathBuf {
    match path.is_dir() {
        true => path.to_owned(),
        false => path.parent().map_or_else(|| PathBuf::from("."), Path::to_owned),
    }
}
