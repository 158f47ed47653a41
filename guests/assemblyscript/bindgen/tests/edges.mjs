// Types with the values that are hard on them: the least and the most, nothing, one, and many.

import * as canonical from "./canonical.mjs";

/** Edges of one type. */
const MANY = 16;

const integers = (bits, signed) => {
  const most = 2n ** BigInt(signed ? bits - 1 : bits) - 1n;
  const values = [0n, most, signed ? -most - 1n : 1n, most / 3n];
  return bits === 64 ? values : values.map(Number);
};
const floats = [0, -0, 1.5, -Infinity, Infinity, NaN, 2 ** -100];
const strings = ["", "a", "aé€💥\0\u07FF\u0800\uFFFF\u{10FFFF}", "\uFEFFmark", "x".repeat(3000), "é💥".repeat(700)];

const PRIMITIVES = {
  bool: [canonical.bool, [false, true]],
  u8: [canonical.u8, integers(8, false)],
  s8: [canonical.s8, integers(8, true)],
  u16: [canonical.u16, integers(16, false)],
  s16: [canonical.s16, integers(16, true)],
  u32: [canonical.u32, integers(32, false)],
  s32: [canonical.s32, integers(32, true)],
  u64: [canonical.u64, integers(64, false)],
  s64: [canonical.s64, integers(64, true)],
  f32: [canonical.f32, floats],
  f64: [canonical.f64, [...floats, Math.PI, 5e-324, 1.7976931348623157e308]],
  char: [canonical.char, ["a", "\0", "é", "\uD7FF", "\uE000", "💥", "\u{10FFFF}"]],
  string: [canonical.string, strings],
};

export function primitive(name) {
  const known = PRIMITIVES[name];
  if (known === undefined) throw new Error(`no type \`${name}\``);
  return { type: known[0], edges: known[1] };
}

/** For each place the edges of all side by side, the shorter lists again from the start. */
export const side = (all) => {
  const most = Math.max(1, ...all.map((edges) => edges.length));
  return Array.from({ length: most }, (_, at) => all.map((edges) => edges[at % edges.length]));
};
const every = (names, payloads) =>
  names.flatMap((name, at) => (payloads[at] === null ? [[name]] : payloads[at].edges.map((value) => [name, value])));
const typeOf = (one) => one?.type ?? null;

/** How much there is to a value, in words. */
const extent = (value) => {
  if (typeof value === "string") return 1 + value.length / 64;
  if (typeof value !== "object") return 1;
  return Object.values(value).reduce((sum, one) => sum + extent(one), 1);
};

/** Types within types within types have edges without end: so many that they stay cheap. */
export function compound(kind, of, parts) {
  const made = assembled(kind, of, parts);
  let room = 1000;
  const edges = made.edges.filter((value, at) => at < 3 || (at < 2 * MANY && (room -= extent(value)) > 0));
  return { ...made, edges };
}

function assembled(kind, of, parts) {
  const names = parts.map(([name]) => name);
  const types = parts.map(([, type]) => type);
  switch (kind) {
    case "handle":
      return { type: canonical.handle, edges: [], handle: true };
    case "list": {
      const [one, length] = of;
      const cycle = (count, from = 0) => Array.from({ length: count }, (_, at) => one.edges[(at + from) % one.edges.length]);
      if (length !== undefined) {
        return { type: canonical.fixed(one.type, length), edges: one.edges.map((_, from) => cycle(length, from)) };
      }
      const many = one.edges === PRIMITIVES.u8[1] ? 70000 : Math.max(2, Math.floor(400 / extent(one.edges)));
      return { type: canonical.list(one.type), edges: [[], ...one.edges.slice(0, 4).map((edge) => [edge]), one.edges, cycle(many)] };
    }
    case "map": {
      const [key, value] = of;
      const entries = key.edges.map((edge, at) => [edge, value.edges[at % value.edges.length]]);
      return { type: canonical.map(key.type, value.type), edges: [[], entries.slice(0, 1), entries] };
    }
    case "option":
      return { type: canonical.option(of[0].type), edges: every(["none", "some"], [null, of[0]]) };
    case "result": {
      const [ok = null, err = null] = of;
      return { type: canonical.result(typeOf(ok), typeOf(err)), edges: every(["ok", "err"], [ok, err]) };
    }
    case "tuple":
      return { type: canonical.tuple(...of.map(typeOf)), edges: side(of.map((one) => one.edges)) };
    case "record": {
      const type = canonical.record(Object.fromEntries(parts.map(([name, one]) => [name, one.type])));
      const edges = side(types.map((one) => one.edges)).slice(0, MANY);
      return { type, edges: edges.map((values) => Object.fromEntries(values.map((value, at) => [names[at], value]))) };
    }
    case "variant":
      return {
        type: canonical.variant(Object.fromEntries(parts.map(([name, one]) => [name, typeOf(one)]))),
        edges: every(names, types),
      };
    case "enum":
      return { type: canonical.enumeration(...names), edges: [names[0], names.at(-1), names[names.length >> 1]] };
    case "flags": {
      const bits = names.length;
      if (bits > 32) return { type: canonical.flags(bits), edges: [[0, 0], [0xffffffff, 2 ** (bits - 32) - 1], [0x80000000, 1]] };
      return { type: canonical.flags(bits), edges: [0, 2 ** bits - 1, 2 ** (bits - 1)] };
    }
    default:
      throw new Error(`no type \`${kind}<>\``);
  }
}
