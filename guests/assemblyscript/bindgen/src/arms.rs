//! Variants, options and results become `if`s: one arm per case.

use wit_bindgen_core::abi::WasmType;

use crate::body::{Block, Body};

/// One case.
pub(crate) struct Arm {
    /// When it is this one; not looked at in the last arm.
    pub(crate) condition: String,
    /// Lowering: the payload. Lifting: the whole value. Empty when there is none.
    pub(crate) value: String,
}

impl Body<'_, '_> {
    /// Lowers: each arm leaves the same flat values, which are the results.
    pub(crate) fn lower_arms(
        &mut self,
        wanted: &str,
        arms: Vec<Arm>,
        types: &[WasmType],
        results: &mut Vec<String>,
    ) {
        let blocks = self.take(arms.len());
        let variables: Vec<String> = types
            .iter()
            .enumerate()
            .map(|(place, ty)| {
                let name =
                    if place == 0 { format!("{wanted}Case") } else { format!("{wanted}{place}") };
                let name = self.scope.fresh(&name);
                self.line(&format!("let {name}: {} = 0;", flat(*ty)));
                name
            })
            .collect();
        let arms = arms.into_iter().zip(blocks).map(|(arm, block)| {
            let mut text = match (&block.payload, arm.value.is_empty()) {
                (Some(payload), false) if block.uses(payload) => {
                    format!("const {payload} = {};\n", arm.value)
                }
                _ => String::new(),
            };
            text.push_str(&block.text);
            for (variable, value) in variables.iter().zip(&block.values) {
                if value != "0" {
                    text.push_str(&format!("{variable} = {value};\n"));
                }
            }
            (arm.condition, text)
        });
        let arms: Vec<_> = arms.collect();
        self.write_arms(arms);
        results.extend(variables);
    }

    /// Lifts: the arms' values are of type `ty`.
    pub(crate) fn lift_arms(&mut self, wanted: &str, ty: &str, arms: Vec<(Arm, Block)>) -> String {
        let name = self.scope.fresh(wanted);
        let zero = self.file.zero(ty);
        self.line(&format!("let {name}: {ty} = {zero};"));
        let arms = arms.into_iter().map(|(arm, block)| {
            let set = if arm.value == zero {
                String::new()
            } else {
                format!("{name} = {};\n", arm.value)
            };
            (arm.condition, block.text + &set)
        });
        let arms: Vec<_> = arms.collect();
        self.write_arms(arms);
        name
    }

    fn write_arms(&mut self, arms: Vec<(String, String)>) {
        let last = arms.len() - 1;
        let negated = arms.first().map(|(first, _)| negated(first)).unwrap_or_default();
        let all_needed = arms.iter().all(|(_, text)| !text.is_empty());
        let mut before = "";
        for (place, (condition, text)) in arms.into_iter().enumerate() {
            // an arm with nothing to do is left out, and then the last one needs its condition
            if text.is_empty() {
                continue;
            }
            let condition = if condition.is_empty() { &negated } else { &condition };
            match (place == last && all_needed, last) {
                (true, 0) => self.line("{"),
                (true, _) => self.line("} else {"),
                (false, _) => self.line(&format!("{before}if ({condition}) {{")),
            }
            self.block.text.push_str(&text);
            before = "} else ";
        }
        if !before.is_empty() {
            self.line("}");
        }
    }
}

/// The opposite of the first of two conditions.
fn negated(condition: &str) -> String {
    if let Some(positive) = condition.strip_prefix('!') {
        return positive.to_owned();
    }
    for (is, is_not) in [(" === ", " !== "), (" == ", " != ")] {
        if condition.contains(is) {
            return condition.replacen(is, is_not, 1);
        }
    }
    format!("!{condition}")
}

impl Block {
    fn uses(&self, name: &str) -> bool {
        self.text.contains(name) || self.values.iter().any(|value| value.contains(name))
    }
}

/// A flat type of the canonical ABI.
pub(crate) fn flat(ty: WasmType) -> &'static str {
    match ty {
        WasmType::I32 => "i32",
        WasmType::I64 | WasmType::PointerOrI64 => "i64",
        WasmType::F32 => "f32",
        WasmType::F64 => "f64",
        WasmType::Pointer | WasmType::Length => "usize",
    }
}

#[cfg(test)]
mod tests {
    use super::negated;

    #[test]
    fn the_second_of_two_arms_has_the_opposite_condition() {
        assert_eq!(negated("key === null"), "key !== null");
        assert_eq!(negated("load<u8>(area, 0) == 0"), "load<u8>(area, 0) != 0");
        assert_eq!(negated("!some.isSome"), "some.isSome");
        assert_eq!(negated("outcome.isOk"), "!outcome.isOk");
    }
}
