// Anything else outside, by its configured name: a webhook, a queue, a mail server.

import * as host from "./bindings/binding";
import { Error } from "./error";
import { Pairs } from "./pairs";
import { Result, err, ok } from "./result";
import { decode, encode, malformedAt } from "./text";

/** One named binding. Making it costs nothing; the manifest's `[needs]` must name it. */
export class Binding {
  constructor(
    /** As the host's configuration has it. */
    public readonly name: string,
  ) {}

  /**
   * Does something outside, with text. What `operation` and `metadata` may be is up to the binding's
   * driver; an operation that it does not know is `unsupported`.
   */
  invoke(operation: string, text: string, metadata: Pairs = Pairs.empty()): Result<Answer> {
    return this.invokeBytes(operation, encode(text), metadata);
  }

  /** The same with bytes. */
  invokeBytes(operation: string, data: Uint8Array, metadata: Pairs = Pairs.empty()): Result<Answer> {
    const outcome = host.invoke_(this.name, operation, data, metadata.raw());
    if (outcome.isErr) return err<Answer>(Error.of(outcome.error));
    return ok(new Answer(outcome.value.data, Pairs.of(outcome.value.metadata)));
  }
}

/** What came back. */
export class Answer {
  constructor(
    public readonly bytes: Uint8Array,
    /** What the driver says of it. A name may stand several times. */
    public readonly metadata: Pairs,
  ) {}

  /** The answer as text; `data-loss` when it is not UTF-8. */
  text(): Result<string> {
    if (malformedAt(this.bytes) < 0) return ok(decode(this.bytes));
    return err<string>(Error.dataLoss("reading the answer as text: it is not UTF-8"));
  }
}
