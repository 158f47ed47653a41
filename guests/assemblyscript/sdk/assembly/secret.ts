// Secrets in named stores: passwords, tokens, keys.

import { Result as RawResult } from "./bindings/abi";
import * as host from "./bindings/secret";
import { Error as RawError } from "./bindings/types";
import { Error } from "./error";
import { Result, err, ok } from "./result";
import { decode, malformedAt } from "./text";

/** One named store. Making it costs nothing; the manifest's `[needs]` must name it. */
export class Store {
  constructor(
    /** As the host's configuration has it. */
    public readonly name: string,
  ) {}

  /**
   * The secret of a name, or null when it is missing. Without a version, the newest; a store that keeps
   * one version of everything refuses one as `unsupported`.
   */
  get(name: string, version: string | null = null): Result<Secret | null> {
    const outcome: RawResult<host.Bundle | null, RawError> = host.get(this.name, name, version);
    if (outcome.isErr) return err<Secret | null>(Error.of(outcome.error));
    const raw = outcome.value;
    return ok<Secret | null>(raw === null ? null : new Secret(raw));
  }

  /** Every secret that the manifest asks for, by name, each with its one value. */
  all(): Result<Array<Named>> {
    const outcome = host.getBulk(this.name);
    if (outcome.isErr) return err<Array<Named>>(Error.of(outcome.error));
    const raw = outcome.value;
    const all = new Array<Named>(raw.length);
    for (let i = 0; i < raw.length; i++) all[i] = new Named(raw[i].f0, new Secret(raw[i].f1));
    return ok(all);
  }
}

/** A secret with its name. */
export class Named {
  constructor(
    public readonly name: string,
    public readonly secret: Secret,
  ) {}
}

/** What stands under one name: a value, or several by their names. */
export class Secret {
  /** For the SDK: around what the bindings have. */
  constructor(private readonly raw: host.Bundle) {}

  /** Null in a store that keeps one version of everything. */
  get version(): string | null {
    return this.raw.version;
  }

  /** How many values there are. */
  get length(): i32 {
    return this.raw.values.length;
  }

  /** The name of one of them. */
  nameAt(index: i32): string {
    return this.raw.values[index].f0;
  }

  /** One of them. */
  valueAt(index: i32): Uint8Array {
    return this.raw.values[index].f1;
  }

  /** One of several values by its name: `password` of what stands under `db`; null when it is missing. */
  value(name: string): Uint8Array | null {
    for (let i = 0; i < this.length; i++) {
      if (this.nameAt(i) == name) return this.valueAt(i);
    }
    return null;
  }

  /** The bytes of a secret that is one value; `failed-precondition` when others stand under the name. */
  bytes(): Result<Uint8Array> {
    if (this.length == 1) return ok(this.valueAt(0));
    const names: string[] = [];
    for (let i = 0; i < this.length; i++) names.push(this.nameAt(i));
    return err<Uint8Array>(Error.failedPrecondition("the secret has several values: " + names.join(", ")));
  }

  /** The same as text; `data-loss` when it is not UTF-8. */
  text(): Result<string> {
    const bytes = this.bytes();
    if (bytes.isErr) return err<string>(bytes.error);
    if (malformedAt(bytes.value) < 0) return ok(decode(bytes.value));
    return err<string>(Error.dataLoss("reading the secret as text: it is not UTF-8"));
  }

  /** The names, not the values. */
  toString(): string {
    const names: string[] = [];
    for (let i = 0; i < this.length; i++) names.push(this.nameAt(i));
    return "secret(" + names.join(", ") + ")";
  }
}
