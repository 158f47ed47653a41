//! The data of a store: one call of one function.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use ottavo_api::Session;
use ottavo_core::{Clock as _, Limits, SystemClock};
use ottavo_engine::{CpuClock, Metered, Meters};
use ottavo_telemetry::{GuestEntry, GuestLog, Level};

use crate::wasi::Wasi;

/// What a guest's host functions work with during one call.
pub struct Call {
    meters: Meters,
    pub(crate) session: Session,
    pub(crate) facts: Facts,
    panic: Option<Panic>,
    pub(crate) wasi: Option<Box<Wasi>>,
}

/// What is known of the call and the function.
#[derive(Clone)]
pub struct Facts {
    /// The function's name.
    pub function: Arc<str>,
    /// Its version.
    pub version: u64,
    /// The route that matched, as written.
    pub route: Option<String>,
    /// The client's address.
    pub remote: Option<SocketAddr>,
    /// The function's `[env]`.
    pub settings: Arc<BTreeMap<String, String>>,
    /// The function's log.
    pub log: Arc<GuestLog>,
}

/// What a guest said of its own end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Panic {
    /// The panic's text.
    pub text: String,
    /// `file:line:column`, when it said so.
    pub location: Option<String>,
}

impl Call {
    /// A call within `limits`, made through `session`.
    pub fn new(limits: &Limits, session: Session, facts: Facts) -> Call {
        Call { meters: Meters::new(limits), session, facts, panic: None, wasi: None }
    }

    /// The panic that the guest reported, if it did.
    pub fn panic(&self) -> Option<&Panic> {
        self.panic.as_ref()
    }

    /// What a block call needs: the clock that stops meanwhile, and the way to the blocks.
    pub(crate) fn door(&self) -> (&CpuClock, &Session) {
        (self.meters.clock(), &self.session)
    }

    /// Writes to the function's log. A field `panic` is remembered for the answer.
    pub(crate) fn log(&mut self, level: Level, message: String, fields: Vec<(String, String)>) {
        let field = |name: &str| fields.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone());
        if let Some(text) = field("panic") {
            self.panic = Some(Panic { text, location: field("location") });
        }
        write(&self.facts, &self.session.context().request_id, level, message, fields);
    }
}

/// Writes one entry to the log of the function that `facts` are about.
pub(crate) fn write(
    facts: &Facts,
    request_id: &str,
    level: Level,
    message: String,
    fields: Vec<(String, String)>,
) {
    let entry = GuestEntry {
        at: SystemClock.now(),
        level,
        message,
        fields,
        request_id: request_id.to_owned(),
        version: facts.version,
    };
    facts.log.write(&facts.function, entry);
}

impl Metered for Call {
    fn meters(&self) -> &Meters {
        &self.meters
    }

    fn meters_mut(&mut self) -> &mut Meters {
        &mut self.meters
    }
}
