
const borrowed: Array<Handle> = [];

/** Notes a resource that is the guest's for one call only. */
export function borrow<T extends Handle>(handle: T): T {
  borrowed.push(handle);
  return handle;
}

/** At the end of the call. */
export function giveBack(): void {
  while (borrowed.length != 0) borrowed.pop().drop();
}
