//! From values of AssemblyScript to what the host reads.

use wit_bindgen_core::abi::Instruction;
use wit_bindgen_core::wit_parser::Type;

use crate::arms::Arm;
use crate::body::{Body, word};
use crate::names;
use crate::types::is_nullable;

impl Body<'_, '_> {
    /// Writes an instruction that lowers; says whether it is one.
    pub(crate) fn lower(
        &mut self,
        instruction: &Instruction<'_>,
        operands: &[String],
        results: &mut Vec<String>,
    ) -> bool {
        use Instruction as I;
        match instruction {
            I::StringLower { .. } => {
                let wanted = word(&operands[0]);
                let lowered = format!("abi.lowerString({})", operands[0]);
                let pointer = self.bind(&format!("{wanted}Pointer"), &lowered);
                results.push(pointer);
                results.push(self.bind(&format!("{wanted}Length"), "abi.lowered.length"));
            }
            I::ListCanonLower { .. } => {
                let list = self.bind(&word(&operands[0]), &operands[0]);
                results.push(format!("{list}.dataStart"));
                results.push(format!("{list}.length"));
            }
            I::RecordLower { record, .. } => {
                let value = self.bind(&word(&operands[0]), &operands[0]);
                let fields = names::fields(record);
                results.extend(fields.iter().map(|field| format!("{value}.{field}")));
            }
            I::TupleLower { tuple, .. } => {
                let value = self.bind(&word(&operands[0]), &operands[0]);
                results.extend((0..tuple.types.len()).map(|place| format!("{value}.f{place}")));
            }
            I::FlagsLower { flags, .. } => match flags.repr().count() {
                2 => {
                    let value = self.bind(&word(&operands[0]), &operands[0]);
                    results.push(format!("<i32>{value}"));
                    results.push(format!("<i32>({value} >> 32)"));
                }
                _ => results.push(operands[0].clone()),
            },
            I::EnumLower { .. } => results.push(operands[0].clone()),
            I::HandleLower { handle, .. } => {
                results.push(self.file.lower_handle(handle, &operands[0]));
            }
            I::VariantLower { variant, results: types, .. } => {
                let value = self.bind(&word(&operands[0]), &operands[0]);
                let cases = variant.cases.iter().zip(names::cases(variant)).enumerate();
                let arms = cases.map(|(place, (case, (_, named)))| Arm {
                    condition: format!("{value}.tag == {place} /* {} */", case.name),
                    value: match case.ty {
                        Some(_) => format!("{value}.as{named}"),
                        None => String::new(),
                    },
                });
                self.lower_arms(&word(&value), arms.collect(), types, results);
            }
            I::OptionLower { payload, results: types, .. } => {
                let value = self.bind(&word(&operands[0]), &operands[0]);
                let nullable = is_nullable(self.file.resolve, payload);
                let (none, some) = match nullable {
                    true => (format!("{value} === null"), value.clone()),
                    false => (format!("!{value}.isSome"), format!("{value}.value")),
                };
                let arms = [(none, String::new()), (String::new(), some)];
                let arms = arms.map(|(condition, value)| Arm { condition, value }).into();
                self.lower_arms(&word(&value), arms, types, results);
            }
            I::ResultLower { result, results: types, .. } => {
                let value = self.bind(&word(&operands[0]), &operands[0]);
                let side = |ty: &Option<Type>, name: &str| match ty {
                    Some(_) => format!("{value}.{name}"),
                    None => String::new(),
                };
                let arms = [
                    (format!("{value}.isOk"), side(&result.ok, "value")),
                    (String::new(), side(&result.err, "error")),
                ];
                let arms = arms.map(|(condition, value)| Arm { condition, value }).into();
                self.lower_arms(&word(&value), arms, types, results);
            }
            I::Malloc { size, align, .. } => {
                let (size, align) = (size.size_wasm32(), align.align_wasm32());
                results.push(self.bind("area", &format!("abi.allocate({size}, {align})")));
            }
            _ => return false,
        }
        true
    }
}
