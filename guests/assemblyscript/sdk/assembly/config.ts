// Configuration items in named stores.

import * as host from "./bindings/config";
import { Error } from "./error";
import { Pairs } from "./pairs";
import { Result, done, err, ok } from "./result";

/** Where to look. What is left out is `default`. */
export class Scope {
  constructor(
    /** Whose. */
    public appId: string = "",
    public group: string = "",
    /** Which variant: `blue`, `eu-west`. */
    public label: string = "",
  ) {}

  /** For the SDK: what the bindings take. */
  raw(): host.Scope {
    return new host.Scope(this.appId, this.group, this.label);
  }
}

/** One configuration item. */
export class Item {
  /** Changes with each change; only compared, and ignored by `save`. */
  version: string = "";
  /** Empty: `default`. */
  group: string = "";
  /** Empty: `default`. */
  label: string = "";
  /** For people and programs that choose among items. A name stands once. */
  tags: Pairs = Pairs.empty();
  /** Whatever travels with it. A name stands once. */
  metadata: Pairs = Pairs.empty();

  constructor(
    public key: string,
    public value: string,
  ) {}

  /** Puts it in a scope's group and under its label. */
  inScope(scope: Scope): this {
    this.group = scope.group;
    this.label = scope.label;
    return this;
  }

  /** Adds a tag. */
  tag(name: string, value: string): this {
    this.tags.append(name, value);
    return this;
  }

  /** For the SDK: around what the bindings have. */
  static of(raw: host.Item): Item {
    const item = new Item(raw.key, raw.value);
    item.version = raw.version;
    item.group = raw.group;
    item.label = raw.label;
    item.tags = Pairs.of(raw.tags);
    item.metadata = Pairs.of(raw.metadata);
    return item;
  }

  /** For the SDK: what the bindings take. */
  raw(): host.Item {
    return new host.Item(
      this.key,
      this.value,
      this.version,
      this.group,
      this.label,
      this.tags.raw(),
      this.metadata.raw(),
    );
  }
}

/** One named store. Making it costs nothing; the manifest's `[needs]` must name it. */
export class Store {
  constructor(
    /** As the host's configuration has it. */
    public readonly name: string,
  ) {}

  /** One item, or null when it is missing. */
  get(scope: Scope, key: string): Result<Item | null> {
    const found = this.getMany(scope, [key]);
    if (found.isErr) return err<Item | null>(found.error);
    return ok<Item | null>(found.value.length == 0 ? null : found.value[0]);
  }

  /** The items of the keys that exist, in the order asked. Without keys it is `all`. */
  getMany(scope: Scope, keys: string[]): Result<Array<Item>> {
    const outcome = host.get(this.name, scope.raw(), keys);
    if (outcome.isErr) return err<Array<Item>>(Error.of(outcome.error));
    const items = new Array<Item>(outcome.value.length);
    for (let i = 0; i < items.length; i++) items[i] = Item.of(outcome.value[i]);
    return ok(items);
  }

  /** Every item of the scope that the manifest asks for, in the order of their keys. */
  all(scope: Scope): Result<Array<Item>> {
    return this.getMany(scope, []);
  }

  /** Writes items of an app, new or not. Those of one group and label are written together or not at all. */
  save(appId: string, items: Item[]): Result<bool> {
    const raw = new Array<host.Item>(items.length);
    for (let i = 0; i < raw.length; i++) raw[i] = items[i].raw();
    const outcome = host.save(this.name, appId, raw);
    return outcome.isErr ? err<bool>(Error.of(outcome.error)) : done();
  }

  /** Deletes keys, all or none; one that is missing is fine. At least one key. */
  delete(scope: Scope, keys: string[]): Result<bool> {
    const outcome = host.delete_(this.name, scope.raw(), keys);
    return outcome.isErr ? err<bool>(Error.of(outcome.error)) : done();
  }
}
