// The host of `both-ways.wit`: counters below, and the guest's own above them.

import assert from "node:assert/strict";

import { call, handle, imported, list, u32, variant } from "../canonical.mjs";

export const alone = true;
const NAME = "test:both-ways/counters";
const start = variant({ zero: null, at: u32 });

export function imports(host) {
  const counters = new Map();
  let next = 1;
  host.counters = counters;
  const cx = () => host.cx;
  const add = (value) => (counters.set(next, value), next++);
  return {
    [NAME]: {
      "[constructor]counter": imported(cx, [start], handle, ([, at = 0]) => add(at)),
      "[method]counter.next": (number) => {
        counters.set(number, counters.get(number) + 1);
        return counters.get(number);
      },
      "[resource-drop]counter": (number) => assert.ok(counters.delete(number)),
      make: imported(cx, [u32], list(handle), (n) => Array.from({ length: n }, () => add(0))),
    },
    // the guest's handles are as good as their places: it never gets one back
    [`[export]${NAME}`]: { "[resource-new]counter": (place) => place },
  };
}

export function check(host, cx) {
  const on = (name, types, returned, ...values) => call(cx, `${NAME}#${name}`, types, returned, values);
  const count = (place) => on("[method]counter.next", [handle], u32, place);
  const one = on("[constructor]counter", [start], handle, ["at", 20]);
  assert.equal(count(one), 42);
  assert.equal(count(one), 44);
  const more = on("make", [u32], list(handle), 3);
  assert.deepEqual(more.map(count), [2, 4, 6]);
  for (const place of [one, ...more]) cx.exports[`${NAME}#[dtor]counter`](place);
  assert.equal(host.counters.size, 0);
}
