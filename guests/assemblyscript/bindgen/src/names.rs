//! Names of WIT in AssemblyScript: `kebab-case` becomes `camelCase` or `PascalCase`, and what the
//! language or the generated code already uses gets a trailing `_`.
//!
//! Names that the generator invents at the top of a file begin with `_`, which no name from WIT does.

use std::collections::BTreeSet;

use wit_bindgen_core::wit_parser::{Record, Resolve, TypeDefKind, TypeId, Variant};

/// Words that no variable or function may have.
const KEYWORDS: &str = "abstract any arguments as async await boolean break case catch class const \
    constructor continue debugger declare default delete do else enum eval export extends false \
    finally for from function get if implements import in infer instanceof interface is keyof let \
    module namespace never new null number object of operator override package private protected \
    public readonly require return set static string super switch symbol this throw true try type \
    typeof undefined unique unknown var void while with yield";

/// Of the words above, those that are fine as names: they mean something in certain places only.
const CONTEXTUAL: &str = "abstract any as async boolean from get infer is keyof never number object \
    of operator override require set symbol unique unknown";

/// Global functions, values and types that lower-case names would shadow.
const GLOBALS: &str = "abort abs add alignof assert atomic bswap bswap16 call call_indirect ceil \
    changetype clz console copysign ctz decodeURI decodeURIComponent div encodeURI \
    encodeURIComponent eq externref f32 f64 floor function funcref globalThis heap i16 i32 i64 i8 \
    idof inline instantiate isArray isArrayLike isBoolean isConstant isDefined isFinite isFloat \
    isFunction isInteger isManaged isNaN isNullable isReference isSigned isString isVector isVoid \
    isize lengthof load max memory min mul nameof nearest ne offsetof parseFloat parseInt popcnt \
    process reinterpret rem rotl rotr select seed shl shr sizeof sqrt store sub table trace trunc \
    u16 u32 u64 u8 unchecked unmanaged unreachable usize v128 xor abi bool fmod fmodf i16x8 i32x4 \
    i64x2 i8x16 f32x4 f64x2 lt gt le ge neg and or not crypto unescape escape self global";

/// Types that the generated code itself means by these names.
const TYPES: &str = "Array ArrayBuffer ArrayBufferView Boolean F32 F64 Float32Array Float64Array \
    Function I16 I32 I64 I8 Int16Array Int32Array Int64Array Int8Array Isize Map Object Option Result \
    StaticArray String U16 U32 U64 U8 Uint16Array Uint32Array Uint64Array Uint8Array \
    Uint8ClampedArray Unit Usize";

/// Which names a world's files must keep free, beside the language's own.
#[derive(Debug, Default)]
pub(crate) struct Names {
    /// How files name each other: a variable of that name would shadow the import.
    modules: BTreeSet<String>,
}

impl Names {
    pub(crate) fn new(modules: impl IntoIterator<Item = String>) -> Names {
        Names { modules: modules.into_iter().collect() }
    }

    /// A function or a variable.
    pub(crate) fn value(&self, wit: &str) -> String {
        self.free(camel(wit))
    }

    /// A name for a function or a variable that is no word from WIT.
    pub(crate) fn free(&self, name: String) -> String {
        let taken = is_keyword(&name) || listed(GLOBALS, &name) || self.modules.contains(&name);
        if taken { name + "_" } else { name }
    }
}

/// A field: it stands behind a dot and shadows nothing.
pub(crate) fn member(wit: &str) -> String {
    let name = camel(wit);
    if is_keyword(&name) || name == "prototype" { format!("{name}_") } else { name }
}

/// A function of a resource, beside those that every resource has.
pub(crate) fn method(wit: &str) -> String {
    match member(wit) {
        taken if matches!(taken.as_str(), "create" | "drop" | "handle" | "take") => {
            format!("{taken}_")
        }
        free => free,
    }
}

/// A class, an enum or a type.
pub(crate) fn type_name(wit: &str) -> String {
    let name = pascal(wit);
    let tuple = name.strip_prefix("Tuple").is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()));
    if listed(TYPES, &name) || tuple { format!("{name}_") } else { name }
}

/// The fields of a record, each under its own name.
pub(crate) fn fields(record: &Record) -> Vec<String> {
    let mut scope = Scope::default();
    record.fields.iter().map(|field| scope.fresh(&member(&field.name))).collect()
}

/// The cases of a variant: how each is made, and how its tag is called.
pub(crate) fn cases(variant: &Variant) -> Vec<(String, String)> {
    let (mut made, mut tags) = (Scope::default(), Scope::default());
    let names = variant
        .cases
        .iter()
        .map(|each| (made.fresh(&member(&each.name)), tags.fresh(&case(&each.name))));
    names.collect()
}

/// A case of an enum or a variant: `not-found` is `NotFound`.
pub(crate) fn case(wit: &str) -> String {
    pascal(wit)
}

/// A constant: `read-only` is `READ_ONLY`.
pub(crate) fn constant(wit: &str) -> String {
    wit.replace('-', "_").to_ascii_uppercase()
}

fn is_keyword(name: &str) -> bool {
    listed(KEYWORDS, name) && !listed(CONTEXTUAL, name)
}

fn listed(list: &str, name: &str) -> bool {
    list.split_ascii_whitespace().any(|known| known == name)
}

fn pascal(wit: &str) -> String {
    wit.split('-').map(capitalised).collect()
}

fn camel(wit: &str) -> String {
    let mut words = wit.split('-');
    let first = words.next().unwrap_or_default().to_ascii_lowercase();
    first + &words.map(capitalised).collect::<String>()
}

fn capitalised(word: &str) -> String {
    let (first, rest) = word.split_at(word.len().min(1));
    first.to_ascii_uppercase() + &rest.to_ascii_lowercase()
}

/// Whether a type gets a definition: aliases, and types that the language has, do not.
pub(crate) fn is_defined(resolve: &Resolve, id: TypeId) -> bool {
    use TypeDefKind as Kind;
    let kind = &resolve.types[id].kind;
    matches!(
        kind,
        Kind::Record(_) | Kind::Variant(_) | Kind::Enum(_) | Kind::Flags(_) | Kind::Resource
    )
}

/// The names taken in one place, so that an invented one differs from all of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scope {
    taken: BTreeSet<String>,
}

impl Scope {
    pub(crate) fn is_taken(&self, name: &str) -> bool {
        self.taken.contains(name)
    }

    /// This name, or with the first number that makes it new.
    pub(crate) fn fresh(&mut self, wanted: &str) -> String {
        let numbered = (2..).map(|number| format!("{wanted}{number}"));
        let mut names = std::iter::once(wanted.to_owned()).chain(numbered);
        let name = names.find(|name| !self.taken.contains(name)).expect("numbers do not end");
        self.taken.insert(name.clone());
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_joined_as_each_kind_of_name_wants_it() {
        assert_eq!(Names::default().value("get-many"), "getMany");
        assert_eq!(member("request-ID"), "requestId");
        assert_eq!(type_name("error-kind"), "ErrorKind");
        assert_eq!(case("not-found"), "NotFound");
        assert_eq!(constant("read-only"), "READ_ONLY");
    }

    #[test]
    fn what_the_language_uses_gets_another_name() {
        let names = Names::new(["types".to_owned()]);
        for (wit, name) in [
            ("store", "store_"),
            ("load", "load_"),
            ("memory", "memory_"),
            ("delete", "delete_"),
            ("type", "type_"),
            ("types", "types_"),
            ("get", "get"),
            ("key", "key"),
        ] {
            assert_eq!(names.value(wit), name);
        }
        assert_eq!(member("store"), "store");
        assert_eq!(member("constructor"), "constructor_");
        assert_eq!(type_name("array"), "Array_");
        assert_eq!(type_name("tuple2"), "Tuple2_");
        assert_eq!(type_name("tuple-of-two"), "TupleOfTwo");
    }

    #[test]
    fn an_invented_name_differs_from_those_before() {
        let mut scope = Scope::default();
        let names: Vec<_> = ["key", "key", "key2"].map(|name| scope.fresh(name)).into();
        assert_eq!(names, ["key", "key2", "key22"]);
    }
}
