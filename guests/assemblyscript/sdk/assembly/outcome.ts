// What becomes of an event.

import { none, some } from "./bindings/abi";
import { Outcome as RawOutcome, OutcomeTag } from "./bindings/event-handler";

/** What is to become of an event. An error or an abort counts as `retry`. */
export class Outcome {
  private constructor(private made: RawOutcome) {}

  /** It is done with. */
  static success(): Outcome {
    return new Outcome(RawOutcome.success());
  }

  /** It is delivered again, when the manifest's `backoff` says. */
  static retry(): Outcome {
    return new Outcome(RawOutcome.retry(none<u64>()));
  }

  /** It is delivered again, not before so many milliseconds have passed. */
  static retryAfter(millis: u64): Outcome {
    return new Outcome(RawOutcome.retry(some<u64>(millis)));
  }

  /** It is never delivered again, and why; it goes to the dead-letter topic where one is set. */
  static drop(why: string): Outcome {
    return new Outcome(RawOutcome.drop(why));
  }

  get isSuccess(): bool {
    return this.made.tag == OutcomeTag.Success;
  }

  get isRetry(): bool {
    return this.made.tag == OutcomeTag.Retry;
  }

  get isDrop(): bool {
    return this.made.tag == OutcomeTag.Drop;
  }

  /** For the SDK: what the bindings take. */
  raw(): RawOutcome {
    return this.made;
  }
}
