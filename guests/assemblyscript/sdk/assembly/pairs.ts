// Names with values: headers, parameters, options, details.

import { Tuple2 } from "./bindings/abi";

/** Pairs in order. A name may come more than once. */
export class Pairs {
  private constructor(private list: Array<Tuple2<string, string>>) {}

  /** Without pairs yet. */
  static empty(): Pairs {
    return new Pairs([]);
  }

  /** For the SDK: around what the bindings have, without a copy. */
  static of(list: Array<Tuple2<string, string>>): Pairs {
    return new Pairs(list);
  }

  /** How many there are. */
  get length(): i32 {
    return this.list.length;
  }

  /** The name of one of them. */
  name(index: i32): string {
    return this.list[index].f0;
  }

  /** The value of one of them. */
  value(index: i32): string {
    return this.list[index].f1;
  }

  /** The first value of a name. */
  get(name: string): string | null {
    for (let i = 0; i < this.list.length; i++) {
      if (this.list[i].f0 == name) return this.list[i].f1;
    }
    return null;
  }

  /** Every value of a name. */
  getAll(name: string): string[] {
    const values: string[] = [];
    for (let i = 0; i < this.list.length; i++) {
      if (this.list[i].f0 == name) values.push(this.list[i].f1);
    }
    return values;
  }

  /** Whether the name is there. */
  has(name: string): bool {
    return this.get(name) !== null;
  }

  /** Adds a pair after the others. */
  append(name: string, value: string): this {
    this.list.push(new Tuple2<string, string>(name, value));
    return this;
  }

  /** Adds a pair in place of every other of its name. */
  set(name: string, value: string): this {
    this.delete(name);
    return this.append(name, value);
  }

  /** Removes every pair of a name. */
  delete(name: string): this {
    for (let i = this.list.length - 1; i >= 0; i--) {
      if (this.list[i].f0 == name) this.list.splice(i, 1);
    }
    return this;
  }

  /** For the SDK: what the bindings take. */
  raw(): Array<Tuple2<string, string>> {
    return this.list;
  }
}
