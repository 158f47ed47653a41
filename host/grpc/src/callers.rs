//! Who calls, by what its metadata says, and what it holds.

use std::collections::BTreeMap;
use std::sync::Arc;

use ottavo_api::Grants;
use ottavo_core::{Caller, Error, Kind, Result};
use ottavo_identity::{Roster, bearer};
use ottavo_telemetry::{Action, Audit};
use tonic::codegen::http::HeaderMap;
use tonic::codegen::http::header::AUTHORIZATION;

use crate::connection::Peer;

/// Services that answer whoever asks: a probe has no token.
const OPEN: &str = "/grpc.health.v1.Health/";

/// Who may call the door.
#[derive(Clone)]
pub enum Callers {
    /// Nobody is asked who they are: all hold these.
    Anonymous(Arc<Grants>),
    /// Apps that show a token.
    Apps {
        /// The tokens, by the names of the apps.
        tokens: Arc<Roster>,
        /// What each app holds.
        grants: Arc<BTreeMap<Arc<str>, Arc<Grants>>>,
        /// Told of each token that is refused.
        audit: Audit,
    },
}

impl Callers {
    /// The caller of a request with this path and metadata.
    ///
    /// # Errors
    /// `unauthenticated` that says what to send, and nothing of what was sent.
    pub(crate) fn identify(
        &self,
        path: &str,
        headers: &HeaderMap,
        from: Peer,
    ) -> Result<(Caller, Arc<Grants>)> {
        let (tokens, grants, audit) = match self {
            Callers::Anonymous(grants) => return Ok((Caller::Anonymous, Arc::clone(grants))),
            Callers::Apps { .. } if path.starts_with(OPEN) => {
                return Ok((Caller::Anonymous, Arc::default()));
            }
            Callers::Apps { tokens, grants, audit } => (tokens, grants, audit),
        };
        let mut given = headers.get_all(AUTHORIZATION).iter();
        let refused = |what: &str| {
            audit.refused(Action::Token, &from.to_string(), what);
            Err(Error::new(Kind::Unauthenticated, what))
        };
        let token = match (given.next(), given.next()) {
            (None, _) => {
                return refused(
                    "this host has apps: send the metadata `authorization: Bearer TOKEN`",
                );
            }
            (Some(_), Some(_)) => return refused("`authorization` came more than once: send one"),
            (Some(value), None) => match bearer(value.as_bytes()) {
                Some(token) => token,
                None => return refused("`authorization` has another form: send `Bearer TOKEN`"),
            },
        };
        let held = tokens.find(token).and_then(|known| {
            let held = grants.get(&known.owner)?;
            Some((Caller::App(known.owner), Arc::clone(held)))
        });
        match held {
            Some(held) => Ok(held),
            None => {
                refused("the token is none of this host's: see `token_file` of the app's table")
            }
        }
    }
}
