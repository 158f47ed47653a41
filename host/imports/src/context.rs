//! `ottavo:runtime/context`: what surrounds the call.

use crate::Call;
use crate::bindings::ottavo::runtime::context::Host;

impl Host for Call {
    fn request_id(&mut self) -> String {
        self.session.context().request_id.as_ref().to_owned()
    }

    fn remaining(&mut self) -> u64 {
        u64::try_from(self.session.context().remaining().as_millis()).unwrap_or(u64::MAX)
    }

    /// Who calls over HTTP is not known.
    fn caller(&mut self) -> Option<String> {
        self.facts.caller.as_ref()?.id().map(str::to_owned)
    }

    fn remote(&mut self) -> Option<String> {
        self.facts.remote.map(|remote| remote.to_string())
    }

    fn get(&mut self, name: String) -> Option<String> {
        match name.as_str() {
            "function" => Some(self.facts.function.as_ref().to_owned()),
            "version" => Some(self.facts.version.to_string()),
            "route" => self.facts.route.as_deref().map(str::to_owned),
            "scheme" => {
                let scheme = if self.facts.tls { "https" } else { "http" };
                self.facts.remote.map(|_| scheme.to_owned())
            }
            "depth" => Some(self.session.context().depth.to_string()),
            other => self.session.context().trace.get(other).map(str::to_owned),
        }
    }

    fn setting(&mut self, name: String) -> Option<String> {
        self.facts.settings.get(&name).cloned()
    }
}
