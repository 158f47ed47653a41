//! Types of WIT as types of AssemblyScript.

use wit_bindgen_core::dealias;
use wit_bindgen_core::wit_parser::{Flags, FlagsRepr, Handle, Resolve, Type, TypeDefKind, TypeId};

use crate::file::File;
use crate::home::Home;

impl<'a> File<'a> {
    /// How this file writes a type.
    pub(crate) fn ty(&mut self, ty: &Type) -> String {
        let Type::Id(id) = ty else { return primitive(ty).to_owned() };
        let id = dealias(self.resolve, *id);
        match &self.resolve.types[id].kind {
            TypeDefKind::Record(_)
            | TypeDefKind::Variant(_)
            | TypeDefKind::Enum(_)
            | TypeDefKind::Resource => self.named(id),
            TypeDefKind::Flags(flags) => flags_type(flags).to_owned(),
            TypeDefKind::Handle(Handle::Own(resource) | Handle::Borrow(resource)) => {
                self.ty(&Type::Id(*resource))
            }
            TypeDefKind::Tuple(tuple) => {
                let size = tuple.types.len();
                self.shared.tuples.insert(size);
                let name = self.of_abi(&format!("Tuple{size}"));
                let types: Vec<_> = tuple.types.iter().map(|ty| self.ty(ty)).collect();
                format!("{name}<{}>", types.join(", "))
            }
            TypeDefKind::Option(some) if is_nullable(self.resolve, some) => {
                format!("{} | null", self.ty(some))
            }
            TypeDefKind::Option(some) => {
                format!("{}<{}>", self.of_abi("Option"), self.ty(some))
            }
            TypeDefKind::Result(result) => {
                let name = self.of_abi("Result");
                let (ok, err) =
                    (self.payload(result.ok.as_ref()), self.payload(result.err.as_ref()));
                format!("{name}<{ok}, {err}>")
            }
            TypeDefKind::List(element) => match typed_array(element) {
                Some(array) => array.to_owned(),
                None => format!("Array<{}>", self.ty(element)),
            },
            TypeDefKind::FixedLengthList(element, _) => {
                format!("StaticArray<{}>", self.ty(element))
            }
            TypeDefKind::Map(key, value) => format!("Map<{}, {}>", self.ty(key), self.ty(value)),
            TypeDefKind::Type(other) => self.ty(other),
            other => unreachable!("`{}` was refused before", other.as_str()),
        }
    }

    /// One side of a result.
    pub(crate) fn payload(&mut self, ty: Option<&Type>) -> String {
        match ty {
            Some(ty) => self.ty(ty),
            None => self.of_abi("Unit"),
        }
    }

    /// A value of the type where none is there yet.
    pub(crate) fn zero(&mut self, ty: &str) -> String {
        match ty {
            "bool" | "Unit" => "false".to_owned(),
            "u8" | "i8" | "u16" | "i16" | "u32" | "i32" | "u64" | "i64" | "f32" | "f64"
            | "usize" => "0".to_owned(),
            nullable if nullable.ends_with("| null") => "null".to_owned(),
            other => format!("abi.zero<{other}>()"),
        }
    }

    /// How this file writes a type that has a name.
    pub(crate) fn named(&mut self, id: TypeId) -> String {
        let name = self.shared.types[&id].clone();
        self.qualified(Home::of(self.resolve.types[id].owner), &name)
    }
}

/// Whether `null` can stand for no value: the type is a class, and not itself an option.
pub(crate) fn is_nullable(resolve: &Resolve, ty: &Type) -> bool {
    match ty {
        Type::String => true,
        Type::Id(id) => match &resolve.types[dealias(resolve, *id)].kind {
            TypeDefKind::Enum(_) | TypeDefKind::Flags(_) | TypeDefKind::Option(_) => false,
            TypeDefKind::Type(other) => is_nullable(resolve, other),
            _ => true,
        },
        _ => false,
    }
}

/// The typed array that has the canonical layout of a list of this type.
pub(crate) fn typed_array(element: &Type) -> Option<&'static str> {
    Some(match element {
        Type::U8 => "Uint8Array",
        Type::S8 => "Int8Array",
        Type::U16 => "Uint16Array",
        Type::S16 => "Int16Array",
        Type::U32 => "Uint32Array",
        Type::S32 => "Int32Array",
        Type::U64 => "Uint64Array",
        Type::S64 => "Int64Array",
        Type::F32 => "Float32Array",
        Type::F64 => "Float64Array",
        _ => return None,
    })
}

/// The number that holds a set of flags, one bit each.
pub(crate) fn flags_type(flags: &Flags) -> &'static str {
    match flags.repr() {
        FlagsRepr::U8 => "u8",
        FlagsRepr::U16 => "u16",
        FlagsRepr::U32(0 | 1) => "u32",
        FlagsRepr::U32(_) => "u64",
    }
}

fn primitive(ty: &Type) -> &'static str {
    match ty {
        Type::Bool => "bool",
        Type::U8 => "u8",
        Type::U16 => "u16",
        // AssemblyScript has no type for one character
        Type::U32 | Type::Char => "u32",
        Type::U64 => "u64",
        Type::S8 => "i8",
        Type::S16 => "i16",
        Type::S32 => "i32",
        Type::S64 => "i64",
        Type::F32 => "f32",
        Type::F64 => "f64",
        Type::String => "string",
        Type::ErrorContext | Type::Id(_) => unreachable!("refused before, or no primitive"),
    }
}
