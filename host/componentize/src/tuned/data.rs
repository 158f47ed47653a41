//! Data that is copied into a fresh memory.
//!
//! wasmtime makes an image of data whose addresses are constants, one instruction each, and maps it into the
//! slot of the pool that an instance gets. A slot remembers what is mapped, and another component's
//! instance costs several calls of the kernel and a page fault for each page. An address that takes three
//! instructions is worked out at the start of each instance, and the data copied.

use wasm_encoder::{ConstExpr, DataCountSection, DataSection, Section as _, SectionId};
use wasmparser::{DataKind, DataSectionReader, ImportSectionReader, Operator, Result, TypeRef};

use super::section::{HEADER, Section, sections};

/// The most bytes from the first to the last: to copy them costs less than a page fault.
const MOST: u64 = 16 << 10;

const IMPORT: u8 = SectionId::Import as u8;
const DATA_COUNT: u8 = SectionId::DataCount as u8;
const DATA: u8 = SectionId::Data as u8;

/// What is at an address when a memory is fresh.
struct Placed {
    at: u32,
    bytes: Vec<u8>,
}

/// The module whose data is copied; none when it stays as it is.
pub(super) fn copied(module: &[u8]) -> Result<Option<Vec<u8>>> {
    let Some(placed) = placed(module)? else { return Ok(None) };
    let mut out = module[..HEADER].to_vec();
    for section in sections(module)? {
        let section = section?;
        match section.id {
            DATA_COUNT => DataCountSection { count: 1 }.append_to(&mut out),
            DATA => placed.section().append_to(&mut out),
            _ => out.extend_from_slice(section.whole),
        }
    }
    Ok(Some(out))
}

/// All data of a module as one; none when it is not to be copied.
fn placed(module: &[u8]) -> Result<Option<Placed>> {
    let mut placed = None;
    for section in sections(module)? {
        let section = section?;
        match section.id {
            // what another module has written may lie between
            IMPORT if has_memory(&section)? => return Ok(None),
            DATA => placed = joined(&section)?,
            _ => {}
        }
    }
    Ok(placed)
}

fn has_memory(imports: &Section<'_>) -> Result<bool> {
    for import in ImportSectionReader::new(imports.reader())?.into_imports() {
        if matches!(import?.ty, TypeRef::Memory(_)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The segments of a section in one, with zeros between them, which a fresh memory has there.
fn joined(section: &Section<'_>) -> Result<Option<Placed>> {
    let mut segments = Vec::new();
    for data in DataSectionReader::new(section.reader())? {
        let data = data?;
        let DataKind::Active { memory_index: 0, offset_expr } = data.kind else { return Ok(None) };
        let mut offset = offset_expr.get_operators_reader();
        let (Operator::I32Const { value }, Operator::End) = (offset.read()?, offset.read()?) else {
            return Ok(None);
        };
        segments.push((value.cast_unsigned(), data.data));
    }
    let end_of = |(at, data): &(u32, &[u8])| u64::from(*at) + data.len() as u64;
    let first = segments.iter().map(|(at, _)| *at).min();
    let (Some(first), Some(end)) = (first, segments.iter().map(end_of).max()) else {
        return Ok(None);
    };
    let size = end - u64::from(first);
    if size == 0 || size > MOST {
        return Ok(None);
    }
    let mut bytes = vec![0; size as usize];
    for (at, data) in segments {
        let from = (at - first) as usize;
        bytes[from..from + data.len()].copy_from_slice(data);
    }
    Ok(Some(Placed { at: first, bytes }))
}

impl Placed {
    fn section(&self) -> DataSection {
        let address = ConstExpr::i32_const(self.at.cast_signed()).with_i32_const(0).with_i32_add();
        let mut section = DataSection::new();
        section.active(0, &address, self.bytes.iter().copied());
        section
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(fields: &str) -> Option<Vec<u8>> {
        let module = wat::parse_str(format!("(module {fields})")).expect("valid text");
        copied(&module).expect("whole")
    }

    #[test]
    fn segments_become_one_at_an_address_that_is_worked_out() {
        let fields = r#"(memory 1) (data (i32.const 21) "abc") (data (i32.const 10) "x") (data (i32.const 22) "YZ")"#;
        let changed = of(fields).expect("little data");
        let sections: Vec<_> = sections(&changed).expect("a header").flatten().collect();
        let data = sections.iter().find(|section| section.id == DATA).expect("data");
        let segments = DataSectionReader::new(data.reader()).expect("whole").into_iter();
        let segments: Vec<_> = segments.flatten().collect();
        let [segment] = &segments[..] else { panic!("{segments:?}") };
        assert_eq!(segment.data, b"x\0\0\0\0\0\0\0\0\0\0aYZ");
        let DataKind::Active { memory_index: 0, offset_expr } = &segment.kind else {
            panic!("{segment:?}")
        };
        let address: Vec<_> = offset_expr.get_operators_reader().into_iter().flatten().collect();
        let constant = |value| Operator::I32Const { value };
        assert_eq!(address, [constant(10), constant(0), Operator::I32Add, Operator::End]);
    }

    #[test]
    fn what_is_not_little_and_in_its_own_memory_at_known_places_stays() {
        for fields in [
            "",
            "(memory 1)",
            r#"(memory 1) (data (i32.const 0) "")"#,
            r#"(memory 1) (data (i32.const 0) "a") (data "passive")"#,
            r#"(memory 1) (data (i32.const 0) "a") (data (i32.const 16384) "b")"#,
            r#"(memory i64 1) (data (i64.const 0) "a")"#,
            r#"(memory 1) (memory 1) (data (memory 1) (i32.const 0) "a")"#,
            r#"(import "a" "b" (memory 1)) (data (i32.const 0) "a")"#,
            r#"(import "a" "b" (global $at i32)) (memory 1) (data (global.get $at) "a")"#,
            r#"(memory 1) (data (i32.add (i32.const 1) (i32.const 2)) "a")"#,
        ] {
            assert_eq!(of(fields), None, "{fields}");
        }
        assert!(
            of(r#"(memory 1) (data (i32.const 0) "a") (data (i32.const 16383) "b")"#).is_some()
        );
    }
}
