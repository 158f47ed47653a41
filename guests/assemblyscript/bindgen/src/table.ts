
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
