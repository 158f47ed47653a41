//! What a module gets beside its larger memory: two globals, and two functions that its instructions
//! `memory.size` and `memory.grow` become calls of.

use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, Function, FunctionSection, GlobalSection, GlobalType,
    InstructionSink, TypeSection, ValType,
};

/// What both are, in the index spaces of the module.
#[derive(Clone, Copy)]
pub(super) struct Added {
    /// The first of the two types.
    pub(super) types: u32,
    /// The first of the two functions.
    pub(super) functions: u32,
    /// The first of the two globals.
    pub(super) globals: u32,
    /// How many pages the module says that its memory has.
    pub(super) initial: u32,
    /// How many it has beside those.
    pub(super) headroom: u32,
}

const PAGES: ValType = ValType::I32;

impl Added {
    /// `[] -> [pages]`, for `memory.size`.
    pub(super) fn size(&self) -> u32 {
        self.functions
    }

    /// `[pages] -> [pages]`, for `memory.grow`.
    pub(super) fn grow(&self) -> u32 {
        self.functions + 1
    }

    /// The size that the module is told.
    fn told(&self) -> u32 {
        self.globals
    }

    /// The size that the memory has, unless another module grew it.
    fn real(&self) -> u32 {
        self.globals + 1
    }

    pub(super) fn types(&self) -> TypeSection {
        let mut types = TypeSection::new();
        types.ty().function([], [PAGES]);
        types.ty().function([PAGES], [PAGES]);
        types
    }

    pub(super) fn functions(&self) -> FunctionSection {
        let mut functions = FunctionSection::new();
        functions.function(self.types).function(self.types + 1);
        functions
    }

    pub(super) fn globals(&self) -> GlobalSection {
        let pages = GlobalType { val_type: PAGES, mutable: true, shared: false };
        let is = |pages: u32| ConstExpr::i32_const(pages.cast_signed());
        let mut globals = GlobalSection::new();
        globals.global(pages, &is(self.initial)).global(pages, &is(self.initial + self.headroom));
        globals
    }

    pub(super) fn code(&self) -> CodeSection {
        let mut code = CodeSection::new();
        code.function(&self.size_code()).function(&self.grow_code());
        code
    }

    /// Who else has the memory may have grown it: what is left of the headroom is then behind pages
    /// that are somebody's, and is not given to anybody.
    fn size_code(&self) -> Function {
        let (told, real) = (self.told(), self.real());
        body([], |code| {
            code.memory_size(0).global_get(real).i32_ne();
            code.if_(BlockType::Empty);
            code.memory_size(0).global_set(real);
            code.global_get(real).global_set(told);
            code.end();
            code.global_get(told);
        })
    }

    fn grow_code(&self) -> Function {
        let (told, real) = (self.told(), self.real());
        let (by, before, wanted) = (0, 1, 2);
        body([(2, PAGES)], |code| {
            code.call(self.size()).local_tee(before);
            code.local_get(by).i32_add().local_tee(wanted);
            // past 32 bits
            code.local_get(before).i32_lt_u();
            fail_if(code);
            code.local_get(wanted).global_get(real).i32_gt_u();
            code.if_(BlockType::Empty);
            code.local_get(wanted).global_get(real).i32_sub().memory_grow(0);
            code.i32_const(-1).i32_eq();
            fail_if(code);
            code.local_get(wanted).global_set(real);
            code.end();
            code.local_get(wanted).global_set(told);
            code.local_get(before);
        })
    }
}

fn body<const N: usize>(
    locals: [(u32, ValType); N],
    write: impl FnOnce(&mut InstructionSink<'_>),
) -> Function {
    let mut function = Function::new(locals);
    let mut code = function.instructions();
    write(&mut code);
    code.end();
    function
}

fn fail_if(code: &mut InstructionSink<'_>) {
    code.if_(BlockType::Empty).i32_const(-1).return_().end();
}
