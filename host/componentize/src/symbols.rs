//! What the backtraces of a component can name, as far as its largest core module tells.

use ottavo_core::surface::Symbols;

/// Reads the names of the custom sections of one core module after the other. Adapters and shims
/// are small and have names of their own; the program is the largest.
#[derive(Default)]
pub(crate) struct SymbolSections {
    largest: usize,
    found: Symbols,
}

impl SymbolSections {
    /// A core module of this size begins.
    pub(crate) fn module(&mut self, size: usize) {
        if size > self.largest {
            (self.largest, self.found) = (size, Symbols::None);
        }
    }

    /// A custom section of the core module of this size.
    pub(crate) fn note(&mut self, section: &str, module_size: usize) {
        let says = match section {
            "name" => Symbols::Names,
            ".debug_line" => Symbols::Lines,
            _ => return,
        };
        if module_size == self.largest {
            self.found = self.found.max(says);
        }
    }

    pub(crate) fn found(&self) -> Symbols {
        self.found
    }
}
