//! Every listener of a host: its address taken, or taken over from the host before.

use std::net::SocketAddr;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ottavo_admin::{actuator, deploy};
use ottavo_control::HostInfo;
use ottavo_core::{Error, Kind, Result};
use ottavo_settings::{Listen, Settings};
use tokio::time::Instant;

use crate::handover::{Listeners, Offer};
use crate::translate;

/// Every listener but that of the deploy API, which comes with the data directory.
pub(crate) struct Doors {
    pub(crate) http: ottavo_http::Bound,
    pub(crate) grpc: ottavo_grpc::Bound,
    pub(crate) actuator: actuator::Bound,
    grpc_text: String,
}

/// Told when another host takes over, so that the files of its sockets stay.
pub(crate) struct Leave([Arc<AtomicBool>; 2]);

impl Leave {
    pub(crate) fn set(&self) {
        self.0.iter().for_each(|leave| leave.store(true, Ordering::Relaxed));
    }
}

impl Doors {
    /// Takes every address.
    pub(crate) async fn bind(settings: &Settings) -> Result<Doors> {
        let grpc = translate::grpc(settings).bind().await?;
        Ok(Doors {
            grpc_text: grpc_text(settings, &grpc),
            http: translate::http(settings).bind().await?,
            actuator: actuator_config(settings).bind()?,
            grpc,
        })
    }

    /// Takes over what listens where the settings want it, and takes the other addresses.
    pub(crate) async fn adopt(
        settings: &Settings,
        offer: &Offer,
        listeners: Listeners,
    ) -> Result<(Doors, Adopted)> {
        let Listeners { http, grpc, actuator, deploy } = listeners;
        let config = translate::grpc(settings);
        let same = match &settings.grpc.listen {
            Listen::Tcp(wanted) => is_at(*wanted, &offer.grpc),
            Listen::Unix(_) => settings.grpc.listen.to_string() == offer.grpc,
        };
        let grpc = if same { config.adopt(grpc)? } else { config.bind().await? };
        let config = translate::http(settings);
        let http = match is_at(config.listen, &offer.http) {
            true => config.adopt(http)?,
            false => config.bind().await?,
        };
        let config = actuator_config(settings);
        let actuator = match is_at(config.listen, &offer.actuator) {
            true => config.adopt(actuator)?,
            false => config.bind()?,
        };
        let doors = Doors { grpc_text: grpc_text(settings, &grpc), http, grpc, actuator };
        Ok((doors, Adopted { socket: deploy, path: offer.deploy.clone() }))
    }

    pub(crate) fn info(&self, data_dir: &Path, deploy: &deploy::Bound) -> HostInfo {
        HostInfo {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            pid: std::process::id(),
            data_dir: data_dir.to_owned(),
            http: self.http.local_addr().to_string(),
            https: self.http.tls().is_some(),
            grpc: self.grpc_text.clone(),
            actuator: self.actuator.local_addr().to_string(),
            deploy: deploy.local_addr().map(|address| address.to_string()),
            deploy_https: deploy.tls().is_some(),
        }
    }

    /// All sockets once more, for a host that takes over, and where they are.
    pub(crate) fn share(
        &self,
        deploy: &deploy::Bound,
        settings: &Settings,
        host: &HostInfo,
    ) -> Result<(Listeners, Offer, Leave)> {
        let shared = || {
            Ok(Listeners {
                http: self.http.share()?,
                grpc: self.grpc.share()?,
                actuator: self.actuator.share()?,
                deploy: deploy.share()?,
            })
        };
        let listeners = shared().map_err(|error: std::io::Error| {
            Error::internal("cannot keep the sockets for a host that takes over").with_source(error)
        })?;
        let HostInfo { version, pid, http, grpc, actuator, .. } = host.clone();
        let grace_millis = settings.shutdown.grace.0.as_millis();
        let offer = Offer {
            pid,
            version,
            grace_millis: u64::try_from(grace_millis).unwrap_or(u64::MAX),
            http,
            grpc,
            actuator,
            deploy: deploy.path().to_owned(),
        };
        Ok((listeners, offer, Leave([self.grpc.leave(), deploy.leave()])))
    }
}

/// The deploy API's socket of the host before.
pub(crate) struct Adopted {
    pub(crate) socket: OwnedFd,
    pub(crate) path: PathBuf,
}

/// Takes the data directory, and opens or takes over the socket of the deploy API in it.
pub(crate) async fn deploy(
    settings: &Settings,
    data_dir: &Path,
    adopted: Option<Adopted>,
) -> Result<deploy::Bound> {
    let config = deploy::Config {
        data_dir: data_dir.to_owned(),
        runtime_dir: settings.runtime_dir.clone(),
        bounds: deploy::Bounds {
            max_upload: settings.deploy.max_upload,
            upload_timeout: settings.deploy.upload_timeout,
        },
        tcp: translate::deploy_tcp(settings),
    };
    let Some(Adopted { socket, path }) = adopted else { return config.bind() };
    let until = Instant::now() + LEAVING;
    loop {
        let shared = socket.try_clone().map_err(|error| {
            Error::internal("cannot take over the deploy API's socket").with_source(error)
        })?;
        match config.clone().adopt(path.clone(), shared) {
            // the process that had the directory is about to end
            Err(error) if error.kind() == Kind::FailedPrecondition && Instant::now() < until => {
                tokio::time::sleep(LEAVING / 100).await;
            }
            adopted => return adopted,
        }
    }
}

/// For the process that had the data directory to end, after it has said so or has died.
const LEAVING: Duration = Duration::from_secs(5);

fn actuator_config(settings: &Settings) -> actuator::Config {
    actuator::Config { listen: settings.actuator.listen }
}

fn grpc_text(settings: &Settings, grpc: &ottavo_grpc::Bound) -> String {
    match grpc.local_addr() {
        Some(address) => address.to_string(),
        None => settings.grpc.listen.to_string(),
    }
}

/// Whether a listener at `there` is what is wanted; port 0 wants any.
fn is_at(wanted: SocketAddr, there: &str) -> bool {
    there.parse::<SocketAddr>().is_ok_and(|there| {
        there.ip() == wanted.ip() && (wanted.port() == 0 || wanted.port() == there.port())
    })
}
