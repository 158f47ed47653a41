//! The body of one generated function, instruction by instruction of the canonical ABI.
//!
//! Operands are expressions. What the ABI reads from memory stays an expression until it is used,
//! since nothing changes the area between; what has an effect is used exactly once.

use std::mem;

use wit_bindgen_core::abi::{Bindgen, Instruction};
use wit_bindgen_core::wit_parser::{Alignment, ArchitectureSize, Resolve, SizeAlign, Type};

use crate::file::File;
use crate::names::Scope;
use crate::types::typed_array;

/// What the function calls.
pub(crate) enum Callee {
    /// A function of the host, by its declaration.
    Import(String),
    /// What the user wrote, and the variables for its result: the one that keeps the value alive
    /// until post-return, if there is one, and the area that the host reads.
    Export { callee: Written, result: Option<String>, area: String },
}

/// What the user wrote.
pub(crate) enum Written {
    /// A function, or a static one of a class.
    Function(String),
    /// By its class.
    Constructor(String),
    /// By its name; the first argument is the object.
    Method(String),
}

/// Statements with the values that they leave.
#[derive(Default)]
pub(crate) struct Block {
    pub(crate) text: String,
    pub(crate) values: Vec<String>,
    /// In a loop over a list: the element, and where it lies in memory.
    pub(crate) element: Option<String>,
    /// In a loop over a map: the value, and `element` is the key.
    pub(crate) second: Option<String>,
    pub(crate) base: Option<String>,
    /// In an arm of a variant: its payload.
    pub(crate) payload: Option<String>,
}

pub(crate) struct Body<'f, 'a> {
    pub(crate) file: &'f mut File<'a>,
    pub(crate) callee: Callee,
    /// The arguments, as expressions.
    arguments: Vec<String>,
    pub(crate) scope: Scope,
    /// The block that is being written; those around it; those finished and not yet used.
    pub(crate) block: Block,
    outer: Vec<Block>,
    pub(crate) finished: Vec<Block>,
    /// The size and alignment of the area for the result of an export.
    pub(crate) area: Option<(usize, usize)>,
    /// Whether an argument is a resource that the host gets back after the call.
    pub(crate) borrows: bool,
    sizes: SizeAlign,
}

impl<'f, 'a> Body<'f, 'a> {
    pub(crate) fn new(
        file: &'f mut File<'a>,
        callee: Callee,
        arguments: Vec<String>,
        scope: Scope,
    ) -> Body<'f, 'a> {
        let mut sizes = SizeAlign::default();
        sizes.fill(file.resolve);
        Body {
            file,
            callee,
            arguments,
            scope,
            block: Block::default(),
            outer: Vec::new(),
            finished: Vec::new(),
            area: None,
            borrows: false,
            sizes,
        }
    }

    pub(crate) fn line(&mut self, line: &str) {
        self.block.text.push_str(line);
        self.block.text.push('\n');
    }

    /// Evaluates an expression now. What is a variable already stays one.
    pub(crate) fn bind(&mut self, wanted: &str, expression: &str) -> String {
        if expression.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            return expression.to_owned();
        }
        let name = self.scope.fresh(&self.file.shared.names.free(wanted.to_owned()));
        self.line(&format!("const {name} = {expression};"));
        name
    }

    /// The last `count` finished blocks, in order.
    pub(crate) fn take(&mut self, count: usize) -> Vec<Block> {
        self.finished.split_off(self.finished.len() - count)
    }

    /// The call itself; what an import returns stays an expression.
    fn call(&mut self, arguments: &[String], has_result: bool) -> Option<String> {
        let (called, kept) = match &self.callee {
            Callee::Import(function) => {
                let call = format!("{function}({})", arguments.join(", "));
                if !has_result {
                    self.line(&format!("{call};"));
                }
                return has_result.then_some(call);
            }
            Callee::Export { callee, result, .. } => (callee, result.clone()),
        };
        let all = arguments.join(", ");
        let call = match called {
            Written::Function(function) => format!("{function}({all})"),
            Written::Constructor(class) => format!("new {class}({all})"),
            Written::Method(method) => {
                format!("{}.{method}({})", arguments[0], arguments[1..].join(", "))
            }
        };
        let result = has_result.then(|| self.scope.fresh("result"));
        match &result {
            None => self.line(&format!("{call};")),
            Some(result) => self.line(&format!("const {result} = {call};")),
        }
        if let (Some(kept), Some(result)) = (kept, &result) {
            self.line(&format!("{kept} = {result};"));
        }
        if self.borrows {
            self.line("abi.giveBack();");
        }
        result
    }

    fn give_back(&mut self, values: &[String]) {
        match &self.callee {
            Callee::Import(_) => {
                let value = values.first().map(|value| self.bind("result", value));
                self.line("abi.reset(mark);");
                if let Some(value) = value {
                    self.line(&format!("return {value};"));
                }
            }
            Callee::Export { .. } => {
                if let Some(value) = values.first() {
                    self.line(&format!("return {value};"));
                }
            }
        }
    }
}

/// A word for a value, from the expression that gives it: `entry.key` is a `key`.
pub(crate) fn word(expression: &str) -> String {
    // an element is called as its list is
    let expression = expression.split('[').next().unwrap_or_default();
    let last = expression.rsplit(['.', '(', ' ']).next().unwrap_or_default();
    let clean = last.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    match clean.starts_with(|c: char| c.is_ascii_lowercase()) {
        true => clean.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned(),
        false => "value".to_owned(),
    }
}

impl Bindgen for Body<'_, '_> {
    type Operand = String;

    fn emit(
        &mut self,
        _: &Resolve,
        instruction: &Instruction<'_>,
        operands: &mut Vec<String>,
        results: &mut Vec<String>,
    ) {
        match instruction {
            Instruction::GetArg { nth } => results.push(self.arguments[*nth].clone()),
            Instruction::CallWasm { sig, .. } => {
                results.extend(self.call(operands, !sig.results.is_empty()));
            }
            Instruction::CallInterface { func, .. } => {
                results.extend(self.call(operands, func.result.is_some()));
            }
            Instruction::Return { .. } => self.give_back(operands),
            Instruction::Flush { amt } => {
                for operand in operands.iter().take(*amt) {
                    let value = self.bind("result", operand);
                    results.push(value);
                }
            }
            // parameters too many to be flat: the host allocated the area
            Instruction::GuestDeallocate { .. } => {
                self.line(&format!("heap.free({});", operands[0]));
            }
            Instruction::IterElem { .. } => {
                let name = self.scope.fresh("element");
                self.block.element = Some(name.clone());
                results.push(name);
            }
            Instruction::IterMapKey { .. } => {
                let name = self.scope.fresh("key");
                self.block.element = Some(name.clone());
                results.push(name);
            }
            Instruction::IterMapValue { .. } => {
                let name = self.scope.fresh("value");
                self.block.second = Some(name.clone());
                results.push(name);
            }
            // asked for twice where a map is lowered
            Instruction::IterBasePointer => {
                let name = match self.block.base.take() {
                    Some(known) => known,
                    None => self.scope.fresh("base"),
                };
                self.block.base = Some(name.clone());
                results.push(name);
            }
            Instruction::VariantPayloadName => {
                let name = self.scope.fresh("payload");
                self.block.payload = Some(name.clone());
                results.push(name);
            }
            _ => {
                let done = self.scalar(instruction, operands, results)
                    || self.lower(instruction, operands, results)
                    || self.lift(instruction, operands, results)
                    || self.lists(instruction, operands, results);
                assert!(done, "{instruction:?} was not refused before");
            }
        }
    }

    fn return_pointer(&mut self, size: ArchitectureSize, align: Alignment) -> String {
        let (size, align) = (size.size_wasm32(), align.align_wasm32());
        match &self.callee {
            Callee::Import(_) => self.bind("area", &format!("abi.allocate({size}, {align})")),
            Callee::Export { area, .. } => {
                self.area = Some((size, align));
                area.clone()
            }
        }
    }

    fn push_block(&mut self) {
        self.outer.push(mem::take(&mut self.block));
    }

    fn finish_block(&mut self, values: &mut Vec<String>) {
        let around = self.outer.pop().expect("a block ends only after it began");
        let mut block = mem::replace(&mut self.block, around);
        block.values = mem::take(values);
        self.finished.push(block);
    }

    fn sizes(&self) -> &SizeAlign {
        &self.sizes
    }

    fn is_list_canonical(&self, _: &Resolve, element: &Type) -> bool {
        typed_array(element).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::word;

    #[test]
    fn a_value_is_called_after_where_it_comes_from() {
        assert_eq!(word("entry.key"), "key");
        assert_eq!(word("key2"), "key");
        assert_eq!(word("names[1]"), "names");
        assert_eq!(word("payload"), "payload");
        assert_eq!(word("load<u8>(area, 4)"), "value");
    }
}
