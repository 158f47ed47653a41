// Generated from WIT by `cargo xtask gen`; not for editing.

// What all bindings share: memory as the canonical ABI wants it, and the types without a name.

/**
 * Where the host puts what it hands over. The blocks are none of the garbage collector's: `__new`
 * might collect in the middle of a call, `heap.alloc` never does. Whoever lifts a value frees it.
 */
export function cabi_realloc(old: usize, oldSize: usize, align: usize, size: usize): usize {
  if (size == 0) {
    if (oldSize != 0) heap.free(old);
    return align; // aligned, and never read
  }
  return oldSize == 0 ? heap.alloc(size) : heap.realloc(old, size);
}

/** Frees a block that the host filled. */
export function release(pointer: usize, size: usize): void {
  if (size != 0) heap.free(pointer);
}

// The arena for what is lowered: chunks of memory, each with the chunk before it and its own end
// in its first 8 bytes. The first one is static, so that small calls allocate nothing.

const HEADER: usize = 8;
const FIRST: usize = memory.data(1024, 16);
const CHUNK: usize = 8192;

let chunk: usize = FIRST;
let chunkEnd: usize = FIRST + 1024;
let top: usize = FIRST + HEADER;

/** Where the arena stands. */
export function mark(): usize {
  return top;
}

/** Frees what was allocated since `mark`. */
export function reset(mark: usize): void {
  while (mark < chunk || mark > chunkEnd) {
    const before = load<usize>(chunk);
    heap.free(chunk);
    chunk = before;
    chunkEnd = before == FIRST ? FIRST + 1024 : load<usize>(before, 4);
  }
  top = mark;
}

/** Frees everything. */
export function resetAll(): void {
  reset(FIRST + HEADER);
}

/** Room that lives until the next reset. */
export function allocate(size: usize, align: usize): usize {
  if (size == 0) return align;
  let at = (top + align - 1) & ~(align - 1);
  if (at + size > chunkEnd) {
    const room = max<usize>(CHUNK, HEADER + size + align);
    const next = heap.alloc(room);
    store<usize>(next, chunk);
    store<usize>(next, next + room, 4);
    chunk = next;
    chunkEnd = next + room;
    at = (next + HEADER + align - 1) & ~(align - 1);
  }
  top = at + size;
  return at;
}

/** The second half of what `lowerString` returns. */
export namespace lowered {
  /** In bytes. */
  export let length: usize = 0;
}

/** A string in the arena as UTF-8; what is half a character becomes U+FFFD, as in `encodeInto`. */
export function lowerString(text: string): usize {
  const length = <usize>String.UTF8.byteLength(text);
  const pointer = allocate(length, 1);
  const units = changetype<usize>(text);
  String.UTF8.encodeUnsafe(units, text.length, pointer, false, String.UTF8.ErrorMode.REPLACE);
  lowered.length = length;
  return pointer;
}

/** Takes over a string of the host's. */
export function liftString(pointer: usize, length: usize): string {
  if (length == 0) return "";
  const text = String.UTF8.decodeUnsafe(pointer, length);
  heap.free(pointer);
  return text;
}

/** Takes over a list of numbers. */
export function liftArray<T extends ArrayBufferView>(pointer: usize, length: usize): T {
  const array = instantiate<T>(<i32>length);
  if (length != 0) {
    memory.copy(array.dataStart, pointer, <usize>array.byteLength);
    heap.free(pointer);
  }
  return array;
}

/** Nothing, where a type is needed. */
export type Unit = bool;

/** A value or none, for types that have no `null`. */
export class Option<T> {
  constructor(public readonly isSome: bool, private some: T) {}

  /** Only where `isSome`. */
  get value(): T {
    assert(this.isSome, "this option has no value");
    return this.some;
  }
}

export function some<T>(value: T): Option<T> {
  return new Option<T>(true, value);
}

export function none<T>(): Option<T> {
  return new Option<T>(false, zero<T>());
}

/** A value, or why there is none. */
export class Result<T, E> {
  constructor(public readonly isOk: bool, private good: T, private bad: E) {}

  get isErr(): bool {
    return !this.isOk;
  }

  /** Only where `isOk`. */
  get value(): T {
    assert(this.isOk, "this result is an error");
    return this.good;
  }

  /** Only where `isErr`. */
  get error(): E {
    assert(!this.isOk, "this result is no error");
    return this.bad;
  }
}

export function ok<T, E>(value: T): Result<T, E> {
  return new Result<T, E>(true, value, zero<E>());
}

export function err<T, E>(error: E): Result<T, E> {
  return new Result<T, E>(false, zero<T>(), error);
}

/** What stands where no value is; never shown to anybody. */
export function zero<T>(): T {
  if (isReference<T>()) {
    return changetype<T>(0);
  } else {
    return <T>0;
  }
}

/** Objects that the host holds by a number: the garbage collector leaves them alone. */
export class Table<T> {
  private objects: Array<T> = [];
  private free: Array<i32> = [];

  /** The object's number, which is never 0. */
  add(object: T): i32 {
    if (this.free.length == 0) return this.objects.push(object);
    const place = this.free.pop();
    this.objects[place - 1] = object;
    return place;
  }

  has(place: i32): bool {
    return changetype<usize>(unchecked(this.objects[place - 1])) != 0;
  }

  get(place: i32): T {
    return this.objects[place - 1];
  }

  /** The object, which this table holds no longer; its number stays taken. */
  take(place: i32): T {
    const object = this.objects[place - 1];
    this.objects[place - 1] = changetype<T>(0);
    return object;
  }

  /** Lets the number be used again. */
  release(place: i32): void {
    this.free.push(place);
  }
}

export class Tuple2<T0, T1> {
  constructor(public f0: T0, public f1: T1) {}
}
