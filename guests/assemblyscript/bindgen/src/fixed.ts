
/** A list of fixed length, if it has that length. */
export function sized<T>(list: StaticArray<T>, length: i32): StaticArray<T> {
  assert(list.length == length, "a list of fixed length has another length");
  return list;
}
