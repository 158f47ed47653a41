//! The data of a store: one call of one function after the other.

use std::sync::Arc;
use std::time::Duration;

use ottavo_api::Session;
use ottavo_core::Limits;
use ottavo_core::units::ByteCount;
use ottavo_engine::{CpuClock, Metered, Meters};
use ottavo_telemetry::Level;

use crate::facts::Facts;
use crate::file::Files;
use crate::output::Output;
use crate::program::Monotonic;
use crate::wasi::Wasi;

/// What a guest's host functions work with during one call.
pub struct Call {
    meters: Meters,
    pub(crate) session: Session,
    pub(crate) facts: Facts,
    panic: Option<Panic>,
    /// Made for the first line that the guest writes.
    output: Option<Output>,
    pub(crate) monotonic: Monotonic,
    pub(crate) wasi: Option<Box<Wasi>>,
    files: Files,
}

/// What a guest said of its own end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Panic {
    /// The panic's text.
    pub text: String,
    /// `file:line:column`, when it said so.
    pub location: Option<String>,
    /// The functions it was in, innermost first, when it said so.
    pub stack: Vec<String>,
}

/// How many functions of a guest's own stack are kept.
const FRAMES: usize = 24;

impl Call {
    /// A call that `meters` bound, made through `session`.
    pub fn new(meters: Meters, session: Session, facts: Facts) -> Call {
        Call {
            meters,
            session,
            facts,
            panic: None,
            output: None,
            monotonic: Monotonic::default(),
            wasi: None,
            files: Files::default(),
        }
    }

    /// The next call of the same instance.
    pub fn renew(&mut self, session: Session, facts: Facts) {
        if let Some(output) = &self.output {
            output.renew(facts.clone(), Arc::clone(&session.context().request_id));
        }
        if let Some(wasi) = &mut self.wasi {
            wasi.http = None;
        }
        self.meters.renew();
        (self.session, self.facts, self.panic) = (session, facts, None);
    }

    /// The call is over: lines of its output that have no end are written to the log, which says what was
    /// cut from it, and files that it left open are closed.
    pub fn end(&mut self) {
        self.files.close();
        if let Some(output) = &self.output {
            output.end();
        }
        self.facts.end_log(&self.session.context().request_id);
    }

    /// The last lines of standard output and error of this call; empty when there are none.
    pub fn last_words(&self) -> String {
        self.output.as_ref().map(Output::last_words).unwrap_or_default()
    }

    /// The panic that the guest reported, if it did.
    pub fn panic(&self) -> Option<&Panic> {
        self.panic.as_ref()
    }

    /// Both outputs of the instance.
    pub(crate) fn output(&mut self) -> &Output {
        let Call { output, facts, session, .. } = self;
        let id = &session.context().request_id;
        output.get_or_insert_with(|| Output::new(facts.clone(), Arc::clone(id)))
    }

    /// How long the guest has computed in this call.
    pub fn computed(&self) -> Duration {
        self.meters.clock().spent()
    }

    /// What a block call needs: the clock that stops meanwhile, and the way to the blocks.
    pub(crate) fn door(&self) -> (&CpuClock, &Session) {
        (self.meters.clock(), &self.session)
    }

    pub(crate) fn limits(&self) -> &Limits {
        self.meters.limits()
    }

    /// The largest body of an answer that the guest asked for.
    pub(crate) fn most(&self) -> ByteCount {
        self.limits().body
    }

    /// What a call on files needs.
    pub(crate) fn files(&mut self) -> (&CpuClock, &Session, &mut Files) {
        (self.meters.clock(), &self.session, &mut self.files)
    }

    /// Writes to the function's log. A field `panic` is remembered for the answer.
    pub(crate) fn log(&mut self, level: Level, message: String, fields: Vec<(String, String)>) {
        let field = |name: &str| fields.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone());
        if let Some(text) = field("panic") {
            self.panic = Some(Panic {
                text,
                location: field("location"),
                stack: field("stack").as_deref().map(stack).unwrap_or_default(),
            });
        }
        self.facts.log(&self.session.context().request_id, level, message, fields);
    }
}

/// Reads what a guest tells of its stack: a function a line, its place on a line of its own that
/// begins with a tab.
fn stack(text: &str) -> Vec<String> {
    let mut frames: Vec<String> = Vec::new();
    for line in text.lines() {
        if let (Some(place), Some(frame)) = (line.strip_prefix('\t'), frames.last_mut()) {
            frame.push_str(" at ");
            frame.push_str(place);
        } else if frames.len() < FRAMES {
            frames.push(line.to_owned());
        } else {
            break;
        }
    }
    frames
}

impl Metered for Call {
    fn meters(&self) -> &Meters {
        &self.meters
    }

    fn meters_mut(&mut self) -> &mut Meters {
        &mut self.meters
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stack_is_functions_with_their_places() {
        let text = "main.inner\n\tapp/main.go:7\nmain.outer\n";
        assert_eq!(stack(text), ["main.inner at app/main.go:7", "main.outer"]);
        assert_eq!(stack(""), [""; 0]);
        assert_eq!(stack(&"f\n".repeat(1000)).len(), FRAMES);
        // one place too many, or before any function, is a line of its own
        assert_eq!(stack("\tx:1"), ["\tx:1"]);
    }
}
