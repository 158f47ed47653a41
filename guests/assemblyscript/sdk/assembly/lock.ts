// Mutual exclusion between processes, in named stores.

import * as host from "./bindings/lock";
import { Error } from "./error";
import { Result, done, err, ok } from "./result";

/** What came of unlocking. */
export { Release } from "./bindings/lock";

/** One named store of locks. Making it costs nothing; the manifest's `[needs]` must name it. */
export class Lock {
  constructor(
    /** As the host's configuration has it. */
    public readonly name: string,
  ) {}

  /**
   * Takes a lock for so many milliseconds, after waiting for it as long as `wait` and never beyond the
   * call's deadline; null when any owner still holds it. The host makes up an owner.
   */
  tryLock(resource: string, ttl: u64, wait: u64 = 0): Result<Held | null> {
    return this.claim(resource, null, ttl, wait);
  }

  /** The same by an owner of this name: who else has the same name, is the same. */
  tryLockAs(owner: string, resource: string, ttl: u64, wait: u64 = 0): Result<Held | null> {
    return this.claim(resource, owner, ttl, wait);
  }

  /** Sets a new expiry, so many milliseconds from now; `conflict` when the owner does not hold the lock. */
  renew(resource: string, owner: string, ttl: u64): Result<Lease> {
    const outcome = host.renew(this.name, resource, owner, ttl);
    return outcome.isErr ? err<Lease>(Error.of(outcome.error)) : ok(Lease.of(outcome.value));
  }

  /** Gives a lock back, if this owner holds it. */
  unlock(resource: string, owner: string): Result<host.Release> {
    const outcome = host.unlock(this.name, resource, owner);
    return outcome.isErr ? err<host.Release>(Error.of(outcome.error)) : ok(outcome.value);
  }

  private claim(resource: string, owner: string | null, ttl: u64, wait: u64): Result<Held | null> {
    const outcome = host.tryLock(this.name, resource, owner, ttl, wait);
    if (outcome.isErr) return err<Held | null>(Error.of(outcome.error));
    const lease = outcome.value;
    if (lease === null) return ok<Held | null>(null);
    return ok<Held | null>(new Held(this, resource, Lease.of(lease)));
  }
}

/** Who holds a lock, and for how long. */
export class Lease {
  constructor(
    /** By this name it is renewed and unlocked. */
    public readonly owner: string,
    /** Only grows for a resource. Hand it to what the lock protects, which must refuse a smaller one. */
    public readonly fencingToken: u64,
    /** In milliseconds, until it expires unless renewed. */
    public readonly remaining: u64,
  ) {}

  /** For the SDK: from what the bindings give. */
  static of(raw: host.Lease): Lease {
    return new Lease(raw.owner, raw.fencingToken, raw.remaining);
  }
}

/** A lock of ours. It stays locked until `unlock` is called, or it expires. */
export class Held {
  constructor(
    private readonly store: Lock,
    private readonly resource: string,
    /** As it was taken or last renewed. */
    public lease: Lease,
  ) {}

  /** Only grows for a resource. Hand it to what the lock protects, which must refuse a smaller one. */
  get fencingToken(): u64 {
    return this.lease.fencingToken;
  }

  /** Sets a new expiry, so many milliseconds from now; `conflict` when the lock expired and is lost. */
  renew(ttl: u64): Result<bool> {
    const renewed = this.store.renew(this.resource, this.lease.owner, ttl);
    if (renewed.isErr) return err<bool>(renewed.error);
    this.lease = renewed.value;
    return done();
  }

  /** Gives it back, and says whether it was still held. */
  unlock(): Result<host.Release> {
    return this.store.unlock(this.resource, this.lease.owner);
  }
}
