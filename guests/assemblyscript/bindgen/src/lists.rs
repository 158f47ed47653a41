//! Lists of both kinds, and maps: loops over what lies in memory.

use wit_bindgen_core::abi::{Bindgen, Instruction};
use wit_bindgen_core::wit_parser::{ArchitectureSize, Type};

use crate::body::{Body, word};

impl Body<'_, '_> {
    /// Writes an instruction on lists or maps; says whether it is one.
    pub(crate) fn lists(
        &mut self,
        instruction: &Instruction<'_>,
        operands: &[String],
        results: &mut Vec<String>,
    ) -> bool {
        use Instruction as I;
        match instruction {
            I::ListLower { element, .. } => self.lower_list(element, &operands[0], results),
            I::ListLift { element, .. } => results.push(self.lift_list(element, operands)),
            I::MapLower { key, value, .. } => self.lower_map(key, value, &operands[0], results),
            I::MapLift { key, value, .. } => results.push(self.lift_map(key, value, operands)),
            I::FixedLengthListLower { size, .. } => {
                let list = self.sized(&operands[0], *size);
                results.extend((0..*size).map(|at| format!("{list}[{at}]")));
            }
            I::FixedLengthListLowerToMemory { element, size, .. } => {
                self.lower_fixed(element, *size, operands);
            }
            I::FixedLengthListLift { element, size, .. } => {
                let list = self.new_fixed(element, *size);
                for (at, value) in operands.iter().enumerate() {
                    self.line(&format!("{list}[{at}] = {value};"));
                }
                results.push(list);
            }
            I::FixedLengthListLiftFromMemory { element, size, .. } => {
                results.push(self.lift_fixed(element, *size, &operands[0]));
            }
            _ => return false,
        }
        true
    }

    fn lower_list(&mut self, element: &Type, list: &str, results: &mut Vec<String>) {
        let block = self.take(1).remove(0);
        let size = self.sizes().size(element).size_wasm32();
        let align = self.sizes().align(element).align_wasm32();
        let list = self.bind(&word(list), list);
        let area = format!("abi.allocate({list}.length * {size}, {align})");
        let pointer = self.bind(&format!("{}Pointer", word(&list)), &area);
        let at = self.scope.fresh("i");
        self.line(&format!("for (let {at} = 0; {at} < {list}.length; {at}++) {{"));
        if let Some(element) = &block.element {
            self.line(&format!("const {element} = {list}[{at}];"));
        }
        if let Some(base) = &block.base {
            self.line(&format!("const {base} = {pointer} + {at} * {size};"));
        }
        self.block.text.push_str(&block.text);
        self.line("}");
        results.push(pointer);
        results.push(format!("{list}.length"));
    }

    fn lift_list(&mut self, element: &Type, operands: &[String]) -> String {
        let block = self.take(1).remove(0);
        let size = self.sizes().size(element).size_wasm32();
        let ty = self.file.ty(element);
        let pointer = self.bind("pointer", &operands[0]);
        let count = self.bind("count", &operands[1]);
        let list = self.bind("list", &format!("new Array<{ty}>(<i32>{count})"));
        let at = self.scope.fresh("i");
        self.line(&format!("for (let {at}: usize = 0; {at} < {count}; {at}++) {{"));
        if let Some(base) = &block.base {
            self.line(&format!("const {base} = {pointer} + {at} * {size};"));
        }
        self.block.text.push_str(&block.text);
        self.line(&format!("{list}[<i32>{at}] = {};", block.values.concat()));
        self.line("}");
        self.line(&format!("abi.release({pointer}, {count} * {size});"));
        list
    }

    /// The size and the alignment of an entry.
    fn entry(&self, key: &Type, value: &Type) -> (usize, usize) {
        let info = self.sizes().record([key, value]);
        let size: ArchitectureSize = info.size;
        (size.size_wasm32(), info.align.align_wasm32())
    }

    fn lower_map(&mut self, key: &Type, value: &Type, map: &str, results: &mut Vec<String>) {
        let block = self.take(1).remove(0);
        let (size, align) = self.entry(key, value);
        let map = self.bind(&word(map), map);
        let keys = self.bind("keys", &format!("{map}.keys()"));
        let values = self.bind("values", &format!("{map}.values()"));
        let area = format!("abi.allocate({keys}.length * {size}, {align})");
        let pointer = self.bind(&format!("{}Pointer", word(&map)), &area);
        let at = self.scope.fresh("i");
        self.line(&format!("for (let {at} = 0; {at} < {keys}.length; {at}++) {{"));
        for (name, list) in [(&block.element, &keys), (&block.second, &values)] {
            if let Some(name) = name {
                self.line(&format!("const {name} = {list}[{at}];"));
            }
        }
        if let Some(base) = &block.base {
            self.line(&format!("const {base} = {pointer} + {at} * {size};"));
        }
        self.block.text.push_str(&block.text);
        self.line("}");
        results.push(pointer);
        results.push(format!("{keys}.length"));
    }

    fn lift_map(&mut self, key: &Type, value: &Type, operands: &[String]) -> String {
        let block = self.take(1).remove(0);
        let (size, _) = self.entry(key, value);
        let (key, value) = (self.file.ty(key), self.file.ty(value));
        let pointer = self.bind("pointer", &operands[0]);
        let count = self.bind("count", &operands[1]);
        let map = self.bind("map", &format!("new Map<{key}, {value}>()"));
        let at = self.scope.fresh("i");
        self.line(&format!("for (let {at}: usize = 0; {at} < {count}; {at}++) {{"));
        if let Some(base) = &block.base {
            self.line(&format!("const {base} = {pointer} + {at} * {size};"));
        }
        self.block.text.push_str(&block.text);
        self.line(&format!("{map}.set({});", block.values.join(", ")));
        self.line("}");
        self.line(&format!("abi.release({pointer}, {count} * {size});"));
        map
    }

    fn new_fixed(&mut self, element: &Type, size: u32) -> String {
        let ty = self.file.ty(element);
        self.bind("list", &format!("new StaticArray<{ty}>({size})"))
    }

    /// The list, after its length was looked at.
    fn sized(&mut self, list: &str, size: u32) -> String {
        self.bind(&format!("{}Sized", word(list)), &format!("abi.sized({list}, {size})"))
    }

    fn lower_fixed(&mut self, element: &Type, size: u32, operands: &[String]) {
        let block = self.take(1).remove(0);
        let step = self.sizes().size(element).size_wasm32();
        let list = self.sized(&operands[0], size);
        let area = self.bind("area", &operands[1]);
        let at = self.scope.fresh("i");
        self.line(&format!("for (let {at} = 0; {at} < {size}; {at}++) {{"));
        if let Some(element) = &block.element {
            self.line(&format!("const {element} = {list}[{at}];"));
        }
        if let Some(base) = &block.base {
            self.line(&format!("const {base} = {area} + {at} * {step};"));
        }
        self.block.text.push_str(&block.text);
        self.line("}");
    }

    fn lift_fixed(&mut self, element: &Type, size: u32, area: &str) -> String {
        let block = self.take(1).remove(0);
        let step = self.sizes().size(element).size_wasm32();
        let area = self.bind("area", area);
        let list = self.new_fixed(element, size);
        let at = self.scope.fresh("i");
        self.line(&format!("for (let {at} = 0; {at} < {size}; {at}++) {{"));
        if let Some(base) = &block.base {
            self.line(&format!("const {base} = {area} + {at} * {step};"));
        }
        self.block.text.push_str(&block.text);
        self.line(&format!("{list}[{at}] = {};", block.values.concat()));
        self.line("}");
        list
    }
}
