//! Structured logs, kept per function and request.
//!
//! A message may name variables in scope, as in `format!`; the fields after it are for programs.
//!
//! ```no_run
//! use ottavo_sdk::log;
//!
//! let name = "book1";
//! log::info!("counted `{name}`", count = 100, store = "default");
//! ```

use crate::bindings::ottavo::runtime::log as wit;

/// How much a line matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Every step.
    Trace,
    /// For whoever looks for a fault.
    Debug,
    /// What happened.
    Info,
    /// Odd, but handled.
    Warn,
    /// Somebody must look.
    Error,
}

/// Sends one line; the macros of this module are the short form.
pub fn emit(level: Level, message: &str, fields: &[(&str, &str)]) {
    let level = match level {
        Level::Trace => wit::Level::Trace,
        Level::Debug => wit::Level::Debug,
        Level::Info => wit::Level::Info,
        Level::Warn => wit::Level::Warn,
        Level::Error => wit::Level::Error,
    };
    wit::emit(level, message, fields);
}

#[doc(hidden)]
#[macro_export]
macro_rules! __log {
    ($level:ident, $message:literal $(, $field:ident = $value:expr)* $(,)?) => {
        $crate::log::emit(
            $crate::log::Level::$level,
            &::std::format!($message),
            &[$((::core::stringify!($field), &*::std::string::ToString::to_string(&$value))),*],
        )
    };
}

/// Declares the short form of a level. The first argument is `$`, which the inner macro needs.
macro_rules! short_forms {
    ($dollar:tt $($name:ident = $level:ident as $macro:ident;)*) => {
        $(
            #[doc(hidden)]
            #[macro_export]
            macro_rules! $macro {
                ($dollar($dollar arguments:tt)*) => { $crate::__log!($level, $dollar($dollar arguments)*) };
            }
            #[doc(inline)]
            pub use $macro as $name;
        )*
    };
}

short_forms! { $
    trace = Trace as __log_trace;
    debug = Debug as __log_debug;
    info = Info as __log_info;
    warn = Warn as __log_warn;
    error = Error as __log_error;
}
