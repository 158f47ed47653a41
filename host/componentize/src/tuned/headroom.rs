//! Headroom for the memory of one core module.

use wasm_encoder::{Encode, MemorySection, MemoryType, RawSection, Section as _, SectionId};
use wasmparser::{
    BinaryReader, FunctionBody, FunctionSectionReader, GlobalSectionReader, ImportSectionReader,
    MemorySectionReader, Operator, Result, TypeRef, TypeSectionReader,
};

use super::functions::Added;
use super::section::{HEADER, Section, sections};
use crate::features;

/// The most pages that a memory of 32 bits has.
const MOST_PAGES: u64 = 1 << 16;

/// More types, functions or globals than a valid module has.
const MOST_ENTRIES: u32 = 1 << 24;

/// How the names of sections with debug information begin.
const DEBUG: &str = ".debug_";

const TYPE: u8 = SectionId::Type as u8;
const IMPORT: u8 = SectionId::Import as u8;
const FUNCTION: u8 = SectionId::Function as u8;
const MEMORY: u8 = SectionId::Memory as u8;
const GLOBAL: u8 = SectionId::Global as u8;
const EXPORT: u8 = SectionId::Export as u8;
const START: u8 = SectionId::Start as u8;
const ELEMENT: u8 = SectionId::Element as u8;
const DATA_COUNT: u8 = SectionId::DataCount as u8;
const CODE: u8 = SectionId::Code as u8;
const CUSTOM: u8 = SectionId::Custom as u8;

/// The module with headroom; none when it stays as it is.
pub(super) fn with_headroom(module: &[u8], pages: u32) -> Result<Option<Vec<u8>>> {
    let Some((memory, added)) = plan(module, pages)? else { return Ok(None) };
    let mut out = Vec::with_capacity(module.len() + 256);
    out.extend_from_slice(&module[..HEADER]);
    let (mut grows, mut has_globals) = (false, false);
    for section in sections(module)? {
        let section = section?;
        if matches!(section.id, EXPORT | START | ELEMENT | DATA_COUNT | CODE) && !has_globals {
            added.globals().append_to(&mut out);
            has_globals = true;
        }
        let data = match section.id {
            TYPE => section.with(&added.types())?,
            FUNCTION => section.with(&added.functions())?,
            GLOBAL => {
                has_globals = true;
                section.with(&added.globals())?
            }
            MEMORY => {
                memory.append_to(&mut out);
                continue;
            }
            CODE => match code(&section, &added)? {
                Some(code) => {
                    grows = true;
                    code
                }
                None => return Ok(None),
            },
            _ => {
                out.extend_from_slice(section.whole);
                continue;
            }
        };
        RawSection { id: section.id, data: &data }.append_to(&mut out);
    }
    Ok(grows.then_some(out))
}

/// The memory that it is to have, and what is added; none when it is not one that gets headroom.
fn plan(module: &[u8], pages: u32) -> Result<Option<(MemorySection, Added)>> {
    let mut added = Added { types: 0, functions: 0, globals: 0, initial: 0, headroom: 0 };
    let mut memory = None;
    for section in sections(module)? {
        let section = section?;
        match section.id {
            CUSTOM if section.reader().read_string()?.starts_with(DEBUG) => return Ok(None),
            TYPE => {
                for group in TypeSectionReader::new(section.reader())? {
                    added.types = added.types.saturating_add(group?.types().len() as u32);
                }
            }
            IMPORT => {
                for import in ImportSectionReader::new(section.reader())?.into_imports() {
                    match import?.ty {
                        TypeRef::Func(_) | TypeRef::FuncExact(_) => {
                            added.functions = added.functions.saturating_add(1);
                        }
                        TypeRef::Global(_) => added.globals = added.globals.saturating_add(1),
                        TypeRef::Memory(_) => return Ok(None),
                        TypeRef::Table(_) | TypeRef::Tag(_) => {}
                    }
                }
            }
            FUNCTION => {
                let count = FunctionSectionReader::new(section.reader())?.count();
                added.functions = added.functions.saturating_add(count);
            }
            GLOBAL => {
                let count = GlobalSectionReader::new(section.reader())?.count();
                added.globals = added.globals.saturating_add(count);
            }
            MEMORY => match larger(&section, pages)? {
                Some((section, initial, headroom)) => {
                    (added.initial, added.headroom) = (initial, headroom);
                    memory = Some(section);
                }
                None => return Ok(None),
            },
            _ => {}
        }
    }
    let is_sane = added.types.max(added.functions).max(added.globals) < MOST_ENTRIES;
    Ok(memory.filter(|_| is_sane).map(|memory| (memory, added)))
}

/// The one memory with headroom, the pages that it had and those that it gets.
fn larger(section: &Section<'_>, pages: u32) -> Result<Option<(MemorySection, u32, u32)>> {
    let mut memories = MemorySectionReader::new(section.reader())?.into_iter();
    let (Some(memory), None) = (memories.next().transpose()?, memories.next()) else {
        return Ok(None);
    };
    if memory.memory64 || memory.shared || memory.page_size_log2.is_some() {
        return Ok(None);
    }
    let most = memory.maximum.unwrap_or(MOST_PAGES).min(MOST_PAGES);
    let headroom = most.saturating_sub(memory.initial).min(pages.into());
    let mut section = MemorySection::new();
    section.memory(MemoryType {
        minimum: memory.initial + headroom,
        maximum: memory.maximum,
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    let (initial, headroom) = (memory.initial as u32, headroom as u32);
    Ok((headroom > 0).then_some((section, initial, headroom)))
}

/// The code section; none when nothing in it grows the memory.
fn code(section: &Section<'_>, added: &Added) -> Result<Option<Vec<u8>>> {
    let mut changed = Vec::with_capacity(section.contents.len() + 64);
    let mut bodies = section.reader();
    let mut grows = false;
    let count = bodies.read_var_u32()?;
    count.encode(&mut changed);
    for _ in 0..count {
        let start = bodies.current_position();
        let size = bodies.read_var_u32()?;
        let body = bodies.read_bytes(size as usize)?;
        let calls = calls(body, added)?;
        grows |= calls.iter().any(|call| call.of == added.grow());
        match calls.is_empty() {
            true => changed.extend_from_slice(&section.contents[start..bodies.current_position()]),
            false => replaced(body, &calls).encode(&mut changed),
        }
    }
    if !grows {
        return Ok(None);
    }
    let section = Section { contents: &changed, ..*section };
    section.with(&added.code()).map(Some)
}

/// An instruction that becomes a call.
struct Call {
    from: usize,
    to: usize,
    of: u32,
}

fn calls(body: &[u8], added: &Added) -> Result<Vec<Call>> {
    let reader = BinaryReader::new_features(body, 0, features::ACCEPTED);
    let mut operators = FunctionBody::new(reader).get_operators_reader()?;
    let mut calls = Vec::new();
    while !operators.eof() {
        let from = operators.original_position();
        let of = match operators.read()? {
            Operator::MemorySize { .. } => added.size(),
            Operator::MemoryGrow { .. } => added.grow(),
            _ => continue,
        };
        calls.push(Call { from, to: operators.original_position(), of });
    }
    Ok(calls)
}

fn replaced(body: &[u8], calls: &[Call]) -> Vec<u8> {
    let mut changed = Vec::with_capacity(body.len() + calls.len() * 4);
    let mut end = 0;
    for call in calls {
        changed.extend_from_slice(&body[end..call.from]);
        wasm_encoder::Instruction::Call(call.of).encode(&mut changed);
        end = call.to;
    }
    changed.extend_from_slice(&body[end..]);
    changed
}
