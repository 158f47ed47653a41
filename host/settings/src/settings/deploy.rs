//! `[deploy]`: what becomes of versions.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How functions are deployed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Deploy {
    /// How many versions of each function are kept, for `rollback`, `activate` and `split`; those that
    /// answer are always kept. Under `ottavo dev` one. Default `5`.
    #[schemars(range(min = 1, max = 100))]
    pub keep: u32,
}

impl Default for Deploy {
    fn default() -> Deploy {
        Deploy { keep: 5 }
    }
}
