//! What this host provides of its own package, and which exports it calls: read from `wit/`.

use std::sync::LazyLock;

use wasmparser::component_types::{
    ComponentAnyTypeId, ComponentEntityType, ComponentFuncTypeId, ComponentInstanceTypeId,
};
use wasmparser::types::{Types, TypesRef};
use wasmparser::{Validator, WasmFeatures};

use crate::interface::InterfaceName;
use crate::package::Package;

/// The interfaces of all worlds of the package, with the types of their functions.
pub(crate) struct Provided {
    types: Types,
    imports: Vec<Interface>,
    exports: Vec<Interface>,
}

/// One interface of the package.
pub(crate) struct Interface {
    /// `ottavo:runtime/state@0.1.0`
    pub(crate) name: String,
    /// In the order of the WIT.
    pub(crate) functions: Vec<(String, ComponentFuncTypeId)>,
}

impl Provided {
    /// The one package compiled into this host.
    pub(crate) fn get() -> &'static Provided {
        static PROVIDED: LazyLock<Provided> = LazyLock::new(|| {
            read().expect("the package in `wit/` is valid, as the tests of this room prove")
        });
        &PROVIDED
    }

    pub(crate) fn types(&self) -> TypesRef<'_> {
        self.types.as_ref()
    }

    /// What a function may import, by interface.
    pub(crate) fn imports(&self) -> &[Interface] {
        &self.imports
    }

    /// What a function may export to be called, by interface.
    pub(crate) fn exports(&self) -> &[Interface] {
        &self.exports
    }
}

impl Interface {
    pub(crate) fn parsed(&self) -> InterfaceName<'_> {
        InterfaceName::parse(&self.name).expect("the interfaces of a package have full names")
    }

    pub(crate) fn function(&self, name: &str) -> Option<ComponentFuncTypeId> {
        self.functions.iter().find(|(n, _)| n == name).map(|(_, ty)| *ty)
    }
}

/// The interface of this list that fits the name, in a compatible version.
pub(crate) fn fitting<'a>(
    list: &'a [Interface],
    name: &InterfaceName<'_>,
) -> Option<&'a Interface> {
    list.iter().find(|i| i.parsed().compatible(name))
}

/// The interface of this list with the name, in any version.
pub(crate) fn named<'a>(list: &'a [Interface], name: &InterfaceName<'_>) -> Option<&'a Interface> {
    list.iter().find(|i| i.parsed().same_interface(name))
}

/// The functions of an instance type.
pub(crate) fn functions(
    types: TypesRef<'_>,
    instance: ComponentInstanceTypeId,
) -> Vec<(String, ComponentFuncTypeId)> {
    let exports = &types[instance].exports;
    let function =
        |(name, item): (&String, &wasmparser::component_types::ComponentItem)| match item.ty {
            ComponentEntityType::Func(ty) => Some((name.clone(), ty)),
            _ => None,
        };
    exports.iter().filter_map(function).collect()
}

fn read() -> Result<Provided, String> {
    let Package { resolve, id } = Package::get();
    let binary = wit_component::encode(resolve, *id).map_err(|e| format!("{e:#}"))?;
    let types = Validator::new_with_features(WasmFeatures::all())
        .validate_all(&binary)
        .map_err(|e| e.to_string())?;

    let mut provided = Provided { types, imports: Vec::new(), exports: Vec::new() };
    for world in resolve.packages[*id].worlds.keys() {
        read_world(&mut provided, world)
            .ok_or_else(|| format!("world `{world}` is not encoded"))?;
    }
    Ok(provided)
}

/// A world is encoded as a component type that exports one component type, the world's own.
fn read_world(provided: &mut Provided, world: &str) -> Option<()> {
    let types = provided.types.as_ref();
    let outer = match types.component_item_for_export(world)?.ty {
        ComponentEntityType::Type { created: ComponentAnyTypeId::Component(id), .. } => id,
        _ => return None,
    };
    let inner = match types[outer].exports.values().next()?.ty {
        ComponentEntityType::Component(id) => id,
        _ => return None,
    };
    let (mut imports, mut exports) = (Vec::new(), Vec::new());
    for (list, items) in
        [(&mut imports, &types[inner].imports), (&mut exports, &types[inner].exports)]
    {
        for (name, item) in items {
            if let ComponentEntityType::Instance(id) = item.ty {
                list.push(Interface { name: name.clone(), functions: functions(types, id) });
            }
        }
    }
    add(&mut provided.imports, imports);
    add(&mut provided.exports, exports);
    Some(())
}

fn add(list: &mut Vec<Interface>, more: Vec<Interface>) {
    for interface in more {
        if !list.iter().any(|known| known.name == interface.name) {
            list.push(interface);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interfaces_and_functions_come_from_the_wit() {
        let provided = Provided::get();
        let state = InterfaceName::parse("ottavo:runtime/state@0.1.0").unwrap();
        let state = fitting(provided.imports(), &state).unwrap();
        assert!(state.function("list-keys").is_some());
        let handler = InterfaceName::parse("ottavo:runtime/http-handler@0.1.0").unwrap();
        assert!(fitting(provided.exports(), &handler).unwrap().function("handle").is_some());
    }
}
