// The types and functions of `wit/odd.wit`, and values that are hard on each of them.

import {
  bool, char, enumeration, f32, f64, flags, list, option, record, result, s16, s32, s64, s8, string, tuple,
  u16, u32, u64, u8, variant,
} from "./canonical.mjs";

const plain = record({
  aBool: bool, anU8: u8, anS8: s8, anU16: u16, anS16: s16, anU32: u32, anS32: s32, anU64: u64, anS64: s64,
  anF32: f32, anF64: f64, aChar: char, aString: string,
});
const words = record({
  constructor: u8, default: string, new: u16, delete: bool, in: u32, type: string, this: u64, get: u8, set: u8,
  length: u32, name: string, prototype: u8, store: u32, load: string, memory: u8, null: option(string),
  static: u8, enum: u8, interface: u8, abi: u8, types: u8,
});
const array = enumeration("option", "result", "list", "then");
const map = variant({
  nothing: null, string, float: f32, double: f64, long: s64, byte: u8, both: tuple(string, f64), plain,
  new: list(string), tag: array, nested: option(option(u32)),
});
const tag = enumeration("one", "two");
const few = flags(3);
const many = flags(34);
const maps = list(map);
const tree = record({ maps, few, many, result: result(map, array), tags: list(tag) });

const high = {
  aBool: true, anU8: 255, anS8: -128, anU16: 65535, anS16: -32768, anU32: 4294967295, anS32: -2147483648,
  anU64: 18446744073709551615n, anS64: -9223372036854775808n, anF32: -1.5, anF64: Math.PI, aChar: "\u{10FFFF}",
  aString: "aé€💥\0\u07FF\u0800\uFFFF",
};
const low = {
  aBool: false, anU8: 0, anS8: 127, anU16: 1, anS16: 32767, anU32: 0, anS32: 2147483647, anU64: 0n,
  anS64: 9223372036854775807n, anF32: Infinity, anF64: -0, aChar: "a", aString: "",
};
const word = {
  constructor: 1, default: "d", new: 2, delete: true, in: 3, type: "t", this: 4n, get: 5, set: 6, length: 7,
  name: "n", prototype: 8, store: 9, load: "l", memory: 10, null: ["some", "x"], static: 11, enum: 12,
  interface: 13, abi: 14, types: 15,
};
const every = [
  ["nothing"], ["string", "s💥"], ["string", ""], ["float", 1.5], ["double", 1e300], ["long", -1n], ["byte", 255],
  ["both", ["b", -2.25]], ["plain", high], ["plain", low], ["new", []], ["new", ["", "x", "é".repeat(5000)]],
  ["tag", "then"], ["nested", ["none"]], ["nested", ["some", ["none"]]], ["nested", ["some", ["some", 7]]],
];
const strings = ["", "a", "é€💥", "x".repeat(3000)];
const texts = ["a", "é", "", "💥", "e", "f", "g".repeat(9000), "h", "i"];

/** Name, parameters, result, and calls: the arguments, and what is to come back (the same if absent). */
export const functions = [
  ["a-plain", [plain], plain, [[high], [low]]],
  ["a-words", [words], words, [[word], [{ ...word, null: ["none"] }]]],
  ["a-array", [array], array, [["option"], ["then"]]],
  ["a-map", [map], map, every.map((value) => [value])],
  ["flags-of", [few, many], tuple(few, many), [[5, [0xffffffff, 3]], [0, [1, 2]]]],
  ["a-tree", [tree], tree, [
    [{ maps: every, few: 7, many: [0x80000000, 1], result: ["ok", every[8]], tags: ["two", "one"] }],
    [{ maps: [], few: 0, many: [0, 0], result: ["err", "list"], tags: [] }],
  ]],
  ["a-maps", [maps], maps, [[every], [[]], [every.concat(every)]]],
  ["tag", [tag], tag, [["one"], ["two"]]],
  ["load", [u32, string, list(u8)], tuple(u32, string, list(u8)), [
    [1, "x", [1, 2, 3]], [4294967295, "", []], [0, "y", Array.from({ length: 70000 }, (_, i) => i % 251)],
  ]],
  ["store", [f64, f32], tuple(f64, f32), [[1.25, -0.5], [-Infinity, 0]]],
  ["call", [string, string, string, string, string], list(string), [["a", "b", "c", "d", "é"], ["", "", "", "", ""]]],
  ["delete", [list(string), list(string), list(list(string))], list(list(string)), [
    [strings, [], [strings, [], ["z"]]], [[], strings, []],
  ]],
  ["numbers", [u8, s8, u16, s16, u32, s32, u64].map(list), tuple(...[u8, s8, u16, s16, u32, s32, u64].map(list)), [
    [[0, 255], [-128, 127], [65535], [-32768, 1], [4294967295], [-2147483648], [18446744073709551615n]],
    [[], [], [], [], [], [], []],
  ]],
  ["floats", [list(s64), list(f32), list(f64), list(bool), list(char)],
    tuple(list(s64), list(f32), list(f64), list(bool), list(char)), [
      [[-1n], [0.5, -0.5], [1e-300], [true, false, true], ["a", "💥"]], [[], [], [], [], []],
    ]],
  ["options", [option(u8), option(string), option(option(string)), option(list(u8)), option(f64), option(array)],
    tuple(option(u8), option(string), option(option(string)), option(list(u8)), option(f64), option(array)), [
      [["none"], ["none"], ["none"], ["none"], ["none"], ["none"]],
      [["some", 0], ["some", ""], ["some", ["none"]], ["some", []], ["some", -0], ["some", "option"]],
      [["some", 255], ["some", "é"], ["some", ["some", "x"]], ["some", [9]], ["some", 2.5], ["some", "then"]],
    ]],
  ["results", [result(u32, string), result(null, u8), result(string, null), result(null, null)],
    tuple(result(u32, string), result(null, u8), result(string, null), result(null, null)), [
      [["ok", 7], ["ok"], ["ok", "x"], ["ok"]], [["err", "no"], ["err", 255], ["err"], ["err"]],
    ]],
  ["joined", [result(f32, u64), result(f64, string), result(list(u8), s64), result(f32, string)],
    tuple(result(f32, u64), result(f64, string), result(list(u8), s64), result(f32, string)), [
      [["ok", -1.5], ["ok", 1e300], ["ok", [1, 2]], ["ok", 0.25]],
      [["err", 18446744073709551615n], ["err", "é"], ["err", -9223372036854775808n], ["err", ""]],
    ]],
  ["flat-result", [u8], result(null, null), [[0], [1]]],
  ["char", [char], char, [["a"], ["💥"]]],
  ["nothing", [], null, [[]]],
  ["one", [tuple(u64)], tuple(u64), [[[18446744073709551615n]]]],
  ["a-many", texts.map(() => string), list(string), [texts]],
];

/** What the host answers: what it was given, in the shape of the result. */
export const answer = (name, given) => {
  if (name === "flat-result") return given[0] === 0 ? ["ok"] : ["err"];
  if (name === "delete") return [...given[2], given[0], given[1]];
  if (given.length === 1) return given[0];
  return given;
};
