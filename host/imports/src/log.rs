//! `ottavo:runtime/log`: structured logs, kept per function and request.

use ottavo_telemetry::Level;

use crate::Call;
use crate::bindings::ottavo::runtime::log::{Host, Level as WitLevel};

impl Host for Call {
    fn emit(&mut self, level: WitLevel, message: String, fields: Vec<(String, String)>) {
        let level = match level {
            WitLevel::Trace => Level::Trace,
            WitLevel::Debug => Level::Debug,
            WitLevel::Info => Level::Info,
            WitLevel::Warn => Level::Warn,
            WitLevel::Error => Level::Error,
        };
        self.log(level, message, fields);
    }
}
