// Generated from WIT by `a test`; not for editing.

import { best } from "../index";
import * as abi from "./abi";
import * as stock from "./stock";

// @ts-ignore: decorator
@external("[export]test:shop/stock@0.1.0", "[resource-new]shelf")
declare function _stock_ShelfNew(a0: i32): i32;

// @ts-ignore: decorator
@external("[export]test:shop/stock@0.1.0", "[resource-rep]shelf")
declare function _stock_ShelfRep(a0: i32): i32;

// @ts-ignore: decorator
@external("[export]test:shop/stock@0.1.0", "[resource-drop]shelf")
declare function _stock_ShelfDrop(a0: i32): void;

/** Each `shelf` that the host holds. */
const _stock_ShelfTable = new abi.Table<stock.Shelf>();

/** Hands a `shelf` over to the host. */
function _stock_ShelfGive(object: stock.Shelf): i32 {
  return _stock_ShelfNew(_stock_ShelfTable.add(object));
}

/** Takes a `shelf` back: dropping the handle of one that is no longer in the table only frees its place. */
function _stock_ShelfTake(handle: i32): stock.Shelf {
  const object = _stock_ShelfTable.take(_stock_ShelfRep(handle));
  _stock_ShelfDrop(handle);
  return object;
}

/** `test:shop/stock@0.1.0#[dtor]shelf` */
export function stock_Shelf_drop(place: i32): void {
  if (_stock_ShelfTable.has(place)) {
    const object = _stock_ShelfTable.take(place);
    _stock_ShelfTable.release(place);
    if (isDefined(object.drop)) object.drop();
  } else {
    _stock_ShelfTable.release(place);
  }
}

/** `test:shop/stock@0.1.0#[method]shelf.count` */
export function stock_methodShelfCount(a0: usize): i32 {
  return _stock_ShelfTable.get(<i32>a0).count();
}

/** `test:shop/stock@0.1.0#best` */
export function stock_best(a0: i32): i32 {
  const result = best(_stock_ShelfTake(a0));
  return _stock_ShelfGive(result);
}

export { cabi_realloc } from "./abi";
