//! Where the value of a setting comes from.

use std::collections::BTreeMap;
use std::fmt;

use crate::Place;

/// Where a value comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Origin {
    /// Nobody has set it.
    #[default]
    Default,
    /// The file.
    File {
        /// Its place there.
        place: Place,
        /// What it was read from, where the file holds a reference: `environment variable X`.
        via: Option<String>,
    },
    /// A variable of the environment: `OTTAVO_DATA_DIR`.
    Environment(&'static str),
    /// A flag of the command line: `--http`.
    Flag(&'static str),
}

/// By the path of the setting; what is not there has its default.
pub(crate) type Origins = BTreeMap<String, Origin>;

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Default => f.write_str("default"),
            Origin::File { place, via } => {
                f.write_str(place.to_string().trim_end_matches(": "))?;
                via.iter().try_for_each(|via| write!(f, ", from {via}"))
            }
            Origin::Environment(name) => write!(f, "environment variable {name}"),
            Origin::Flag(flag) => f.write_str(flag),
        }
    }
}
