//! Small functions that are much work for a compiler. Nothing ever runs them: they stand beside what a
//! component needs.

use wasm_encoder::{
    BlockType, CodeSection, Function, FunctionSection, Module, TypeSection, ValType,
};

/// Section of a component that holds a core module.
const CORE_MODULE: u8 = 1;

/// Takes minutes: each local is changed in each loop, and each loop is within all before it.
pub(super) fn of_time() -> Vec<u8> {
    bomb(400, 400, 40)
}

/// Takes gigabytes, soon.
pub(super) fn of_memory() -> Vec<u8> {
    bomb(4000, 2000, 1)
}

fn bomb(locals: u32, loops: u32, functions: u32) -> Vec<u8> {
    let mut types = TypeSection::new();
    types.ty().function([ValType::I64], [ValType::I64]);
    let (mut declared, mut code) = (FunctionSection::new(), CodeSection::new());
    for _ in 0..functions {
        declared.function(0);
        code.function(&function(locals, loops));
    }
    let mut module = Module::new();
    module.section(&types).section(&declared).section(&code);
    let module = module.finish();
    let mut section = vec![CORE_MODULE];
    let mut rest = module.len();
    // the length, in seven bits at a time
    while rest >= 0x80 {
        section.push((rest & 0x7f) as u8 | 0x80);
        rest >>= 7;
    }
    section.push(rest as u8);
    section.extend(module);
    section
}

fn function(locals: u32, loops: u32) -> Function {
    let mut function = Function::new([(locals, ValType::I64)]);
    let mut code = function.instructions();
    for round in 0..loops {
        code.loop_(BlockType::Empty);
        for step in 0..8 {
            let (local, from) = (1 + (round * 8 + step) % locals, 1 + (round * 3 + step) % locals);
            code.local_get(local).local_get(from).i64_mul().local_get(0).i64_add().local_set(local);
        }
    }
    for _ in 0..loops {
        code.local_get(0).i32_wrap_i64().br_if(0).end();
    }
    code.local_get(1).end();
    function
}
