//! A host's whole life: it starts, it serves, it stops or hands over.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ottavo_control::HostInfo;
use ottavo_core::{Error, Kind, Result};
use ottavo_settings::{Env, LogFormat, Settings};
use ottavo_telemetry::Format;
use tokio::runtime::{Builder, Runtime};

use crate::assembly::{Ended, Source, assemble};
use crate::handover::Handed;
use crate::notify::Notify;
use crate::{Deployer, ServeError, files};

/// For the threads of a host that has ended: one may hang in the system, in a look-up of a name or on a
/// file server that is away.
const LAST_WAIT: Duration = Duration::from_secs(1);

/// How a host starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// Where none runs.
    Alone,
    /// In the place of the one that runs on the same data directory.
    TakeOver,
}

/// Runs a host until a signal stops it, or another one takes over.
///
/// # Behavior
/// - `on_ready` is called once everything answers, with a way in for what runs in its process.
/// - SIGTERM or SIGINT drains: readiness turns down, listeners close, events are not taken any more;
///   what is under way gets `shutdown.grace`; then the gRPC door closes, then the stores. A second
///   signal ends it at once.
/// - A host that takes over gets the sockets, and then the data directory. If it does not come up, this
///   one serves again.
///
/// # Errors
/// What kept it from starting.
pub fn serve(
    settings: Settings,
    start: Start,
    on_ready: impl FnOnce(&HostInfo, Deployer),
) -> std::result::Result<(), ServeError> {
    let data_dir = prepare(&settings)?;
    let notify = Notify::of(&settings.environment);
    let mut source = match start {
        Start::Alone => Source::Bind,
        Start::TakeOver => Source::TakeOver,
    };
    let mut on_ready = Some(on_ready);
    loop {
        let runtime = runtime(Builder::new_multi_thread())?;
        let ready = |host: &HostInfo, deployer| {
            notify.ready();
            // a host that goes on after another one did not take over has said it before
            if let Some(on_ready) = on_ready.take() {
                on_ready(host, deployer);
            }
        };
        let ended = runtime.block_on(assemble(&settings, &data_dir, source, &notify, ready));
        // nothing of the host is left in this process: its stores can be opened by another one
        runtime.shutdown_timeout(LAST_WAIT);
        let (given, offer) = match ended? {
            Ended::Stopped => return Ok(()),
            Ended::Given(given, offer) => (given, offer),
        };
        let small = self::runtime(Builder::new_current_thread())?;
        source = match small.block_on(given.finish())? {
            Handed::Over | Handed::Stopped => return Ok(()),
            Handed::Back(listeners) => Source::Back(listeners, offer),
        };
    }
}

/// The same within the runtime of its caller, for as long as the future is held: nobody can take over.
///
/// # Errors
/// What kept it from starting.
pub async fn serve_within(
    settings: Settings,
    on_ready: impl FnOnce(&HostInfo, Deployer),
) -> std::result::Result<(), ServeError> {
    let data_dir = prepare(&settings)?;
    let notify = Notify::of(&Env::default());
    // a host that would take over is given nothing, and says so
    let ended = assemble(&settings, &data_dir, Source::Bind, &notify, on_ready).await;
    ended.map(drop)
}

/// What is done once for a process, and the data directory.
fn prepare(settings: &Settings) -> Result<PathBuf> {
    let format = match settings.log.format {
        LogFormat::Text => Format::Text,
        LogFormat::Json => Format::Json,
    };
    ottavo_telemetry::init(&settings.log.filter, format)?;
    files::allow_most();
    data_dir(&settings.data_dir)
}

fn runtime(mut builder: Builder) -> Result<Runtime> {
    let runtime = builder.enable_all().build();
    runtime.map_err(|error| Error::internal("cannot start a runtime").with_source(error))
}

/// The data directory, made if it is missing, as an absolute path.
fn data_dir(path: &Path) -> Result<PathBuf> {
    let made = fs::create_dir_all(path).and_then(|()| fs::canonicalize(path));
    made.map_err(|error| {
        let path = path.display();
        let next = "make it writable for this user, or set `data_dir` to another folder";
        Error::new(
            Kind::FailedPrecondition,
            format!("cannot use `{path}` as data directory: {error}; {next}"),
        )
    })
}
