//! Pairs of names and values, which every block has.

use ottavo_blocks::Options;
use ottavo_core::Result;
use ottavo_wire::v1::Pair;

/// The options of a call.
pub(crate) fn options(sent: Vec<Pair>) -> Result<Options> {
    Options::parse(sent.into_iter().map(|Pair { name, value }| (name, value)).collect())
}
