/** All ways to split some items into groups. */

/** The first group may be empty; the others hold an item or more. The order of groups and items decides between equals. */
export function* partitions<Item>(items: readonly Item[]): Generator<readonly (readonly Item[])[]> {
  const [item, ...rest] = items;
  if (item === undefined) {
    yield [[]];
    return;
  }
  for (const partition of partitions(rest)) {
    for (let index = 0; index < partition.length; index++) {
      yield partition.map((group, at) => (at === index ? [item, ...group] : group));
    }
    yield [...partition, [item]];
  }
}
