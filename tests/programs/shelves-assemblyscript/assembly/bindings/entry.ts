// Generated from WIT by `cargo xtask gen`; not for editing.

import { fullest, gone, pack, unpack } from "../index";
import * as abi from "./abi";
import { Result } from "./abi";
import * as stock from "./stock";

// @ts-ignore: decorator
@external("[export]test:shelves/stock@0.1.0", "[resource-new]shelf")
declare function _stock_ShelfNew(a0: i32): i32;

// @ts-ignore: decorator
@external("[export]test:shelves/stock@0.1.0", "[resource-rep]shelf")
declare function _stock_ShelfRep(a0: i32): i32;

// @ts-ignore: decorator
@external("[export]test:shelves/stock@0.1.0", "[resource-drop]shelf")
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

/** `test:shelves/stock@0.1.0#[dtor]shelf` */
export function stock_Shelf_drop(place: i32): void {
  if (_stock_ShelfTable.has(place)) {
    const object = _stock_ShelfTable.take(place);
    _stock_ShelfTable.release(place);
    if (isDefined(object.drop)) object.drop();
  } else {
    _stock_ShelfTable.release(place);
  }
}

/** `test:shelves/stock@0.1.0#[constructor]shelf` */
export function stock_constructorShelf(a0: usize, a1: usize): i32 {
  const result = new stock.Shelf(abi.liftString(a0, a1));
  return _stock_ShelfGive(result);
}

/** `test:shelves/stock@0.1.0#[method]shelf.put` */
export function stock_methodShelfPut(a0: usize, a1: usize, a2: usize): i32 {
  const list = new Array<string>(<i32>a2);
  for (let i: usize = 0; i < a2; i++) {
    const base = a1 + i * 8;
    list[<i32>i] = abi.liftString(load<usize>(base, 0), load<usize>(base, 4));
  }
  abi.release(a1, a2 * 8);
  return _stock_ShelfTable.get(<i32>a0).put(list);
}

/** What the host reads lies in this value: it lives until post-return. */
let _stock_methodShelfLabelResult: string = abi.zero<string>();
const _stock_methodShelfLabelArea: usize = memory.data(8, 4);

/** `test:shelves/stock@0.1.0#[method]shelf.label` */
export function stock_methodShelfLabel(a0: usize): usize {
  const result = _stock_ShelfTable.get(<i32>a0).label();
  _stock_methodShelfLabelResult = result;
  const resultPointer = abi.lowerString(result);
  const resultLength = abi.lowered.length;
  store<usize>(_stock_methodShelfLabelArea, resultLength, 4);
  store<usize>(_stock_methodShelfLabelArea, resultPointer, 0);
  return _stock_methodShelfLabelArea;
}

/** After the host has read the result of `[method]shelf.label`. */
export function stock_methodShelfLabel_post(_: usize): void {
  abi.resetAll();
  _stock_methodShelfLabelResult = abi.zero<string>();
}

/** `test:shelves/stock@0.1.0#[method]shelf.merge` */
export function stock_methodShelfMerge(a0: usize, a1: i32): void {
  _stock_ShelfTable.get(<i32>a0).merge(_stock_ShelfTake(a1));
}

/** What the host reads lies in this value: it lives until post-return. */
let _stock_staticShelfOpenResult: Result<stock.Shelf, string> = abi.zero<Result<stock.Shelf, string>>();
const _stock_staticShelfOpenArea: usize = memory.data(12, 4);

/** `test:shelves/stock@0.1.0#[static]shelf.open` */
export function stock_staticShelfOpen(a0: usize, a1: usize): usize {
  const result = stock.Shelf.open(abi.liftString(a0, a1));
  _stock_staticShelfOpenResult = result;
  if (result.isOk) {
    const payload = result.value;
    store<u8>(_stock_staticShelfOpenArea, 0, 0);
    store<i32>(_stock_staticShelfOpenArea, _stock_ShelfGive(payload), 4);
  } else {
    const payload2 = result.error;
    store<u8>(_stock_staticShelfOpenArea, 1, 0);
    const payloadPointer = abi.lowerString(payload2);
    const payloadLength = abi.lowered.length;
    store<usize>(_stock_staticShelfOpenArea, payloadLength, 8);
    store<usize>(_stock_staticShelfOpenArea, payloadPointer, 4);
  }
  return _stock_staticShelfOpenArea;
}

/** After the host has read the result of `[static]shelf.open`. */
export function stock_staticShelfOpen_post(_: usize): void {
  abi.resetAll();
  _stock_staticShelfOpenResult = abi.zero<Result<stock.Shelf, string>>();
}

/** What the host reads lies in this value: it lives until post-return. */
let _stock_fullestResult: string | null = null;
const _stock_fullestArea: usize = memory.data(12, 4);

/** `test:shelves/stock@0.1.0#fullest` */
export function stock_fullest(a0: usize, a1: usize): usize {
  const list = new Array<stock.Shelf>(<i32>a1);
  for (let i: usize = 0; i < a1; i++) {
    const base = a0 + i * 4;
    list[<i32>i] = _stock_ShelfTable.get(load<i32>(base, 0));
  }
  abi.release(a0, a1 * 4);
  const result = fullest(list);
  _stock_fullestResult = result;
  if (result === null) {
    store<u8>(_stock_fullestArea, 0, 0);
  } else {
    const payload2 = result;
    store<u8>(_stock_fullestArea, 1, 0);
    const payloadPointer = abi.lowerString(payload2);
    const payloadLength = abi.lowered.length;
    store<usize>(_stock_fullestArea, payloadLength, 8);
    store<usize>(_stock_fullestArea, payloadPointer, 4);
  }
  return _stock_fullestArea;
}

/** After the host has read the result of `fullest`. */
export function stock_fullest_post(_: usize): void {
  abi.resetAll();
  _stock_fullestResult = null;
}

/** What the host reads lies in this value: it lives until post-return. */
let _stock_packResult: stock.Parcel = abi.zero<stock.Parcel>();
const _stock_packArea: usize = memory.data(12, 4);

/** `test:shelves/stock@0.1.0#pack` */
export function stock_pack(a0: i32, a1: usize, a2: usize): usize {
  const result = pack(_stock_ShelfTake(a0), abi.liftString(a1, a2));
  _stock_packResult = result;
  store<i32>(_stock_packArea, _stock_ShelfGive(result.shelf), 0);
  const addressPointer = abi.lowerString(result.address);
  const addressLength = abi.lowered.length;
  store<usize>(_stock_packArea, addressLength, 8);
  store<usize>(_stock_packArea, addressPointer, 4);
  return _stock_packArea;
}

/** After the host has read the result of `pack`. */
export function stock_pack_post(_: usize): void {
  abi.resetAll();
  _stock_packResult = abi.zero<stock.Parcel>();
}

/** `test:shelves/stock@0.1.0#unpack` */
export function stock_unpack(a0: i32, a1: usize, a2: usize): i32 {
  const result = unpack(new stock.Parcel(_stock_ShelfTake(a0), abi.liftString(a1, a2)));
  return _stock_ShelfGive(result);
}

/** What the host reads lies in this value: it lives until post-return. */
let _stock_goneResult: Array<string> = abi.zero<Array<string>>();
const _stock_goneArea: usize = memory.data(8, 4);

/** `test:shelves/stock@0.1.0#gone` */
export function stock_gone(): usize {
  const result = gone();
  _stock_goneResult = result;
  const resultPointer = abi.allocate(result.length * 8, 4);
  for (let i = 0; i < result.length; i++) {
    const element = result[i];
    const base = resultPointer + i * 8;
    const elementPointer = abi.lowerString(element);
    const elementLength = abi.lowered.length;
    store<usize>(base, elementLength, 4);
    store<usize>(base, elementPointer, 0);
  }
  store<usize>(_stock_goneArea, result.length, 4);
  store<usize>(_stock_goneArea, resultPointer, 0);
  return _stock_goneArea;
}

/** After the host has read the result of `gone`. */
export function stock_gone_post(_: usize): void {
  abi.resetAll();
  _stock_goneResult = abi.zero<Array<string>>();
}

export { cabi_realloc } from "./abi";
