//! The world of a core module that embeds none, shown by what it exports.
//!
//! Compilers that know nothing of components can export functions under their canonical names, such
//! as `ottavo:runtime/http-handler@0.1.0#handle`. That says which world they were written for.

use wit_component::{StringEncoding, embed_component_metadata};
use wit_parser::{Resolve, WorldId, WorldItem};

use crate::package::Package;

/// The module with the world of our package that its exports show; none when they show none.
pub(crate) fn embed_world(module: &[u8], exports: &[&str]) -> Option<Vec<u8>> {
    let Package { resolve, id } = Package::get();
    let worlds = resolve.packages[*id].worlds.values().copied();
    let shown = worlds.filter(|world| {
        let mut wanted = exported_functions(resolve, *world).peekable();
        wanted.peek().is_some() && wanted.all(|name| exports.contains(&name.as_str()))
    });
    let world = shown.max_by_key(|world| exported_functions(resolve, *world).count())?;
    let mut module = module.to_vec();
    embed_component_metadata(&mut module, resolve, world, StringEncoding::UTF8).ok()?;
    Some(module)
}

/// The canonical names under which a core module exports the functions of a world.
fn exported_functions(resolve: &Resolve, world: WorldId) -> impl Iterator<Item = String> {
    resolve.worlds[world].exports.iter().flat_map(|(key, item)| {
        let interface = resolve.name_world_key(key);
        let functions = match item {
            WorldItem::Interface { id, .. } => Some(&resolve.interfaces[*id].functions),
            _ => None,
        };
        let names = functions.into_iter().flat_map(|functions| functions.keys());
        names.map(|name| format!("{interface}#{name}")).collect::<Vec<_>>()
    })
}
