// Ids that are unique for ever, and grow, in named stores.

import * as host from "./bindings/sequencer";
import { Error } from "./error";
import { Result, err, ok } from "./result";

/** How the ids of a key follow each other. */
export { Order } from "./bindings/sequencer";

/** A block of ids, `last` included. */
export class Range {
  constructor(
    public readonly first: u64,
    public readonly last: u64,
  ) {}
}

/** One named store of ids. Making it costs nothing; the manifest's `[needs]` must name it. */
export class Sequencer {
  constructor(
    /** As the host's configuration has it. */
    public readonly name: string,
  ) {}

  /** The next id of a key, from 1 to 2^53 - 1; `exhausted` when none is left. */
  next(key: string, order: host.Order): Result<u64> {
    const outcome = host.next(this.name, key, order);
    return outcome.isErr ? err<u64>(Error.of(outcome.error)) : ok(outcome.value);
  }

  /** The next ids of a key, one after the other; `size` is from 1 to 1,000,000. */
  nextRange(key: string, order: host.Order, size: u32): Result<Range> {
    const outcome = host.nextRange(this.name, key, order, size);
    if (outcome.isErr) return err<Range>(Error.of(outcome.error));
    return ok(new Range(outcome.value.first, outcome.value.last));
  }
}
