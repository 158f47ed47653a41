// Several steps that happen together or not at all.

import { Tuple2 } from "../bindings/abi";
import { Operation } from "../bindings/state";
import { Entry, Removal } from "./entry";

/** Steps in order, for `Store.transact`. */
export class Transaction {
  private steps: Operation[] = [];

  /** Writes an entry. */
  upsert(entry: Entry): this {
    this.steps.push(Operation.upsert(entry.raw()));
    return this;
  }

  /** Removes a key. */
  remove(removal: Removal): this {
    this.steps.push(Operation.remove(removal.raw()));
    return this;
  }

  /** Fails the whole unless the precondition holds; writes nothing. */
  check(removal: Removal): this {
    this.steps.push(Operation.check(removal.raw()));
    return this;
  }

  /** Adds to a decimal integer. */
  increment(key: string, delta: i64): this {
    this.steps.push(Operation.increment(new Tuple2<string, i64>(key, delta)));
    return this;
  }

  /** For the SDK: what the bindings take. */
  raw(): Operation[] {
    return this.steps;
  }
}
