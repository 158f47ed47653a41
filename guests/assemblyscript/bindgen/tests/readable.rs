//! What is generated, as a reader finds it.

use std::fs;

use ottavo_bindgen_assemblyscript::{Options, generate};

const WIT: &str = "\
package test:shop@0.1.0;

interface stock {
    /// What is there.
    record item { name: string, count: u32 }

    /// How many, or none of that name.
    find: func(name: string, store: option<u32>) -> option<item>;
}

world shop { import stock; }
";

const EXPECTED: &str = r#"// Generated from WIT by `a test`; not for editing.

import * as abi from "./abi";
import { Option } from "./abi";

// @ts-ignore: decorator
@external("test:shop/stock@0.1.0", "find")
declare function _find(a0: usize, a1: usize, a2: i32, a3: i32, a4: usize): void;

/** What is there. */
export class Item {
  constructor(
    public name: string,
    public count: u32,
  ) {}
}

/** How many, or none of that name. */
export function find(name: string, store_: Option<u32>): Item | null {
  const mark = abi.mark();
  const namePointer = abi.lowerString(name);
  const nameLength = abi.lowered.length;
  let storeCase: i32 = 0;
  let store1: i32 = 0;
  if (store_.isSome) {
    const payload2 = store_.value;
    storeCase = 1;
    store1 = payload2;
  }
  const area = abi.allocate(16, 4);
  _find(namePointer, nameLength, storeCase, store1, area);
  let option: Item | null = null;
  if (load<u8>(area, 0) != 0) {
    option = new Item(abi.liftString(load<usize>(area, 4), load<usize>(area, 8)), load<u32>(area, 12));
  }
  abi.reset(mark);
  return option;
}
"#;

fn generated() -> Vec<(String, String)> {
    generate_from(WIT)
}

fn generate_from(wit: &str) -> Vec<(String, String)> {
    let folder = tempfile::tempdir().expect("a folder for the package");
    let file = folder.path().join("shop.wit");
    fs::write(&file, wit).expect("room for the package");
    let options = Options { generator: "a test".to_owned(), ..Options::default() };
    generate(&file, &options).expect("the package is covered")
}

#[test]
fn an_imported_function_reads_like_one_written_by_hand() {
    let files = generated();
    let names: Vec<_> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["abi.ts", "stock.ts"]);
    assert_eq!(files[1].1, EXPECTED);
}

#[test]
fn the_same_package_gives_the_same_files() {
    assert_eq!(generated(), generated());
}

const RESOURCE: &str = "\
package test:shop@0.1.0;

interface stock {
    resource shelf {
        count: func() -> u32;
    }
    best: func(shelf: shelf) -> shelf;
}

world shop { export stock; }
";

#[test]
fn an_exported_resource_is_a_table_and_the_way_in_and_out() {
    let files = generate_from(RESOURCE);
    let names: Vec<_> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["abi.ts", "entry.ts", "exports.json", "stock.ts"]);
    assert_eq!(files[1].1, include_str!("readable/entry.ts"));
    assert_eq!(files[2].1, include_str!("readable/exports.json"));
    assert_eq!(files[3].1, include_str!("readable/stock.ts"));
}
