
/** A resource of the host's. Nothing gives it back by itself: `drop` does. */
export abstract class Handle {
  /** Its number, or 0 when it was given away or dropped. */
  constructor(public handle: i32) {}

  /** Hands the resource over: this object holds it no longer. */
  take(): i32 {
    const handle = this.handle;
    assert(handle != 0, "this resource was given away or dropped");
    this.handle = 0;
    return handle;
  }

  abstract drop(): void;
}
