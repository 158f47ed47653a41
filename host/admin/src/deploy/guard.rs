//! Who may use the deploy API, and by which name the audit log knows them.

use std::sync::Arc;

use http::HeaderMap;
use http::header::AUTHORIZATION;
use ottavo_core::{Error, Kind, Result};
use ottavo_identity::{Roster, bearer};
use ottavo_telemetry::{Action, Audit};

use crate::serve::Peer;

/// How a listener tells who may use it.
#[derive(Clone)]
pub(super) enum Guard {
    /// Whoever can open the socket, which is 0600.
    Socket,
    /// Whoever shows a token.
    Tokens(Arc<Roster>),
}

impl Guard {
    /// The name of who sends a request.
    ///
    /// # Errors
    /// `unauthenticated` that says what to send, and nothing of what was sent.
    pub(super) fn who(&self, headers: &HeaderMap, from: Peer, audit: &Audit) -> Result<String> {
        let Guard::Tokens(tokens) = self else { return Ok(from.to_string()) };
        let refused = |what: &str| {
            audit.refused(Action::Token, &from.to_string(), what);
            Err(Error::new(Kind::Unauthenticated, what))
        };
        let mut given = headers.get_all(AUTHORIZATION).iter();
        let (Some(value), None) = (given.next(), given.next()) else {
            return refused("the deploy API needs a token: send one `authorization: Bearer TOKEN`");
        };
        let Some(token) = bearer(value.as_bytes()) else {
            return refused("`authorization` has another form: send `Bearer TOKEN`");
        };
        match tokens.find(token) {
            None => refused("the token is none of this host's: see `deploy.token_file`"),
            Some(known) => Ok(match known.token {
                Some(name) => format!("token {name} from {from}"),
                None => format!("token from {from}"),
            }),
        }
    }
}
