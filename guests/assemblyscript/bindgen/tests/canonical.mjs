// The canonical ABI from the host's side, written from its definition and not from the generator:
// what both agree on is right. Types are values: `list(string)`, `record({ a: u8 })`.

const number = (size, get, set, flat, same = (value) => value) => ({
  size,
  align: size,
  flat: [flat],
  load: (cx, at) => cx.view()[get](at, true),
  store: (cx, at, value) => cx.view()[set](at, value, true),
  lift: (cx, values) => same(values.next()),
  lower: (cx, value) => [value],
});

const bits = (size) => (value) => value & (size === 1 ? 0xff : 0xffff);
const signed = (size) => (value) => (value << (32 - size * 8)) >> (32 - size * 8);
export const u8 = number(1, "getUint8", "setUint8", "i32", bits(1));
export const s8 = number(1, "getInt8", "setInt8", "i32", signed(1));
export const u16 = number(2, "getUint16", "setUint16", "i32", bits(2));
export const s16 = number(2, "getInt16", "setInt16", "i32", signed(2));
export const u32 = number(4, "getUint32", "setUint32", "i32", (value) => value >>> 0);
export const s32 = number(4, "getInt32", "setInt32", "i32", (value) => value | 0);
export const u64 = number(8, "getBigUint64", "setBigUint64", "i64", (value) => BigInt.asUintN(64, value));
export const s64 = number(8, "getBigInt64", "setBigInt64", "i64", (value) => BigInt.asIntN(64, value));
export const f32 = number(4, "getFloat32", "setFloat32", "f32");
export const f64 = number(8, "getFloat64", "setFloat64", "f64");

const through = (inner, up, down) => ({
  ...inner,
  load: (cx, at) => up(inner.load(cx, at)),
  store: (cx, at, value) => inner.store(cx, at, down(value)),
  lift: (cx, values) => up(inner.lift(cx, values)),
  lower: (cx, value) => inner.lower(cx, down(value)),
});

const one = (byte) => {
  if (byte !== 0 && byte !== 1) throw new Error(`${byte} is no bool`);
  return byte === 1;
};
export const bool = through(u8, one, (value) => (value ? 1 : 0));
export const char = through(u32, (code) => String.fromCodePoint(code), (text) => text.codePointAt(0));
export const handle = u32;

const pointed = (up, down) => ({
  size: 8,
  align: 4,
  flat: ["i32", "i32"],
  load: (cx, at) => up(cx, cx.view().getUint32(at, true), cx.view().getUint32(at + 4, true)),
  store(cx, at, value) {
    const [pointer, length] = down(cx, value);
    cx.view().setUint32(at, pointer, true);
    cx.view().setUint32(at + 4, length, true);
  },
  lift: (cx, values) => up(cx, values.next() >>> 0, values.next() >>> 0),
  lower: (cx, value) => down(cx, value),
});

export const string = pointed(
  (cx, pointer, length) =>
    new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(cx.bytes(pointer, length)),
  (cx, value) => {
    const bytes = new TextEncoder().encode(value);
    const pointer = cx.allocate(bytes.length, 1);
    cx.bytes(pointer, bytes.length).set(bytes);
    return [pointer, bytes.length];
  },
);

export const list = (of) =>
  pointed(
    (cx, pointer, length) => {
      if (pointer % of.align !== 0) throw new Error(`${pointer} is not aligned to ${of.align}`);
      return Array.from({ length }, (_, place) => of.load(cx, pointer + place * of.size));
    },
    (cx, value) => {
      const pointer = cx.allocate(value.length * of.size, of.align);
      value.forEach((item, place) => of.store(cx, pointer + place * of.size, item));
      return [pointer, value.length];
    },
  );

/** A list of fixed length lies there as a tuple does. */
export const fixed = (of, length) => tuple(...Array(length).fill(of));

/** A map is a list of its entries, in order. */
export const map = (key, value) => list(tuple(key, value));

const aligned = (at, align) => Math.ceil(at / align) * align;

/** Fields in order, `pack` and `unpack` between them and the value. */
const fields = (types, pack, unpack) => {
  const align = Math.max(1, ...types.map((type) => type.align));
  let end = 0;
  const offsets = types.map((type) => {
    const at = aligned(end, type.align);
    end = at + type.size;
    return at;
  });
  return {
    size: aligned(end, align),
    align,
    flat: types.flatMap((type) => type.flat),
    load: (cx, at) => pack(types.map((type, place) => type.load(cx, at + offsets[place]))),
    store: (cx, at, value) =>
      unpack(value).forEach((item, place) => types[place].store(cx, at + offsets[place], item)),
    lift: (cx, values) => pack(types.map((type) => type.lift(cx, values))),
    lower: (cx, value) => unpack(value).flatMap((item, place) => types[place].lower(cx, item)),
  };
};

export const tuple = (...types) => fields(types, (items) => items, (value) => value);
export const record = (of) => {
  const names = Object.keys(of);
  const pack = (items) => Object.fromEntries(items.map((item, place) => [names[place], item]));
  return fields(Object.values(of), pack, (value) => names.map((name) => value[name]));
};

const joined = (a, b) => {
  if (a === b) return a;
  return [a, b].every((type) => type === "i32" || type === "f32") ? "i32" : "i64";
};

const scratch = new DataView(new ArrayBuffer(8));
const reinterpret = (set, get) => (value) => {
  scratch[set](0, value);
  return scratch[get](0);
};
const FROM = {
  "f32 i32": reinterpret("setFloat32", "getInt32"),
  "i32 i64": (value) => BigInt(value >>> 0),
  "f32 i64": (value) => BigInt(FROM["f32 i32"](value) >>> 0),
  "f64 i64": reinterpret("setFloat64", "getBigInt64"),
};
const TO = {
  "f32 i32": reinterpret("setInt32", "getFloat32"),
  "i32 i64": (value) => Number(BigInt.asIntN(32, value)),
  "f32 i64": (value) => TO["f32 i32"](Number(BigInt.asIntN(32, value))),
  "f64 i64": reinterpret("setBigInt64", "getFloat64"),
};
const converted = (table, value, from, to) => (from === to ? value : table[`${from} ${to}`](value));

/** `{ name: type or null }`; a value is `[name]` or `[name, payload]`. */
export const variant = (cases) => {
  const names = Object.keys(cases);
  const types = Object.values(cases);
  const tagged = types.length <= 256 ? u8 : u16;
  const align = Math.max(tagged.size, ...types.map((type) => type?.align ?? 1));
  const start = aligned(tagged.size, align);
  const flat = [];
  for (const type of types) {
    (type?.flat ?? []).forEach((one, place) => {
      flat[place] = flat[place] === undefined ? one : joined(flat[place], one);
    });
  }
  const value = (tag, payload) => {
    if (tag >= names.length) throw new Error(`no case ${tag} of ${names}`);
    return types[tag] === null ? [names[tag]] : [names[tag], payload(types[tag])];
  };
  return {
    size: aligned(start + Math.max(0, ...types.map((type) => type?.size ?? 0)), align),
    align,
    flat: ["i32", ...flat],
    load: (cx, at) => value(tagged.load(cx, at), (type) => type.load(cx, at + start)),
    store(cx, at, [name, payload]) {
      tagged.store(cx, at, names.indexOf(name));
      cases[name]?.store(cx, at + start, payload);
    },
    lift(cx, values) {
      const tag = values.next();
      const own = flat.map(() => values.next());
      return value(tag, (type) => {
        const items = type.flat.map((one, place) => converted(TO, own[place], one, flat[place]));
        return type.lift(cx, iterator(items));
      });
    },
    lower(cx, [name, payload]) {
      const type = cases[name];
      const items = type === null ? [] : type.lower(cx, payload);
      const own = flat.map((one, place) => {
        if (place >= items.length) return one === "i64" ? 0n : 0;
        return converted(FROM, items[place], type.flat[place], one);
      });
      return [names.indexOf(name), ...own];
    },
  };
};

export const option = (some) => variant({ none: null, some });
export const result = (ok, err) => variant({ ok, err });
export const enumeration = (...names) =>
  through(variant(Object.fromEntries(names.map((name) => [name, null]))), ([name]) => name, (name) => [name]);
/** A set of flags as a number. */
export const flags = (count) => {
  if (count <= 8) return u8;
  if (count <= 16) return u16;
  return count <= 32 ? u32 : through(tuple(u32, u32), ([low, high]) => [low, high], (value) => value);
};

const iterator = (values) => {
  let place = 0;
  return { next: () => values[place++] };
};

/** Memory of an instance, and how room in it is got. */
export class Context {
  constructor(exports) {
    this.exports = exports;
    this.allocated = 0;
  }
  view() {
    return new DataView(this.exports.memory.buffer);
  }
  bytes(at, length) {
    return new Uint8Array(this.exports.memory.buffer, at, length);
  }
  allocate(size, align) {
    const at = this.exports.cabi_realloc(0, 0, align, size) >>> 0;
    if (at === 0 || at % align !== 0) throw new Error(`cabi_realloc gave ${at} for alignment ${align}`);
    this.allocated += size;
    return at;
  }
}

/** A function of the host, as the guest imports it: `called` gets and gives values. */
export const imported = (cx, parameters, returned, called) => {
  const all = tuple(...parameters);
  return (...values) => {
    const indirect = all.flat.length > 16;
    const items = indirect ? all.load(cx(), values[0] >>> 0) : all.lift(cx(), iterator(values));
    const value = called(...items);
    if (returned === null) return undefined;
    if (returned.flat.length <= 1) return returned.lower(cx(), value)[0];
    const area = values[indirect ? 1 : all.flat.length] >>> 0;
    if (area % returned.align !== 0) throw new Error(`the area at ${area} is not aligned`);
    returned.store(cx(), area, value);
    return undefined;
  };
};

/** Calls a function of the guest's, and frees what it returned. */
export const call = (cx, name, parameters, returned, values) => {
  const all = tuple(...parameters);
  let items;
  if (all.flat.length > 16) {
    const area = cx.allocate(all.size, all.align);
    all.store(cx, area, values);
    items = [area];
  } else {
    items = all.lower(cx, values);
  }
  const given = cx.exports[name](...items);
  if (returned === null) return undefined;
  const value =
    returned.flat.length <= 1 ? returned.lift(cx, iterator([given])) : returned.load(cx, given >>> 0);
  cx.exports[`cabi_post_${name}`]?.(given);
  return value;
};
