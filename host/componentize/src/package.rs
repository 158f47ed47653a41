//! Our own package, as `wit/` defines it.

use std::sync::LazyLock;

use wit_parser::{PackageId, Resolve, SourceMap};

/// The package, file by file.
const WIT: &[(&str, &str)] = &[
    ("binding.wit", include_str!("../../../wit/binding.wit")),
    ("config.wit", include_str!("../../../wit/config.wit")),
    ("event.wit", include_str!("../../../wit/event.wit")),
    ("file.wit", include_str!("../../../wit/file.wit")),
    ("http.wit", include_str!("../../../wit/http.wit")),
    ("lock.wit", include_str!("../../../wit/lock.wit")),
    ("program.wit", include_str!("../../../wit/program.wit")),
    ("pubsub.wit", include_str!("../../../wit/pubsub.wit")),
    ("secret.wit", include_str!("../../../wit/secret.wit")),
    ("sequencer.wit", include_str!("../../../wit/sequencer.wit")),
    ("state.wit", include_str!("../../../wit/state.wit")),
    ("types.wit", include_str!("../../../wit/types.wit")),
    ("world.wit", include_str!("../../../wit/world.wit")),
];

/// The parsed package.
pub(crate) struct Package {
    pub(crate) resolve: Resolve,
    pub(crate) id: PackageId,
}

impl Package {
    /// The one package compiled into this host.
    pub(crate) fn get() -> &'static Package {
        static PACKAGE: LazyLock<Package> = LazyLock::new(|| {
            read().expect("the package in `wit/` is valid, as the tests of this room prove")
        });
        &PACKAGE
    }
}

fn read() -> Result<Package, String> {
    let mut sources = SourceMap::default();
    for (name, text) in WIT {
        sources.push_str(name, *text);
    }
    let mut resolve = Resolve::default();
    let group = sources.parse().map_err(|(_, e)| e.to_string())?;
    let id = resolve.push_group(group).map_err(|e| e.to_string())?;
    Ok(Package { resolve, id })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_package_is_read() {
        let folder = "../../wit";
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.ends_with(".wit"))
            .collect();
        files.sort();
        assert_eq!(files, WIT.iter().map(|(name, _)| *name).collect::<Vec<_>>());
    }
}
