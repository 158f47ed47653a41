//! From what the host wrote to values of AssemblyScript.

use wit_bindgen_core::abi::Instruction;
use wit_bindgen_core::wit_parser::Type;

use crate::arms::Arm;
use crate::body::{Block, Body};
use crate::names;
use crate::scalar::narrowed;
use crate::types::{flags_type, is_nullable, typed_array};

impl Body<'_, '_> {
    /// Writes an instruction that lifts; says whether it is one.
    pub(crate) fn lift(
        &mut self,
        instruction: &Instruction<'_>,
        operands: &[String],
        results: &mut Vec<String>,
    ) -> bool {
        use Instruction as I;
        let value = match instruction {
            I::StringLift => format!("abi.liftString({}, {})", operands[0], operands[1]),
            I::ListCanonLift { element, .. } => {
                let array = typed_array(element).expect("the list is canonical");
                format!("abi.liftArray<{array}>({}, {})", operands[0], operands[1])
            }
            I::RecordLift { ty, .. } => self.made(&Type::Id(*ty), operands),
            I::TupleLift { ty, .. } => self.made(&Type::Id(*ty), operands),
            I::FlagsLift { flags, .. } => match flags.repr().count() {
                // read without a sign: binaryen's -O3 forgets `<u32>` around a signed read
                2 => {
                    let words = [0, 1].map(|word| narrowed("u32", &operands[word]));
                    format!("(<u64>{} | (<u64>{} << 32))", words[0], words[1])
                }
                _ => {
                    let ty = flags_type(flags);
                    match operands[0].starts_with(&format!("load<{ty}>")) {
                        true => operands[0].clone(),
                        false => format!("<{ty}>{}", operands[0]),
                    }
                }
            },
            I::EnumLift { .. } => operands[0].clone(),
            I::HandleLift { handle, .. } => {
                let (object, borrowed) = self.file.lift_handle(handle, &operands[0]);
                self.borrows |= borrowed;
                object
            }
            I::VariantLift { variant, ty, .. } => {
                let ty = self.file.ty(&Type::Id(*ty));
                let tag = self.bind("tag", &operands[0]);
                let blocks = self.take(variant.cases.len());
                let named = names::cases(variant);
                let cases = variant.cases.iter().zip(blocks).enumerate();
                let arms = cases.map(|(place, (case, block))| {
                    let condition = format!("{tag} == {place} /* {} */", case.name);
                    let payload = block.values.concat();
                    let value = format!("{ty}.{}({payload})", named[place].0);
                    (Arm { condition, value }, block)
                });
                let arms = arms.collect();
                self.lift_arms("variant", &ty, arms)
            }
            I::OptionLift { payload, ty } => {
                let ty = self.file.ty(&Type::Id(*ty));
                let [none, some] = self.two();
                let value = some.values.concat();
                let (nothing, something) = if is_nullable(self.file.resolve, payload) {
                    ("null".to_owned(), value)
                } else {
                    let inner = self.file.ty(payload);
                    (format!("abi.none<{inner}>()"), format!("abi.some<{inner}>({value})"))
                };
                let arms = vec![
                    (Arm { condition: format!("{} == 0", operands[0]), value: nothing }, none),
                    (Arm { condition: String::new(), value: something }, some),
                ];
                self.lift_arms("option", &ty, arms)
            }
            I::ResultLift { result, ty } => {
                let ty = self.file.ty(&Type::Id(*ty));
                let sides =
                    (self.file.payload(result.ok.as_ref()), self.file.payload(result.err.as_ref()));
                let sides = format!("{}, {}", sides.0, sides.1);
                let [ok, err] = self.two();
                let value =
                    |block: &Block| block.values.first().cloned().unwrap_or("true".to_owned());
                let (good, bad) = (value(&ok), value(&err));
                let arms = vec![
                    (
                        Arm {
                            condition: format!("{} == 0", operands[0]),
                            value: format!("abi.ok<{sides}>({good})"),
                        },
                        ok,
                    ),
                    (
                        Arm { condition: String::new(), value: format!("abi.err<{sides}>({bad})") },
                        err,
                    ),
                ];
                self.lift_arms("outcome", &ty, arms)
            }
            _ => return false,
        };
        results.push(value);
        true
    }

    fn made(&mut self, ty: &Type, operands: &[String]) -> String {
        format!("new {}({})", self.file.ty(ty), operands.join(", "))
    }

    fn two(&mut self) -> [Block; 2] {
        let mut blocks = self.take(2).into_iter();
        [(); 2].map(|()| blocks.next().unwrap_or_default())
    }
}
