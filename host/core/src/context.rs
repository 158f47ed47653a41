//! What surrounds one call, from the edge down to the driver.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use crate::{Error, FunctionName, Kind, Result, Trace};

/// Who makes a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    /// A deployed function.
    Function(FunctionName),
    /// An outside app that said who it is.
    App(Arc<str>),
    /// An outside app on loopback that did not.
    Anonymous,
}

impl Caller {
    /// The function's name or the app's id, when known.
    pub fn id(&self) -> Option<&str> {
        match self {
            Caller::Function(name) => Some(name.as_str()),
            Caller::App(id) => Some(id),
            Caller::Anonymous => None,
        }
    }
}

/// The identity and the deadline of one call. Cheap to clone.
#[derive(Clone, Debug)]
pub struct CallContext {
    /// Names the request in every log line and every answer.
    pub request_id: Arc<str>,
    /// Who calls.
    pub caller: Caller,
    /// When the caller stops waiting.
    pub deadline: Instant,
    /// How many calls by name this one is within.
    pub depth: u32,
    /// The trace it belongs to.
    pub trace: Trace,
}

impl CallContext {
    /// A call by `caller` that may take `timeout`.
    pub fn new(request_id: Arc<str>, caller: Caller, timeout: Duration) -> CallContext {
        let (deadline, trace) = (deadline_after(timeout), Trace::default());
        CallContext { request_id, caller, deadline, depth: 0, trace }
    }

    /// The same, within `timeout` from now if that is sooner.
    #[must_use]
    pub fn within(&self, timeout: Option<Duration>) -> CallContext {
        let mut shorter = self.clone();
        if let Some(timeout) = timeout {
            shorter.deadline = shorter.deadline.min(deadline_after(timeout));
        }
        shorter
    }

    /// Time left; zero once the deadline has passed.
    pub fn remaining(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    /// Fails with `timeout` when the deadline has passed `now`.
    pub fn check(&self, now: Instant) -> Result<()> {
        if now >= self.deadline {
            return Err(Error::new(Kind::Timeout, "the deadline of the call has passed"));
        }
        Ok(())
    }
}

/// The longest timeout that is kept as asked; the clock cannot add arbitrary durations.
const LONGEST: Duration = Duration::from_secs(60 * 60 * 24 * 365);

fn deadline_after(timeout: Duration) -> Instant {
    Instant::now() + timeout.min(LONGEST)
}

/// A new request id: 26 characters of 0-9a-z, unique with the probability of 128 random bits.
pub fn new_request_id() -> Arc<str> {
    const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let mut bits = fastrand::u128(..);
    let mut text = [0u8; 26];
    for digit in &mut text {
        *digit = DIGITS[(bits & 31) as usize];
        bits >>= 5;
    }
    Arc::from(std::str::from_utf8(&text).expect("the digits are ASCII"))
}
