//! The host, built floor by floor.

use std::path::Path;
use std::sync::{Arc, Weak};
use std::time::Duration;

use ottavo_admin::{Health, State, Trouble, actuator};
use ottavo_api::{Api, Grants, Invoker, Outward};
use ottavo_control::HostInfo;
use ottavo_core::{Clock, Error, Kind, Result, Shutdown, SystemClock};
use ottavo_driver_http::Client;
use ottavo_engine::Engine;
use ottavo_functions::Functions;
use ottavo_grpc::Callers;
use ottavo_settings::Settings;
use ottavo_telemetry::{Audit, Metrics};
use tracing::{debug, info};

use crate::deployer::Deployer;
use crate::doors::{self, Doors};
use crate::handover::{Given, Listeners, Offer, take, wait};
use crate::notify::Notify;
use crate::operator::Operator;
use crate::signals::Signals;
use crate::stop::{Phases, stop};
use crate::{ServeError, apps, drivers, translate};

/// How long a start waits for the stores to say how they are.
const FIRST_PROBE: Duration = Duration::from_millis(500);

/// How long a start waits for the stores that are `required`.
const REQUIRED: Duration = Duration::from_secs(10);

/// Where the sockets of a host come from.
pub(crate) enum Source {
    Bind,
    /// The host that runs.
    TakeOver,
    /// This process, after a host that was to take over gave up.
    Back(Listeners, Offer),
}

/// Why a host has ended.
pub(crate) enum Ended {
    Stopped,
    /// A new host has its sockets, and waits for its data directory.
    Given(Given, Offer),
}

/// Makes the engine, beside whatever else is to be done: it reserves the address space of all instances.
async fn make(config: ottavo_engine::Config) -> Result<Engine> {
    let made = tokio::task::spawn_blocking(move || Engine::new(&config)).await;
    made.map_err(|error| Error::internal("the engine was not made").with_source(error))?
}

/// One host, from its first socket to its last store.
pub(crate) async fn assemble(
    settings: &Settings,
    data_dir: &Path,
    source: Source,
    notify: &Notify,
    on_ready: impl FnOnce(&HostInfo, Deployer),
) -> std::result::Result<Ended, ServeError> {
    let catalog = drivers::catalog(&settings.environment);
    let mut signals = Signals::listen()?;
    let (doors, adopted, mut taken) = match source {
        Source::Bind => (Doors::bind(settings).await?, None, None),
        Source::TakeOver => {
            let (taken, listeners) = take(data_dir).await?;
            let (doors, adopted) = Doors::adopt(settings, &taken.offer, listeners).await?;
            (doors, Some(adopted), Some(taken))
        }
        Source::Back(listeners, offer) => {
            let (doors, adopted) = Doors::adopt(settings, &offer, listeners).await?;
            (doors, Some(adopted), None)
        }
    };
    let phases = Phases::default();
    let Phases { triggers: outer, apis, stores: inner } = phases.clone();
    let audit = match &settings.audit.file {
        Some(file) => Audit::open(file)?,
        None => Audit::default(),
    };
    audit.watch(&outer);
    let callers = apps::callers(settings, &audit, &apis)?;
    let policy = translate::policy(settings)?;
    let engine = translate::engine(settings, data_dir);
    let total_memory = engine.total_memory;
    // before the host that runs is asked to go
    let made = match &taken {
        Some(_) => Some(make(engine.clone()).await?),
        None => None,
    };
    let egress = Client::new(&translate::egress(settings), &inner)
        .map_err(|error| error.context("`egress`"))?;
    if let Some(taken) = &mut taken {
        info!(pid = taken.offer.pid, "ready to take over from the host that runs");
        tokio::select! {
            free = taken.ready() => free?,
            signal = signals.next() => {
                info!(signal, "stopped while the host that runs was finishing");
                return Ok(Ended::Stopped);
            }
        }
    }
    let deploy = doors::deploy(settings, data_dir, adopted).await?;
    let host = doors.info(data_dir, &deploy);
    let (listeners, offer, leave) = doors.share(&deploy, settings, &host)?;
    let health = Health::new();
    let metrics = Metrics::new();
    doors.actuator.serve(health.clone(), metrics.clone(), &inner)?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let tables = translate::stores(settings);
    let opening = async {
        let stores = catalog.open(&tables, data_dir, &clock, &inner).await?;
        stores.required(REQUIRED).await.map(|()| Arc::new(stores))
    };
    let making = async {
        match made {
            Some(made) => Ok(made),
            None => make(engine).await,
        }
    };
    let (stores, engine) = tokio::select! {
        both = async { tokio::try_join!(opening, making) } => both?,
        signal = signals.next() => {
            info!(signal, "stopped while the stores were being opened");
            return Ok(Ended::Stopped);
        }
    };
    let interval = settings.actuator.probe_interval;
    let (watched, now) = (Arc::clone(&stores), Arc::clone(&clock));
    let asked = actuator::probe(watched, health.clone(), &metrics, now, interval, &inner);
    let api = Api::audited(stores, &metrics, audit.clone());
    let config = ottavo_functions::Config {
        folder: data_dir.join("functions"),
        limits: settings.limits,
        max_memory: settings.engine.max_memory,
        clock,
        shutdown: outer.clone(),
        grace: settings.shutdown.grace.0,
        keep: settings.deploy.keep as usize,
        policy,
        metrics,
        compiling: translate::compiling(settings),
        keys: translate::keys(settings)?,
        unload_after: settings.engine.unload_after.0,
    };
    let functions = Arc::new(Functions::open(config, engine, Arc::clone(&api)).await?);
    let loaded = Arc::downgrade(&functions);
    health.also(move || loaded.upgrade().map(|loaded| troubles(&loaded)).unwrap_or_default());
    let known: Weak<Functions> = Arc::downgrade(&functions);
    let (known, egress): (Weak<dyn Invoker>, _) = (known, Arc::new(egress));
    let max_depth = settings.engine.max_depth;
    api.connect(Outward { functions: known, egress, max_depth });

    // one that does not answer is not waited for: health says so until it does
    let first = tokio::time::timeout(FIRST_PROBE, asked).await;
    debug!(in_time = first.is_ok(), "asked the stores how they are");
    let certified = [
        ("http.tls", doors.http.tls()),
        ("grpc.tls", doors.grpc.tls()),
        ("deploy.tls", deploy.tls()),
    ];
    for (name, tls) in certified {
        let Some(tls) = tls else { continue };
        let told = move || tls.trouble().map(|why| changed(name.to_owned(), why));
        health.also(move || told().into_iter().collect());
    }
    let of_apps = match &callers {
        Callers::Apps { tokens, .. } => Some(Arc::clone(tokens)),
        Callers::Anonymous(_) => None,
    };
    for (apps, tokens) in [(true, of_apps), (false, deploy.tokens())] {
        let Some(tokens) = tokens else { continue };
        let place = move |owner: &str| match apps {
            true => format!("app.{owner}.token_file"),
            false => format!("{owner}.token_file"),
        };
        health.also(move || {
            let troubles = tokens.troubles().into_iter();
            troubles.map(|(owner, why)| changed(place(&owner), why)).collect()
        });
    }
    let deployer = Deployer::new(Arc::clone(&functions), outer.clone());
    doors.http.serve(Arc::clone(&functions), deployer.notices(), outer.clone());
    let operator = Operator { api: Arc::clone(&api), grants: Arc::new(Grants::everything()) };
    doors.grpc.serve(api, callers, &outer, &apis);
    functions.give_back();
    functions.deliver().await;
    deploy.serve(Arc::clone(&functions), Arc::new(operator), host.clone(), audit, &outer);
    let handing = Shutdown::new();
    let waiting = wait(listeners, offer.clone(), &handing)?;
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
    if let Some(taken) = taken {
        taken.up().await;
    }

    let given = tokio::select! {
        signal = signals.next() => {
            info!(signal, "stopping");
            notify.stopping();
            None
        }
        Ok(given) = waiting => {
            info!("handing over to a new host");
            leave.set();
            Some(given)
        }
    };
    health.set(State::Stopping);
    // the sockets have to close with those who accept from them
    handing.begin();
    drop(handing.finish(FIRST_PROBE).await);
    let orderly = stop(signals, &phases, &functions, settings.shutdown.grace.0).await;
    Ok(match given {
        Some(given) if orderly => Ended::Given(given, offer),
        _ => Ended::Stopped,
    })
}

/// A file that has changed to what cannot be used.
fn changed(name: String, message: String) -> Trouble {
    Trouble { name, kind: Kind::FailedPrecondition, message }
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
