//! The WIT door: what functions import, one file per block.
