//! The servers of the drivers that need one.

use std::path::Path;

use ottavo_test_support::{TestObjects, TestRedis};
use tempfile::TempDir;

/// One of each kind, and a folder that stands for a shared one.
pub(crate) struct Servers {
    pub(crate) redis: TestRedis,
    pub(crate) objects: TestObjects,
    shared: TempDir,
}

impl Servers {
    pub(crate) async fn start() -> Servers {
        let redis = TestRedis::start().await.unwrap();
        let objects = TestObjects::start().await.unwrap();
        Servers { redis, objects, shared: tempfile::tempdir().unwrap() }
    }

    /// A folder that several hosts could have.
    pub(crate) fn shared(&self) -> &Path {
        self.shared.path()
    }
}
