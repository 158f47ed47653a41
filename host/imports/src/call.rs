//! The data of a store: one call of one function after the other.

use std::sync::Arc;

use ottavo_api::Session;
use ottavo_core::Limits;
use ottavo_engine::{CpuClock, Metered, Meters};
use ottavo_telemetry::Level;

use crate::facts::Facts;
use crate::wasi::Wasi;

/// What a guest's host functions work with during one call.
pub struct Call {
    meters: Meters,
    pub(crate) session: Session,
    pub(crate) facts: Facts,
    panic: Option<Panic>,
    pub(crate) wasi: Option<Box<Wasi>>,
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

    /// The next call of the same instance.
    pub fn renew(&mut self, session: Session, facts: Facts) {
        if let Some(wasi) = &self.wasi {
            wasi.output.renew(facts.clone(), Arc::clone(&session.context().request_id));
        }
        self.meters.renew();
        (self.session, self.facts, self.panic) = (session, facts, None);
    }

    /// The call is over: lines of its output that have no end are written to the log.
    pub fn end(&self) {
        if let Some(wasi) = &self.wasi {
            wasi.output.end();
        }
    }

    /// The last lines of standard output and error of this call; empty when there are none.
    pub fn last_words(&self) -> String {
        self.wasi.as_ref().map(|wasi| wasi.output.last_words()).unwrap_or_default()
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
        self.facts.log(&self.session.context().request_id, level, message, fields);
    }
}

impl Metered for Call {
    fn meters(&self) -> &Meters {
        &self.meters
    }

    fn meters_mut(&mut self) -> &mut Meters {
        &mut self.meters
    }
}
