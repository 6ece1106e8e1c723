import { describe, expect, it } from "vitest";
import type { Image } from "../toolchain/image.js";
import type { Trace, TraceOperation } from "../traces/operation.js";
import { peakBytes } from "../traces/peak.js";
import { address, bytes } from "../units.js";
import { BlockMap } from "./block-map.js";
import {
  batchesByRealloc,
  dependsOnFailures,
  lowerForPeer,
  unforeseenFailures,
  withFrees,
} from "./lower-for-peer.js";

const trace = (...operations: TraceOperation[]): Trace => ({ name: "test", header: new Map(), operations });
const malloc = (id: number, size: number): TraceOperation => ({ kind: "malloc", id, size });
const realloc = (id: number, size: number): TraceOperation => ({ kind: "realloc", id, size });
const free = (id: number): TraceOperation => ({ kind: "free", id });

describe("a trace for a peer", () => {
  const grown = trace(malloc(0, 8), realloc(0, 16), free(0));

  it("has a realloc that frees the old block where nothing is known to fail", () => {
    const { operations } = lowerForPeer(grown, false);
    expect([...operations.kind]).toEqual([1, 1, 2, 2]);
    expect([...operations.argument]).toEqual([8, 16, 0, 1]);
  });

  it("keeps the old block of a realloc that is known to fail", () => {
    const { operations } = lowerForPeer(grown, false, new Set([1]));
    expect([...operations.kind]).toEqual([1, 1, 2]);
    expect([...operations.argument]).toEqual([8, 16, 0]);
  });

  it("may have batches that end where a realloc may have failed", () => {
    const two = trace(malloc(0, 8), realloc(0, 16), malloc(1, 4), realloc(1, 5), free(1));
    expect(batchesByRealloc(lowerForPeer(two, false), two)).toEqual([2, 5, 7]);
    expect(batchesByRealloc(lowerForPeer(two, false, new Set([3])), two)).toEqual([2, 5, 6]);
    const last = trace(malloc(0, 8), realloc(0, 16));
    expect(batchesByRealloc(lowerForPeer(last, false, new Set([1])), last)).toEqual([2]);
  });

  it("tells which requests failed unforeseen", () => {
    const failures = (failing: ReadonlySet<number>, results: readonly number[]) =>
      unforeseenFailures(lowerForPeer(grown, false, failing), Uint32Array.from(results), 0, results.length);
    expect(failures(new Set(), [0x1000, 0x1010, 0, 0])).toEqual([]);
    expect(failures(new Set(), [0, 0, 0, 0])).toEqual([0, 1]);
    expect(failures(new Set([1]), [0x1000, 0, 0])).toEqual([]);
    expect(dependsOnFailures(grown)).toBe(true);
    expect(dependsOnFailures(trace(malloc(0, 8), free(0)))).toBe(false);
  });

  it("has a realloc of a block that failed allocate alone", () => {
    const { operations } = lowerForPeer(grown, false, new Set([0]));
    expect([...operations.kind]).toEqual([1, 1, 2]);
    expect([...operations.argument]).toEqual([8, 16, 1]);
  });

  it("ends with a free of every block it leaves", () => {
    const left = trace(malloc(0, 8), malloc(1, 8), malloc(2, 8), free(1), malloc(1, 4));
    expect(withFrees(left).operations.slice(5)).toEqual([free(0), free(2), free(1)]);
  });

  it("has a peak that counts both blocks of a realloc", () => {
    expect(peakBytes(trace(malloc(0, 10), realloc(0, 20), free(0), malloc(1, 25)))).toBe(30);
    expect(peakBytes(trace(malloc(0, 10), free(0), malloc(1, 25)))).toBe(25);
  });
});

describe("blocks", () => {
  const image = { heapAddress: address(0x2000), heapBytes: bytes(64) } as Image;
  const blockMap = () => new BlockMap({ image, alignment: 8 });

  it("may touch, and may be where another one was", () => {
    const map = blockMap();
    expect(map.take(0, 0x2000, 8)).toBeUndefined();
    expect(map.take(1, 0x2008, 56)).toBeUndefined();
    map.release(0x2000, 8);
    expect(map.take(2, 0x2000, 8)).toBeUndefined();
  });

  it("must not overlap by a byte", () => {
    const map = blockMap();
    expect(map.take(4, 0x2010, 8)).toBeUndefined();
    expect(map.take(5, 0x2008, 9)).toBe(
      "operation 5, a request of 9 bytes, returned 0x00002008, which overlaps the block of operation 4",
    );
    expect(map.take(6, 0x2008, 8)).toBeUndefined();
  });

  it("must be aligned", () => {
    expect(blockMap().take(3, 0x2004, 1)).toBe(
      "operation 3, a request of 1 bytes, returned 0x00002004, which is not a multiple of 8",
    );
  });
});
