//! `[engine]`: what all functions share.

use std::path::PathBuf;

use ottavo_core::units::ByteCount;

use crate::section::Section;

/// The WebAssembly engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Engine {
    /// The most that a function may ask for as `limits.memory`. Default `256MiB`.
    pub max_memory: ByteCount,
    /// Instances alive at once, over all functions; one more call is answered 503. Default `1000`.
    pub max_instances: u32,
    /// Where compiled functions are kept, so that a restart need not compile them. Several hosts of
    /// one user may share it. Default: `compiled` in the data directory.
    pub cache_dir: Option<PathBuf>,
}

impl Default for Engine {
    fn default() -> Engine {
        Engine { max_memory: ByteCount::mib(256), max_instances: 1000, cache_dir: None }
    }
}

impl Engine {
    pub(crate) fn read(mut section: Section<'_>) -> Engine {
        let mut engine = Engine::default();
        let range = ByteCount(64 << 10)..=ByteCount(4 << 30);
        section.size_in("max_memory", range, &mut engine.max_memory);
        section.number("max_instances", 1..=100_000, &mut engine.max_instances);
        section.text(
            "cache_dir",
            "the path of a folder",
            &mut engine.cache_dir,
            |text| match text {
                "" => Err("is empty: write the path of a folder, or leave it out".to_owned()),
                text => Ok(Some(PathBuf::from(text))),
            },
        );
        section.finish();
        engine
    }
}
