//! `[shutdown]`: how the host stops.

use ottavo_core::units::Span;

use crate::section::Section;

/// How the host stops.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shutdown {
    /// For calls under way to end once the host is asked to stop. Default `15s`.
    pub grace: Span,
}

impl Default for Shutdown {
    fn default() -> Shutdown {
        Shutdown { grace: Span::secs(15) }
    }
}

impl Shutdown {
    pub(crate) fn read(mut section: Section<'_>) -> Shutdown {
        let mut shutdown = Shutdown::default();
        section.parsed("grace", "`15s`", &mut shutdown.grace);
        section.finish();
        shutdown
    }
}
