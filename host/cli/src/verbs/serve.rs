//! `ottavo serve`: the host itself.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use ottavo_app::{Deployer, ServeError, Start};
use ottavo_control::HostInfo;
use ottavo_settings::{Env, Overrides, Settings};

use crate::failure::{Failure, Result};
use crate::output::{self, Format};

#[derive(Args, Debug)]
pub(crate) struct Serve {
    /// The configuration [default: $OTTAVO_CONFIG, else `ottavo.toml` here, else none]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    flags: Flags,
}

/// What wins over the configuration.
#[derive(Args, Debug)]
pub(crate) struct Flags {
    /// Where functions and stores are kept [default: $OTTAVO_DATA_DIR, else `.ottavo` here]
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Where functions answer [default: 127.0.0.1:2045]
    #[arg(long, value_name = "ADDRESS")]
    http: Option<String>,
    /// Where apps reach the stores, an address or `unix:` and a path [default: 127.0.0.1:34904]
    #[arg(long, value_name = "ADDRESS")]
    grpc: Option<String>,
    /// Where health and info are [default: 127.0.0.1:34999]
    #[arg(long, value_name = "ADDRESS")]
    actuator: Option<String>,
    /// Deploy and answer with nothing but what a key of `deploy.keys` has signed
    #[arg(long)]
    require_signed: bool,
}

impl Flags {
    /// The settings of a host that is started with these flags; warnings are said.
    pub(crate) fn settings(self, file: Option<&Path>, env: &Env) -> Result<Settings> {
        let Flags { data_dir, http, grpc, actuator, require_signed } = self;
        let mut settings = Settings::load(file, env, &ottavo_app::drivers())?;
        Overrides { data_dir, http, grpc, actuator, require_signed }.apply(&mut settings)?;
        for warning in &settings.warnings {
            output::say(format_args!("warning: {warning}"));
        }
        Ok(settings)
    }
}

/// A host by itself.
#[derive(Args, Debug)]
pub(crate) struct Alone {
    #[command(flatten)]
    serve: Serve,
    /// Take the place of the host that runs on the same data directory, without refusing a connection
    #[arg(long)]
    take_over: bool,
}

pub(crate) fn run(alone: Alone, format: Format, env: &Env) -> Result<ExitCode> {
    let Alone { serve, take_over } = alone;
    let start = if take_over { Start::TakeOver } else { Start::Alone };
    host(serve.settings(env)?, start, |host, _| announce(host, format))
}

impl Serve {
    /// What the file, the environment and these flags say together.
    pub(super) fn settings(self, env: &Env) -> Result<Settings> {
        let Serve { config, flags } = self;
        flags.settings(config.as_deref(), env)
    }
}

/// Is a host until a signal stops it.
pub(super) fn host(
    settings: Settings,
    start: Start,
    on_ready: impl FnOnce(&HostInfo, Deployer),
) -> Result<ExitCode> {
    match ottavo_app::serve(settings, start, on_ready) {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(ServeError::Configuration(message)) => Err(Failure::configuration(&message)),
        Err(ServeError::Unavailable(message)) => Err(Failure::unavailable(message)),
        Err(ServeError::Failed(error)) => Err(error.into()),
    }
}

/// Says where everything is, once it answers.
pub(super) fn announce(host: &HostInfo, format: Format) {
    if format == Format::Json {
        output::json(host);
    }
    let HostInfo { version, data_dir, http, grpc, actuator, .. } = host;
    let row = |what: &str, place: String| vec![String::new(), what.to_owned(), place];
    let mut rows = vec![
        row("functions", format!("{}://{http}", host.scheme())),
        row("stores", format!("gRPC at {grpc}")),
        row("health", format!("http://{actuator}/actuator/health")),
        row("data", data_dir.display().to_string()),
    ];
    rows.extend(host.deploy_url().map(|url| row("deploys", url)));
    output::say(format_args!("ottavo {version} is up; Ctrl-C stops it"));
    output::say(output::table(&rows).trim_end());
}
