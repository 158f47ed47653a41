//! Configuration tables become live named stores.
//!
//! A store type is a string: this room knows no driver, drivers are handed to it in a [`Catalog`].
//! Everything is generic over the block; the list of blocks is `ottavo_blocks::each_block!`.

mod driver;
mod stores;
mod vault;

pub use driver::{Driver, Drivers, OpenContext, options};
pub use stores::{Catalog, Store, StoreInfo, StoreTable, Stores, Tables};
pub use vault::Reference;
