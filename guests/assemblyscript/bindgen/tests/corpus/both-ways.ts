// Counts twice as fast as the counter behind it.

import * as inner from "./bindings/counters";
import { Start, StartTag } from "./bindings/exported-counters";

export class Counter {
  private inner: inner.Counter;

  constructor(start: Start) {
    const from = start.tag == StartTag.At ? inner.Start.at(start.asAt) : inner.Start.zero();
    this.inner = inner.Counter.create(from);
  }

  next(): u32 {
    return this.inner.next() * 2;
  }

  drop(): void {
    this.inner.drop();
  }
}

export function make(n: u32): Array<Counter> {
  const made = inner.make(n);
  const all = new Array<Counter>();
  for (let i = 0; i < made.length; i++) {
    made[i].drop();
    all.push(new Counter(Start.at(<u32>i)));
  }
  return all;
}
