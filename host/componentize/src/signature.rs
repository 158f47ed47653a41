//! Whether a function of a guest has the type that the package gives it.

use wasmparser::component_types::{
    ComponentDefinedType, ComponentDefinedTypeId, ComponentFuncTypeId, ComponentValType,
};
use wasmparser::types::TypesRef;

use crate::listing::short;

/// A function whose type is not ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// The function's name.
    pub function: String,
    /// Where they differ: "parameter `key`: expected string, found list".
    pub difference: String,
}

/// One side of the comparison.
#[derive(Clone, Copy)]
pub(crate) struct Side<'a> {
    pub(crate) types: TypesRef<'a>,
    pub(crate) function: ComponentFuncTypeId,
}

/// Where the two differ first, if they do.
///
/// Both are walked in step, so that the work is bounded by our own type, however large the guest's.
/// Handles of resources are taken as equal: which resource they name is for the linker to check.
pub(crate) fn difference(guest: Side<'_>, ours: Side<'_>) -> Option<String> {
    let (g, o) = (&guest.types[guest.function], &ours.types[ours.function]);
    let walk = Walk { guest: guest.types, ours: ours.types };
    if g.async_ != o.async_ {
        return Some(if o.async_ { "it is not async" } else { "it is async" }.to_owned());
    }
    if g.params.len() != o.params.len() {
        return Some(format!("expected {} parameters, found {}", o.params.len(), g.params.len()));
    }
    for ((gname, gty), (oname, oty)) in g.params.iter().zip(&o.params) {
        if gname != oname {
            return Some(format!(
                "expected parameter `{oname}`, found `{}`",
                short(gname.as_str())
            ));
        }
        if let Some(difference) = walk.value(*gty, *oty) {
            return Some(format!("parameter `{oname}`: {difference}"));
        }
    }
    walk.optional(g.result, o.result).map(|difference| format!("result: {difference}"))
}

struct Walk<'a> {
    guest: TypesRef<'a>,
    ours: TypesRef<'a>,
}

impl Walk<'_> {
    fn optional(
        &self,
        guest: Option<ComponentValType>,
        ours: Option<ComponentValType>,
    ) -> Option<String> {
        match (guest, ours) {
            (Some(guest), Some(ours)) => self.value(guest, ours),
            (None, None) => None,
            (Some(guest), None) => {
                Some(format!("expected nothing, found {}", word(self.guest, guest)))
            }
            (None, Some(ours)) => {
                Some(format!("expected {}, found nothing", word(self.ours, ours)))
            }
        }
    }

    fn value(&self, guest: ComponentValType, ours: ComponentValType) -> Option<String> {
        use ComponentDefinedType::Primitive;
        let guest_primitive = primitive(self.guest, guest);
        let our_primitive = primitive(self.ours, ours);
        if guest_primitive.is_some() && guest_primitive == our_primitive {
            return None;
        }
        match (guest, ours) {
            (ComponentValType::Type(g), ComponentValType::Type(o))
                if !matches!(self.guest[g], Primitive(_))
                    && !matches!(self.ours[o], Primitive(_)) =>
            {
                self.defined(g, o)
            }
            _ => Some(self.expected(guest, ours)),
        }
    }

    fn expected(&self, guest: ComponentValType, ours: ComponentValType) -> String {
        format!("expected {}, found {}", word(self.ours, ours), word(self.guest, guest))
    }

    fn defined(
        &self,
        guest: ComponentDefinedTypeId,
        ours: ComponentDefinedTypeId,
    ) -> Option<String> {
        use ComponentDefinedType as T;
        match (&self.guest[guest], &self.ours[ours]) {
            (T::Record(g), T::Record(o)) => {
                if !g.fields.keys().eq(o.fields.keys()) {
                    return Some(fields("a record", "fields", o.fields.keys()));
                }
                o.fields.iter().find_map(|(name, ty)| {
                    let difference = self.value(g.fields[name], *ty)?;
                    Some(format!("field `{name}`: {difference}"))
                })
            }
            (T::Variant(g), T::Variant(o)) => {
                if !g.cases.keys().eq(o.cases.keys()) {
                    return Some(fields("a variant", "cases", o.cases.keys()));
                }
                o.cases.iter().find_map(|(name, case)| {
                    let difference = self.optional(g.cases[name].ty, case.ty)?;
                    Some(format!("case `{name}`: {difference}"))
                })
            }
            (T::Enum(g), T::Enum(o)) => {
                (!g.iter().eq(o)).then(|| fields("an enum", "cases", o.iter()))
            }
            (T::Flags(g), T::Flags(o)) => {
                (!g.iter().eq(o)).then(|| fields("flags", "names", o.iter()))
            }
            (T::List { element: g, .. }, T::List { element: o, .. }) => {
                self.value(*g, *o).map(|difference| format!("in the list: {difference}"))
            }
            (T::Option { ty: g, .. }, T::Option { ty: o, .. }) => {
                self.value(*g, *o).map(|difference| format!("in the option: {difference}"))
            }
            (T::Tuple(g), T::Tuple(o)) if g.types.len() == o.types.len() => {
                g.types.iter().zip(&o.types).find_map(|(g, o)| self.value(*g, *o))
            }
            (T::Result { ok: g, err: ge, .. }, T::Result { ok: o, err: oe, .. }) => {
                self.optional(*g, *o).or_else(|| self.optional(*ge, *oe))
            }
            (T::Own(_), T::Own(_)) | (T::Borrow(_), T::Borrow(_)) => None,
            (T::Stream { ty: g, .. }, T::Stream { ty: o, .. })
            | (T::Future { ty: g, .. }, T::Future { ty: o, .. }) => self.optional(*g, *o),
            _ => Some(self.expected(ComponentValType::Type(guest), ComponentValType::Type(ours))),
        }
    }
}

fn primitive(types: TypesRef<'_>, ty: ComponentValType) -> Option<wasmparser::PrimitiveValType> {
    match ty {
        ComponentValType::Primitive(p) => Some(p),
        ComponentValType::Type(id) => match types[id] {
            ComponentDefinedType::Primitive(p) => Some(p),
            _ => None,
        },
    }
}

/// The names are ours, never the guest's.
fn fields<N: std::fmt::Display>(what: &str, parts: &str, names: impl Iterator<Item = N>) -> String {
    let names: Vec<String> = names.map(|name| name.to_string()).collect();
    format!("expected {what} with the {parts} {}", names.join(", "))
}

fn word(types: TypesRef<'_>, ty: ComponentValType) -> String {
    use ComponentDefinedType as T;
    let id = match ty {
        ComponentValType::Primitive(p) => return p.to_string(),
        ComponentValType::Type(id) => id,
    };
    match &types[id] {
        T::Primitive(p) => return p.to_string(),
        T::Record(_) => "record",
        T::Variant(_) => "variant",
        T::List { .. } => "list",
        T::Map { .. } => "map",
        T::FixedLengthList { .. } => "fixed-length list",
        T::Tuple(_) => "tuple",
        T::Flags(_) => "flags",
        T::Enum(_) => "enum",
        T::Option { .. } => "option",
        T::Result { .. } => "result",
        T::Own(_) => "own",
        T::Borrow(_) => "borrow",
        T::Future { .. } => "future",
        T::Stream { .. } => "stream",
    }
    .to_owned()
}
