/** Options of an `lru-cache` for at most `count` entries. They are counted by size: with its `max` the room for all would be taken at once. */
export function atMost(count: number): { readonly maxSize: number; readonly sizeCalculation: () => number } {
  return { maxSize: count, sizeCalculation: () => 1 };
}
