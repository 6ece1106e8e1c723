import { expect, it } from "vitest";
import { OperationCode, type HeapOperations } from "../traces/operation.js";
import { BlockLives } from "./blocks.js";

const { malloc, free, realloc } = OperationCode;

/** Each operation with what it returned. */
function followed(
  calls: readonly (readonly [kind: number, argument: number, second: number, payload: number])[],
  freesByRealloc = false,
) {
  const operations: HeapOperations = {
    length: calls.length,
    kind: Uint8Array.from(calls, ([kind]) => kind),
    argument: Uint32Array.from(calls, ([, argument]) => argument),
    second: Uint32Array.from(calls, ([, , second]) => second),
  };
  const lives = new BlockLives(operations, freesByRealloc);
  const live = calls.map(([, , , payload], index) => {
    lives.follow(index, payload);
    return lives.liveBytes;
  });
  const { blocks, failed } = lives.pictures();
  const rows = Array.from(blocks.from, (from, index) => [
    from,
    blocks.to[index],
    blocks.offset[index],
    blocks.bytes[index],
  ]);
  return { rows, live, failed: [...failed] };
}

it("follows blocks from the operation that gets them to the one that ends them", () => {
  expect(
    followed([
      [malloc, 24, 0, 64],
      [malloc, 8, 0, 96],
      [free, 0, 0, -1],
      [malloc, 999, 0, -1],
      [free, 3, 0, -1],
    ]),
  ).toEqual({
    rows: [
      [0, 2, 64, 24],
      [1, 5, 96, 8],
    ],
    live: [24, 32, 8, 8, 8],
    failed: [3],
  });
});

it("ends what a realloc moved, and keeps what one that failed left", () => {
  expect(
    followed([
      [malloc, 24, 0, 64],
      [realloc, 40, 0, 128],
      [realloc, 999, 1, -1],
      [realloc, 0, 1, -1],
    ]),
  ).toEqual({
    rows: [
      [0, 1, 64, 24],
      [1, 4, 128, 40],
    ],
    live: [24, 40, 40, 40],
    failed: [2],
  });
});

it("ends what a realloc to nothing frees, where it does", () => {
  const { rows } = followed(
    [
      [malloc, 24, 0, 64],
      [realloc, 0, 0, -1],
    ],
    true,
  );
  expect(rows).toEqual([[0, 1, 64, 24]]);
});

it("tells each block's tag: malloc's is its number in the tag's bits, and realloc keeps it", () => {
  const operations: HeapOperations = {
    length: 6,
    kind: Uint8Array.of(malloc, malloc, malloc, realloc, OperationCode.calloc, free),
    argument: Uint32Array.of(8, 8, 8, 80, 8, 0),
    second: Uint32Array.of(0, 0, 0, 1, 0, 0),
  };
  const tagsWith = (mask: number) => {
    const lives = new BlockLives(operations, false, mask);
    for (const [index, payload] of [16, 32, 48, 64, 160, -1].entries()) lives.follow(index, payload);
    return lives.pictures().blocks.tag;
  };
  expect([...(tagsWith(3) ?? [])]).toEqual([0, 1, 2, 1, 0]);
  expect([...(tagsWith(1) ?? [])]).toEqual([0, 1, 0, 1, 0]);
  expect(tagsWith(0)).toBeUndefined();
});
