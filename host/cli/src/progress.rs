//! Spinners and bars on standard error, when it is a terminal; nothing otherwise.

use std::io::IsTerminal as _;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Something under way. Disappears when it is dropped.
pub(crate) struct Progress(ProgressBar);

impl Progress {
    /// Work of unknown length.
    pub(crate) fn spinner(what: String) -> Progress {
        let bar = ProgressBar::with_draw_target(None, target());
        bar.set_style(style("{spinner} {msg} {elapsed:.dim}"));
        bar.set_message(what);
        bar.enable_steady_tick(Duration::from_millis(100));
        Progress(bar)
    }

    /// Nothing to see.
    pub(crate) fn hidden() -> Progress {
        Progress(ProgressBar::hidden())
    }

    /// Bytes to move.
    pub(crate) fn bytes(what: String, total: u64) -> Progress {
        let bar = ProgressBar::with_draw_target(Some(total), target());
        bar.set_style(style("{spinner} {msg} {bar:30} {binary_bytes}/{binary_total_bytes}"));
        bar.set_message(what);
        Progress(bar)
    }

    /// More of them have moved.
    pub(crate) fn advance(&self, bytes: u64) {
        self.0.inc(bytes);
    }

    /// Prints a line above.
    pub(crate) fn line(&self, line: &str) {
        self.0.println(line);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

/// Whether there is somebody to show progress to.
pub(crate) fn shown() -> bool {
    std::io::stderr().is_terminal()
}

fn target() -> ProgressDrawTarget {
    match shown() {
        true => ProgressDrawTarget::stderr(),
        false => ProgressDrawTarget::hidden(),
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).expect("the templates of this file are valid")
}
