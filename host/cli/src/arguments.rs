//! What can be typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::output::Format;
use crate::verbs;

/// Ottavo, a function host: WebAssembly functions with state, served over HTTP and gRPC.
#[derive(Debug, Parser)]
#[command(name = "ottavo", version, arg_required_else_help = true, max_term_width = 100)]
#[command(after_help = "Begin with `ottavo new hello --lang rust`, then `ottavo dev hello`.")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) verb: Verb,

    /// How results are printed
    #[arg(long, global = true, value_enum, default_value_t, value_name = "text|json")]
    #[arg(hide_possible_values = true)]
    pub(crate) output: Format,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Run a host: serve functions, stores and health until SIGTERM or Ctrl-C
    Serve(verbs::serve::Alone),
    /// Make a folder with a new function
    New(verbs::new::New),
    /// Build, serve, and rebuild and redeploy on each save
    Dev(verbs::dev::Dev),
    /// Build a function's folder into a component
    Build(verbs::build::Build),
    /// Build and deploy a function, or deploy a .wasm file; the version before drains
    Deploy(verbs::deploy::Deploy),
    /// Check a host's configuration, show what is in force, or print its JSON schema
    Config(verbs::config::Config),
    /// List the deployed functions
    List(verbs::list::List),
    /// Call a function by its name, with or without a route
    Invoke(verbs::invoke::Invoke),
    /// Show the versions of a function that are kept, and which of them answer
    Versions(verbs::versions::Versions),
    /// Make a kept version the active one; calls under way end on theirs
    Activate(verbs::activate::Activate),
    /// Go back: end a split, or else return to the version that was active before
    Rollback(verbs::rollback::Rollback),
    /// Give a kept version a share of the requests, to try it on some
    Split(verbs::split::Split),
    /// Give all requests to the version that has a share of them
    Promote(verbs::promote::Promote),
    /// Show what a `.wasm` file or a deployed function imports, exports and may use
    Describe(verbs::describe::Describe),
    /// Show what a function has written, and follow it
    Logs(verbs::logs::Logs),
    /// Take a function away, or one of its versions; calls under way end
    Delete(verbs::delete::Delete),
    /// Call a function once without a host, its state in memory
    Run(verbs::run::Run),
    /// Read and write the values of a state store
    State(verbs::state::State),
    /// Publish events, and send those back that were given up
    Events(verbs::events::Events),
    /// Check this machine: compilers, ports, stores, the host
    Doctor(verbs::doctor::Doctor),
    /// Print the completions of a shell
    Completions(verbs::completions::Completions),
    /// Compile for a host, which starts this by itself
    #[command(hide = true)]
    Compile(verbs::compile::Compile),
}

/// Which host to talk to.
#[derive(Args, Debug)]
pub(crate) struct HostArguments {
    /// The host's data directory, a folder that holds it as `.ottavo`, its deploy socket, or its
    /// address: `https://HOST:PORT` [default: $OTTAVO_HOST, else the nearest `.ottavo` upwards, else
    /// the user's data directory]
    #[arg(long, global = true, value_name = "PATH|URL")]
    pub(crate) host: Option<PathBuf>,

    /// A file with the token for a host's address [default: the token in $OTTAVO_TOKEN]
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) token_file: Option<PathBuf>,

    /// A PEM file of certificates to trust for `https://` [default: $OTTAVO_CA, else those that this
    /// machine trusts]
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) ca: Option<PathBuf>,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_definition_is_sound() {
        Arguments::command().debug_assert();
    }
}
