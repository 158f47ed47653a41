//! Every driver this host has, by block.

use ottavo_registry::Catalog;

/// A new driver is a line in here.
pub(crate) fn catalog() -> Catalog {
    let mut catalog = Catalog::default();
    catalog.state.add(ottavo_driver_memory::Memory);
    catalog.state.add(ottavo_driver_local::Local);
    catalog.state.add(ottavo_driver_redis::Redis);
    catalog
}
