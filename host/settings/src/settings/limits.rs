//! `[limits]`: what one call of a function may use, where its manifest says nothing.

use ottavo_core::Limits;
use ottavo_core::units::ByteCount;

use crate::section::Section;

/// Reads the defaults; `max_memory` is the host's ceiling.
pub(crate) fn read(mut section: Section<'_>, max_memory: ByteCount) -> Limits {
    let mut limits = Limits::default();
    section.size("memory", &mut limits.memory);
    section.span("cpu", &mut limits.cpu);
    section.span("timeout", &mut limits.timeout);
    section.parsed("body", "`4MiB`", &mut limits.body);
    if limits.memory > max_memory {
        let memory = limits.memory;
        section.report(
            "memory",
            format!("is {memory}, over `engine.max_memory`, which is {max_memory}: change either"),
        );
    }
    section.finish();
    limits
}
