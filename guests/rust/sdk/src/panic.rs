//! A panic ends the call by a trap, which has no text: the text goes to the log before.

use std::panic::PanicHookInfo;
use std::sync::Once;

use crate::log::{self, Level};

/// Sends the text of a later panic to the host, as the fields `panic` and `location`.
pub(crate) fn install_hook() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| std::panic::set_hook(Box::new(report)));
}

fn report(info: &PanicHookInfo<'_>) {
    let location = info.location().map(ToString::to_string).unwrap_or_default();
    let fields = [("panic", text(info)), ("location", location.as_str())];
    log::emit(Level::Error, "the function panicked", &fields);
}

fn text<'a>(info: &'a PanicHookInfo<'_>) -> &'a str {
    let payload = info.payload();
    payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("a panic without a text")
}
