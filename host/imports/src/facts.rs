//! What is known of a call and its function, and the function's log.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use ottavo_core::{Caller, Clock as _, SystemClock};
use ottavo_telemetry::{GuestEntry, GuestLog, Level};

use crate::log_room::LogRoom;

/// What is known of the call and the function.
#[derive(Clone)]
pub struct Facts {
    /// The function's name.
    pub function: Arc<str>,
    /// Its version.
    pub version: u64,
    /// The route that matched, as written.
    pub route: Option<Arc<str>>,
    /// The client's address.
    pub remote: Option<SocketAddr>,
    /// Whether it is connected over TLS.
    pub tls: bool,
    /// Who calls by name; none for a client of the HTTP trigger.
    pub caller: Option<Caller>,
    /// The function's `[env]`.
    pub settings: Arc<BTreeMap<String, String>>,
    /// The function's log.
    pub log: Arc<GuestLog>,
    /// What the call may write to it.
    pub log_room: LogRoom,
}

impl Facts {
    /// Writes one entry to the function's log.
    pub(crate) fn log(
        &self,
        request_id: &str,
        level: Level,
        message: String,
        fields: Vec<(String, String)>,
    ) {
        if self.log_room.takes(&message, &fields) {
            self.write(request_id, level, message, fields);
        }
    }

    /// Says what was cut from the log of a call that is over.
    pub(crate) fn end_log(&self, request_id: &str) {
        if let Some(said) = self.log_room.cut() {
            self.write(request_id, Level::Warn, said, Vec::new());
        }
    }

    fn write(
        &self,
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
            version: self.version,
        };
        self.log.write(&self.function, entry);
    }
}
