//! What is not covered is refused before anything is generated, by the name of the WIT item.

use std::collections::BTreeSet;

use anyhow::{Result, bail, ensure};
use wit_bindgen_core::wit_parser::{
    Function, FunctionKind, Handle, InterfaceId, Resolve, Type, TypeDefKind, TypeId, WorldId,
    WorldItem, WorldKey,
};

/// Everything that a world reaches.
pub(crate) fn world(resolve: &Resolve, world: WorldId) -> Result<()> {
    let world = &resolve.worlds[world];
    let mut imported = BTreeSet::new();
    for (key, item) in &world.imports {
        match item {
            WorldItem::Interface { id, .. } => {
                imported.insert(*id);
                interface(resolve, *id)?;
            }
            // `use` in a world brings the interface with it
            WorldItem::Type { id, .. }
                if matches!(resolve.types[*id].kind, TypeDefKind::Type(Type::Id(_))) => {}
            WorldItem::Type { .. } => {
                bail!(refusal("a type of a world", &of_world(&world.name, key)))
            }
            WorldItem::Function(_) => {
                bail!(refusal("a function of a world", &of_world(&world.name, key)))
            }
        }
    }
    for (key, item) in &world.exports {
        let WorldItem::Interface { id, .. } = item else {
            bail!(refusal("a function of a world", &of_world(&world.name, key)));
        };
        let name = interface(resolve, *id)?;
        ensure!(!imported.contains(id), "`{name}` is imported and exported: this is not supported");
        for (ty, id) in &resolve.interfaces[*id].types {
            if matches!(resolve.types[*id].kind, TypeDefKind::Resource) {
                bail!(refusal("an exported resource", &format!("{name}#{ty}")));
            }
        }
        for function in resolve.interfaces[*id].functions.values() {
            for parameter in &function.params {
                if borrows(resolve, &parameter.ty) {
                    let place = format!("{name}#{}, parameter {}", function.name, parameter.name);
                    bail!(refusal("a borrowed resource given to an export", &place));
                }
            }
        }
    }
    Ok(())
}

fn of_world(world: &str, key: &WorldKey) -> String {
    match key {
        WorldKey::Name(name) => format!("{world}#{name}"),
        WorldKey::Interface(_) => world.to_owned(),
    }
}

/// Checks an interface; its name.
fn interface(resolve: &Resolve, id: InterfaceId) -> Result<String> {
    let interface = &resolve.interfaces[id];
    let Some(name) = resolve.id_of(id) else {
        bail!("an interface without a name is not supported: give it one in the package");
    };
    for (ty, id) in &interface.types {
        type_def(resolve, *id, &format!("{name}#{ty}"))?;
    }
    for (called, function) in &interface.functions {
        self::function(resolve, function, &format!("{name}#{called}"))?;
    }
    Ok(name)
}

fn function(resolve: &Resolve, function: &Function, place: &str) -> Result<()> {
    match function.kind {
        FunctionKind::Freestanding
        | FunctionKind::Method(_)
        | FunctionKind::Static(_)
        | FunctionKind::Constructor(_) => {}
        _ => bail!(refusal("an async function", place)),
    }
    for parameter in &function.params {
        ty(resolve, &parameter.ty, &format!("{place}, parameter {}", parameter.name))?;
    }
    function.result.iter().try_for_each(|result| ty(resolve, result, &format!("{place}, result")))
}

fn ty(resolve: &Resolve, ty: &Type, place: &str) -> Result<()> {
    match ty {
        Type::ErrorContext => bail!(refusal("`error-context`", place)),
        // what has a name is checked where it is defined
        Type::Id(id) if resolve.types[*id].name.is_some() => Ok(()),
        Type::Id(id) => type_def(resolve, *id, place),
        _ => Ok(()),
    }
}

fn type_def(resolve: &Resolve, id: TypeId, place: &str) -> Result<()> {
    let ty = |inner: &Type| ty(resolve, inner, place);
    match &resolve.types[id].kind {
        TypeDefKind::Record(record) => record.fields.iter().try_for_each(|field| ty(&field.ty)),
        TypeDefKind::Tuple(tuple) => tuple.types.iter().try_for_each(ty),
        TypeDefKind::Variant(variant) => {
            variant.cases.iter().filter_map(|case| case.ty.as_ref()).try_for_each(ty)
        }
        TypeDefKind::Option(inner) | TypeDefKind::List(inner) | TypeDefKind::Type(inner) => {
            ty(inner)
        }
        TypeDefKind::Result(result) => result.ok.iter().chain(&result.err).try_for_each(ty),
        TypeDefKind::Flags(flags) if flags.flags.len() > 64 => {
            bail!(refusal("a set of more than 64 flags", place))
        }
        TypeDefKind::Resource
        | TypeDefKind::Handle(Handle::Own(_) | Handle::Borrow(_))
        | TypeDefKind::Flags(_)
        | TypeDefKind::Enum(_) => Ok(()),
        other => bail!(refusal(&format!("a `{}`", other.as_str()), place)),
    }
}

fn borrows(resolve: &Resolve, ty: &Type) -> bool {
    let Type::Id(id) = ty else { return false };
    let inner = |ty: &Type| borrows(resolve, ty);
    match &resolve.types[*id].kind {
        TypeDefKind::Handle(Handle::Borrow(_)) => true,
        TypeDefKind::Record(record) => record.fields.iter().any(|field| inner(&field.ty)),
        TypeDefKind::Tuple(tuple) => tuple.types.iter().any(inner),
        TypeDefKind::Variant(variant) => {
            variant.cases.iter().filter_map(|case| case.ty.as_ref()).any(inner)
        }
        TypeDefKind::Option(other) | TypeDefKind::List(other) | TypeDefKind::Type(other) => {
            inner(other)
        }
        TypeDefKind::Result(result) => result.ok.iter().chain(&result.err).any(inner),
        _ => false,
    }
}

fn refusal(what: &str, place: &str) -> String {
    format!("`{place}`: {what} is not supported in AssemblyScript")
}
