// Stands for the global `heap` in generated code under test: blocks that are not freed are counted.

let blocks: i32 = 0;

export function liveBlocks(): i32 {
  return blocks;
}

export namespace heap {
  export function alloc(size: usize): usize {
    blocks++;
    return __alloc(size);
  }

  export function realloc(pointer: usize, size: usize): usize {
    return __realloc(pointer, size);
  }

  export function free(pointer: usize): void {
    blocks--;
    __free(pointer);
  }
}
