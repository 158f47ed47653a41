//! The host, built floor by floor.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};
use std::time::Duration;

use ottavo_admin::{Health, State, Trouble, actuator, deploy};
use ottavo_api::{Api, Grants, Invoker, Outward};
use ottavo_control::HostInfo;
use ottavo_core::{Clock, Error, Kind, Result, Shutdown, SystemClock};
use ottavo_driver_http::Client;
use ottavo_engine::Engine;
use ottavo_functions::Functions;
use ottavo_settings::{LogFormat, Settings};
use ottavo_telemetry::{Audit, Format, Metrics};
use tracing::{debug, info};

use crate::deployer::Deployer;
use crate::operator::Operator;
use crate::signals::Signals;
use crate::stop::stop;
use crate::{ServeError, apps, drivers, files, translate};

/// How long a start waits for the stores to say how they are.
const FIRST_PROBE: Duration = Duration::from_millis(500);

/// Runs a host until a signal stops it.
///
/// # Behavior
/// - `on_ready` is called once everything answers, with a way in for what runs in its process.
/// - SIGTERM or SIGINT drains: readiness turns down, listeners close, requests under way get
///   `shutdown.grace`, then the stores close. A second signal ends it at once.
///
/// # Errors
/// What kept it from starting.
pub async fn serve(
    settings: Settings,
    on_ready: impl FnOnce(&HostInfo, Deployer),
) -> std::result::Result<(), ServeError> {
    let catalog = drivers::catalog(&settings.environment);
    let format = match settings.log.format {
        LogFormat::Text => Format::Text,
        LogFormat::Json => Format::Json,
    };
    ottavo_telemetry::init(&settings.log.filter, format)?;
    files::allow_most();
    let mut signals = Signals::listen()?;
    let data_dir = data_dir(&settings.data_dir)?;
    // two values: the stores stay open until the doors are closed
    let (outer, inner) = (Shutdown::new(), Shutdown::new());
    let audit = match &settings.audit.file {
        Some(file) => Audit::open(file)?,
        None => Audit::default(),
    };
    audit.watch(&outer);
    let callers = apps::callers(&settings, &audit, &outer)?;
    let doors = Doors::bind(&settings, &data_dir).await?;
    let host = doors.info(&data_dir);

    let health = Health::new();
    let metrics = Metrics::new();
    doors.actuator.serve(health.clone(), metrics.clone(), &inner)?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let tables = translate::stores(&settings);
    let stores = Arc::new(catalog.open(&tables, &data_dir, &clock, &inner).await?);
    let interval = settings.actuator.probe_interval;
    let (watched, now) = (Arc::clone(&stores), Arc::clone(&clock));
    let asked = actuator::probe(watched, health.clone(), &metrics, now, interval, &inner);
    let api = Api::audited(stores, &metrics, audit.clone());
    let engine = translate::engine(&settings, &data_dir);
    let total_memory = engine.total_memory;
    let engine = Engine::new(&engine)?;
    let config = ottavo_functions::Config {
        folder: data_dir.join("functions"),
        limits: settings.limits,
        max_memory: settings.engine.max_memory,
        clock,
        shutdown: outer.clone(),
        grace: settings.shutdown.grace.0,
        keep: settings.deploy.keep as usize,
        policy: translate::policy(&settings)?,
        metrics,
    };
    let functions = Arc::new(Functions::open(config, engine, Arc::clone(&api))?);
    let loaded = Arc::downgrade(&functions);
    health.also(move || loaded.upgrade().map(|loaded| troubles(&loaded)).unwrap_or_default());
    let egress = Client::new(&translate::egress(&settings), &inner)
        .map_err(|error| error.context("`egress`"))?;
    let known: Weak<Functions> = Arc::downgrade(&functions);
    let (known, egress): (Weak<dyn Invoker>, _) = (known, Arc::new(egress));
    let max_depth = settings.engine.max_depth;
    api.connect(Outward { functions: known, egress, max_depth });

    // one that does not answer is not waited for: health says so until it does
    let first = tokio::time::timeout(FIRST_PROBE, asked).await;
    debug!(in_time = first.is_ok(), "asked the stores how they are");
    let deployer = Deployer::new(Arc::clone(&functions), outer.clone());
    doors.http.serve(Arc::clone(&functions), deployer.notices(), outer.clone());
    let operator = Operator { api: Arc::clone(&api), grants: Arc::new(Grants::everything()) };
    doors.grpc.serve(api, callers, &outer);
    functions.deliver().await;
    if let Some(tls) = doors.deploy.tls() {
        health.also(move || tls.trouble().map(certificates).into_iter().collect());
    }
    doors.deploy.serve(functions, Arc::new(operator), host.clone(), audit, &outer);
    health.set(State::Up);
    info!(
        http = host.http,
        grpc = host.grpc,
        actuator = host.actuator,
        data_dir = %data_dir.display(),
        %total_memory,
        "ready"
    );
    if settings.app.is_empty() {
        info!(
            "there is no `[app.NAME]`: whoever reaches the gRPC door uses every store, anonymously"
        );
    }
    on_ready(&host, deployer);

    let signal = signals.next().await;
    info!(signal, "stopping");
    health.set(State::Stopping);
    stop(signals, &outer, &inner, settings.shutdown.grace.0).await;
    Ok(())
}

/// Certificates that have changed to what cannot be used.
fn certificates(message: String) -> Trouble {
    Trouble { name: "deploy.tls".to_owned(), kind: Kind::FailedPrecondition, message }
}

/// The functions that answer nothing.
fn troubles(functions: &Functions) -> Vec<Trouble> {
    let trouble = |(name, message)| Trouble {
        name: format!("function.{name}"),
        kind: Kind::FailedPrecondition,
        message,
    };
    functions.broken().into_iter().map(trouble).collect()
}

/// Every listener, its address taken.
struct Doors {
    http: ottavo_http::Bound,
    grpc: ottavo_grpc::Bound,
    actuator: actuator::Bound,
    deploy: deploy::Bound,
    grpc_text: String,
}

impl Doors {
    async fn bind(settings: &Settings, data_dir: &Path) -> Result<Doors> {
        let deploy = deploy::Config {
            data_dir: data_dir.to_owned(),
            runtime_dir: settings.runtime_dir.clone(),
            max_upload: deploy::Config::MAX_UPLOAD,
            tcp: translate::deploy_tcp(settings),
        };
        let grpc = translate::grpc(settings).bind().await?;
        let grpc_text = match grpc.local_addr() {
            Some(address) => address.to_string(),
            None => settings.grpc.listen.to_string(),
        };
        Ok(Doors {
            http: translate::http(settings).bind().await?,
            actuator: actuator::Config { listen: settings.actuator.listen }.bind()?,
            deploy: deploy.bind()?,
            grpc,
            grpc_text,
        })
    }

    fn info(&self, data_dir: &Path) -> HostInfo {
        HostInfo {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            pid: std::process::id(),
            data_dir: data_dir.to_owned(),
            http: self.http.local_addr().to_string(),
            grpc: self.grpc_text.clone(),
            actuator: self.actuator.local_addr().to_string(),
            deploy: self.deploy.local_addr().map(|address| address.to_string()),
        }
    }
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
