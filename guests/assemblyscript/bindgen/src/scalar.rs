//! Numbers: what is read from memory, written to it, and cast.

use wit_bindgen_core::abi::{Bitcast, Instruction};
use wit_bindgen_core::wit_parser::ArchitectureSize;

use crate::body::Body;

impl Body<'_, '_> {
    /// Writes an instruction on numbers; says whether it is one.
    pub(crate) fn scalar(
        &mut self,
        instruction: &Instruction<'_>,
        operands: &[String],
        results: &mut Vec<String>,
    ) -> bool {
        use Instruction as I;
        let read = |ty: &str, offset: &ArchitectureSize| {
            format!("load<{ty}>({}, {})", operands[0], offset.size_wasm32())
        };
        let value = match instruction {
            I::I32Const { val } => val.to_string(),
            I::ConstZero { tys } => {
                results.extend(tys.iter().map(|_| "0".to_owned()));
                return true;
            }
            I::Bitcasts { casts } => {
                results.extend(operands.iter().zip(*casts).map(|(value, how)| cast(value, how)));
                return true;
            }
            I::I32Load { offset } => read("i32", offset),
            I::I32Load8U { offset } => read("u8", offset),
            I::I32Load8S { offset } => read("i8", offset),
            I::I32Load16U { offset } => read("u16", offset),
            I::I32Load16S { offset } => read("i16", offset),
            I::I64Load { offset } => read("i64", offset),
            I::F32Load { offset } => read("f32", offset),
            I::F64Load { offset } => read("f64", offset),
            I::PointerLoad { offset } | I::LengthLoad { offset } => read("usize", offset),
            I::I32Store { offset } => return self.write("i32", "", offset, operands),
            I::I32Store8 { offset } => return self.write("u8", "<u8>", offset, operands),
            I::I32Store16 { offset } => return self.write("u16", "<u16>", offset, operands),
            I::I64Store { offset } => return self.write("i64", "", offset, operands),
            I::F32Store { offset } => return self.write("f32", "", offset, operands),
            I::F64Store { offset } => return self.write("f64", "", offset, operands),
            I::PointerStore { offset } | I::LengthStore { offset } => {
                return self.write("usize", "", offset, operands);
            }
            // the language converts these by itself: none loses bits
            I::I32FromChar
            | I::I32FromU32
            | I::I32FromS32
            | I::I32FromU16
            | I::I32FromS16
            | I::I32FromU8
            | I::I32FromS8
            | I::I32FromBool
            | I::I64FromU64
            | I::I64FromS64
            | I::S32FromI32
            | I::S64FromI64
            | I::CoreF32FromF32
            | I::CoreF64FromF64
            | I::F32FromCoreF32
            | I::F64FromCoreF64 => operands[0].clone(),
            I::S8FromI32 => narrowed("i8", &operands[0]),
            I::U8FromI32 => narrowed("u8", &operands[0]),
            I::S16FromI32 => narrowed("i16", &operands[0]),
            I::U16FromI32 => narrowed("u16", &operands[0]),
            I::U32FromI32 | I::CharFromI32 => narrowed("u32", &operands[0]),
            I::U64FromI64 => narrowed("u64", &operands[0]),
            I::BoolFromI32 => format!("({} != 0)", operands[0]),
            _ => return false,
        };
        results.push(value);
        true
    }

    fn write(
        &mut self,
        ty: &str,
        cast: &str,
        offset: &ArchitectureSize,
        operands: &[String],
    ) -> bool {
        let (value, pointer) = (&operands[0], &operands[1]);
        let offset = offset.size_wasm32();
        let cast = if value.bytes().all(|byte| byte.is_ascii_digit()) { "" } else { cast };
        self.line(&format!("store<{ty}>({pointer}, {cast}{value}, {offset});"));
        true
    }
}

/// A value in fewer bits, unless it was read so.
pub(crate) fn narrowed(ty: &str, value: &str) -> String {
    if value.starts_with(&format!("load<{ty}>")) {
        return value.to_owned();
    }
    match value.strip_prefix("load<i32>").or_else(|| value.strip_prefix("load<i64>")) {
        Some(rest) => format!("load<{ty}>{rest}"),
        None => format!("<{ty}>{value}"),
    }
}

/// Between the types that a variant's arms share.
fn cast(value: &str, how: &Bitcast) -> String {
    match how {
        Bitcast::None
        | Bitcast::I64ToP64
        | Bitcast::P64ToI64
        | Bitcast::I32ToP
        | Bitcast::I32ToL
        | Bitcast::PToL
        | Bitcast::LToP => value.to_owned(),
        Bitcast::I32ToI64 => format!("<i64>(<u32>{value})"),
        Bitcast::F32ToI32 => format!("reinterpret<i32>({value})"),
        Bitcast::F64ToI64 => format!("reinterpret<i64>({value})"),
        Bitcast::F32ToI64 => format!("<i64>(<u32>reinterpret<i32>({value}))"),
        Bitcast::I32ToF32 => format!("reinterpret<f32>({value})"),
        Bitcast::I64ToF64 => format!("reinterpret<f64>({value})"),
        Bitcast::I64ToF32 => format!("reinterpret<f32>(<i32>{value})"),
        Bitcast::I64ToI32 | Bitcast::PToI32 | Bitcast::LToI32 => format!("<i32>{value}"),
        Bitcast::PToP64 | Bitcast::LToI64 => format!("<i64>(<usize>{value})"),
        Bitcast::P64ToP | Bitcast::I64ToL => format!("<usize>{value}"),
        Bitcast::Sequence(both) => {
            let [first, second] = &**both;
            cast(&cast(value, first), second)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_read_in_its_own_type() {
        assert_eq!(narrowed("u8", "load<u8>(area, 0)"), "load<u8>(area, 0)");
        assert_eq!(narrowed("u64", "load<i64>(area, 8)"), "load<u64>(area, 8)");
        assert_eq!(narrowed("u16", "a3"), "<u16>a3");
    }

    #[test]
    fn casts_follow_one_another() {
        let both = Bitcast::Sequence(Box::new([Bitcast::F32ToI32, Bitcast::I32ToI64]));
        assert_eq!(cast("x", &both), "<i64>(<u32>reinterpret<i32>(x))");
    }
}
