//! What is not covered is refused before anything is generated, by the name of the WIT item.

use anyhow::{Result, bail};
use wit_bindgen_core::wit_parser::{
    Function, FunctionKind, InterfaceId, Resolve, Type, TypeDefKind, TypeId, WorldId, WorldItem,
};

/// Everything that a world reaches.
pub(crate) fn world(resolve: &Resolve, world: WorldId) -> Result<()> {
    let world = &resolve.worlds[world];
    for (key, item) in world.imports.iter().chain(&world.exports) {
        let name = resolve.name_world_key(key);
        let place = format!("{}#{name}", world.name);
        match item {
            WorldItem::Interface { id, .. } => interface(resolve, *id, &name)?,
            WorldItem::Type { id, .. } => type_def(resolve, *id, &place)?,
            WorldItem::Function(function) => self::function(resolve, function, &place)?,
        }
    }
    Ok(())
}

fn interface(resolve: &Resolve, id: InterfaceId, name: &str) -> Result<()> {
    let interface = &resolve.interfaces[id];
    for (ty, id) in &interface.types {
        type_def(resolve, *id, &format!("{name}#{ty}"))?;
    }
    for (called, function) in &interface.functions {
        self::function(resolve, function, &format!("{name}#{called}"))?;
    }
    Ok(())
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
        TypeDefKind::Option(inner)
        | TypeDefKind::List(inner)
        | TypeDefKind::FixedLengthList(inner, _)
        | TypeDefKind::Type(inner) => ty(inner),
        TypeDefKind::Map(key, value) => ty(key).and_then(|()| ty(value)),
        TypeDefKind::Result(result) => result.ok.iter().chain(&result.err).try_for_each(ty),
        TypeDefKind::Flags(flags) if flags.flags.len() > 64 => {
            bail!(refusal("a set of more than 64 flags", place))
        }
        TypeDefKind::Resource
        | TypeDefKind::Handle(_)
        | TypeDefKind::Flags(_)
        | TypeDefKind::Enum(_) => Ok(()),
        other => bail!(refusal(&format!("a `{}`", other.as_str()), place)),
    }
}

fn refusal(what: &str, place: &str) -> String {
    format!("`{place}`: {what} is not supported in AssemblyScript")
}
