//! `[actuator]`: health, info and metrics, read-only.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use ottavo_core::Error;
use ottavo_core::units::Span;

use super::http::loopback;
use crate::section::Section;

/// The shortest interval of probes.
const LEAST: Duration = Duration::from_millis(100);

/// The actuator's listener, and what it knows of the stores.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actuator {
    /// The address. Port 0 takes a free one. Default `127.0.0.1:34999`.
    pub listen: SocketAddr,
    /// How often each store is asked how it is; at least 100 ms. Default 5 s.
    pub probe_interval: Span,
}

impl Default for Actuator {
    fn default() -> Actuator {
        let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 34999));
        Actuator { listen, probe_interval: Span::secs(5) }
    }
}

impl Actuator {
    pub(crate) fn read(mut section: Section<'_>) -> Actuator {
        let mut actuator = Actuator::default();
        section.text("listen", "`127.0.0.1:34999`", &mut actuator.listen, loopback);
        section.text("probe_interval", "`5s`", &mut actuator.probe_interval, |text| {
            let span: Span = text.parse().map_err(|error: Error| error.to_string())?;
            match span.0 < LEAST {
                true => Err("is under `100ms`: the stores have other work".to_owned()),
                false => Ok(span),
            }
        });
        section.finish();
        actuator
    }
}
