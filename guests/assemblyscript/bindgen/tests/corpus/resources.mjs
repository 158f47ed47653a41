// The host of `resources.wit`: numbers for what either side owns.

import assert from "node:assert/strict";

import { call, handle, imported, list, option, record, result, string, u32, u8 } from "../canonical.mjs";

export const alone = true;
const SHELF = "test:resources/shelf";
const POOLS = "test:resources/pools";

/** Handles of the guest's to its own objects. */
class Handles {
  constructor() {
    this.places = new Map();
    this.next = 1;
  }
  add(place) {
    this.places.set(this.next, place);
    return this.next++;
  }
  get(number) {
    assert.ok(this.places.has(number), `no handle ${number}`);
    return this.places.get(number);
  }
  take(number) {
    const place = this.get(number);
    this.places.delete(number);
    return place;
  }
}

export function imports(host) {
  const [books, pools, evens] = [new Handles(), new Handles(), new Handles()];
  host.resources = { books, pools, evens };
  const cx = () => host.cx;
  const drop = (handles, name) => (number) =>
    host.worlds.resources.exports[`${POOLS}#[dtor]${name}`](handles.take(number));
  const own = (handles, name) => ({
    [`[resource-new]${name}`]: (place) => handles.add(place),
    [`[resource-rep]${name}`]: (number) => handles.get(number),
    [`[resource-drop]${name}`]: drop(handles, name),
  });
  return {
    [SHELF]: {
      "[constructor]book": imported(cx, [string], handle, (title) => books.add(title)),
      "[method]book.title": imported(cx, [handle], string, (book) => books.get(book)),
      "[resource-drop]book": (book) => void books.take(book),
    },
    [`[export]${POOLS}`]: { ...own(pools, "pool"), ...own(evens, "even") },
  };
}

/** Calls by name; what is owned goes over as a new handle and comes back as a place. */
function caller(cx, { pools }) {
  const at = (from) => (name, types, returned, ...values) => call(cx, `${from}#${name}`, types, returned, values);
  const [on, other] = [at(POOLS), at("test:resources/other")];
  return {
    on,
    other,
    make: (name) => pools.take(on("[constructor]pool", [string], handle, name)),
    name: (place) => on("[method]pool.name", [handle], string, place),
    drop: (place) => cx.exports[`${POOLS}#[dtor]pool`](place),
    dropped: () => on("dropped", [], list(string)),
  };
}

export function check(host, cx) {
  const { books, pools, evens } = host.resources;
  const { on, other, make, name, drop, dropped } = caller(cx, host.resources);
  dropped();

  // methods, and objects that live as long as the host says
  const [a, b] = [make("a"), make("é💥")];
  assert.notEqual(a, b);
  assert.equal(name(b), "é💥");
  on("[method]pool.rename", [handle, string], null, a, "first");
  assert.equal(on("[method]pool.merge", [handle, handle], string, a, b), "first+é💥");
  assert.equal(on("[method]pool.drop", [handle], u8, a), 7);
  assert.equal(on("look", [list(handle)], string, [a, b, a]), "first,é💥,first");

  // given away, an object is the guest's: nothing is left in the table, and nobody called `drop`
  assert.equal(on("[method]pool.absorb", [handle, handle], string, a, pools.add(b)), "first<é💥");
  assert.equal(pools.places.size, 0);
  assert.deepEqual(dropped(), []);

  // out and in again, in every shape
  const { pool, tag } = on("hold", [handle, string], record({ pool: handle, tag: string }), pools.add(a), "!");
  assert.equal(tag, "!");
  let place = pools.take(pool);
  place = pools.take(on("unhold", [record({ pool: handle, tag: string })], handle, { pool: pools.add(place), tag: "?" }));
  assert.equal(name(place), "first<é💥?");
  const [some, again] = on("maybe", [option(handle)], option(handle), ["some", pools.add(place)]);
  assert.equal(some, "some");
  assert.deepEqual(on("maybe", [option(handle)], option(handle), ["none"]), ["none"]);
  place = pools.take(other("pass", [handle], handle, pools.add(pools.take(again))));
  assert.equal(other("name-of", [handle], string, place), "first<é💥?");
  drop(place);
  assert.deepEqual(dropped(), ["first<é💥?"]);

  // many at once, dropped in any order, their places used again
  const parts = on("[method]pool.split", [handle, u32], list(handle), make("p"), 100).map((one) => pools.take(one));
  assert.equal(new Set(parts).size, 100);
  assert.equal(name(parts[99]), "p99");
  parts.filter((_, at) => at % 2 === 0).forEach(drop);
  const reused = make("new");
  assert.ok(parts.includes(reused));
  assert.equal(name(parts[51]), "p51");
  parts.filter((_, at) => at % 2 === 1).concat([reused]).forEach(drop);
  assert.equal(dropped().length, 101);

  // static functions and constructors that may fail
  const opened = on("[static]pool.open", [string], result(handle, string), "o");
  drop(pools.take(opened[1]));
  assert.deepEqual(dropped(), ["o"]);
  assert.deepEqual(on("[static]pool.open", [string], result(handle, string), ""), ["err", "no name"]);
  const [good, even] = on("[constructor]even", [u32], result(handle, string), 4);
  assert.equal(good, "ok");
  const number = evens.take(even);
  assert.equal(on("[method]even.n", [handle], u32, number), 4);
  cx.exports[`${POOLS}#[dtor]even`](number);
  assert.deepEqual(on("[constructor]even", [u32], result(handle, string), 3), ["err", "odd"]);

  // the host's own: what was lent is back when the call returns
  const lent = ["x", "y", "z"].map((title) => books.add(title));
  assert.equal(on("read", [handle, list(handle)], string, lent[0], lent.slice(1)), "x:y,z");
  assert.equal(books.places.size, 0);
  const swapped = on("swap", [handle], result(handle, string), books.add("t"));
  assert.equal(books.take(swapped[1]), "t2");
  assert.deepEqual(on("swap", [handle], result(handle, string), books.add("")), ["err", "blank"]);
  assert.equal(books.places.size + pools.places.size + evens.places.size, 0);
}

/** A hundred objects a round, all of them dropped. */
export function again(host, cx) {
  const { make, name, drop, dropped } = caller(cx, host.resources);
  for (let i = 0; i < 100; i++) {
    const place = make(`number ${i}`);
    assert.equal(name(place), `number ${i}`);
    drop(place);
    assert.deepEqual(dropped(), [`number ${i}`]);
  }
}
