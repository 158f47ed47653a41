// Generated from WIT by `cargo xtask gen`; not for editing.

import * as abi from "./abi";
import { Option, Tuple2 } from "./abi";

/** A CloudEvents 1.0 event. */
export class Event {
  constructor(
    public id: string,
    public source: string,
    public type_: string,
    public subject: string | null,
    /** RFC 3339. For a schedule: when it was due. */
    public time: string | null,
    public contentType: string,
    /** `subscribe`, `schedule`, `binding` or `watch`; treat what is not known as `subscribe`. */
    public trigger: string,
    /** The name of what it came through: a pub/sub store, a schedule, a binding, a configuration store. */
    public origin: string,
    /** Empty when it came through no topic. */
    public topic: string,
    public data: Uint8Array,
    /** 1 on the first delivery. */
    public attempt: u32,
    public attributes: Array<Tuple2<string, string>>,
  ) {}
}

export enum OutcomeTag {
  Success,
  Retry,
  Drop,
}

export class Outcome {
  private constructor(public readonly tag: OutcomeTag) {}

  static success(): Outcome {
    return new Outcome(OutcomeTag.Success);
  }

  private _retry: Option<u64> = abi.zero<Option<u64>>();

  /** Deliver it again, after this long at the earliest. */
  static retry(payload: Option<u64>): Outcome {
    const made = new Outcome(OutcomeTag.Retry);
    made._retry = payload;
    return made;
  }

  /** What `retry` was given; only where `tag` says so. */
  get asRetry(): Option<u64> {
    assert(this.tag == OutcomeTag.Retry, "this `Outcome` is no `retry`");
    return this._retry;
  }

  private _drop: string = abi.zero<string>();

  /** Never again, and why; goes to the dead-letter topic where one is set. */
  static drop(payload: string): Outcome {
    const made = new Outcome(OutcomeTag.Drop);
    made._drop = payload;
    return made;
  }

  /** What `drop` was given; only where `tag` says so. */
  get asDrop(): string {
    assert(this.tag == OutcomeTag.Drop, "this `Outcome` is no `drop`");
    return this._drop;
  }
}
