import { describe, expect, it } from "vitest";
import type { Image } from "../build/image.js";
import type { Trace, TraceOperation } from "../traces/operation.js";
import { peakBytes } from "../traces/peak.js";
import { address, bytes } from "../units.js";
import { BlockMap } from "./block-map.js";
import { lowerForPeer, unforeseenFailure, withFrees } from "./lower-for-peer.js";

const trace = (...operations: TraceOperation[]): Trace => ({ name: "test", header: new Map(), operations });
const malloc = (id: number, size: number): TraceOperation => ({ kind: "malloc", id, size });
const realloc = (id: number, size: number): TraceOperation => ({ kind: "realloc", id, size });
const free = (id: number): TraceOperation => ({ kind: "free", id });

describe("a trace for a peer", () => {
  const grown = trace(malloc(0, 8), realloc(0, 16), free(0));

  it("has a realloc that frees the old block where nothing is known to fail", () => {
    const { operations } = lowerForPeer(grown, new Set());
    expect([...operations.kind]).toEqual([1, 1, 2, 2]);
    expect([...operations.argument]).toEqual([8, 16, 0, 1]);
  });

  it("keeps the old block of a realloc that is known to fail", () => {
    const { operations } = lowerForPeer(grown, new Set([1]));
    expect([...operations.kind]).toEqual([1, 1, 2]);
    expect([...operations.argument]).toEqual([8, 16, 0]);
  });

  it("is wrong from the first realloc on that fails unforeseen, and from no other failure", () => {
    const lowered = lowerForPeer(grown, new Set());
    const failure = (results: readonly number[]) =>
      unforeseenFailure(lowered, grown, Uint32Array.from(results), 0, 4);
    expect(failure([0x1000, 0x1010, 0, 0])).toBeUndefined();
    expect(failure([0, 0x1010, 0, 0])).toBeUndefined();
    expect(failure([0x1000, 0, 0, 0])).toBe(1);
    const known = lowerForPeer(grown, new Set([1]));
    expect(unforeseenFailure(known, grown, Uint32Array.from([0x1000, 0, 0]), 0, 3)).toBeUndefined();
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
      "operation 5, malloc of 9 bytes, returned 0x00002008, which overlaps the block of operation 4",
    );
    expect(map.take(6, 0x2008, 8)).toBeUndefined();
  });

  it("must be aligned", () => {
    expect(blockMap().take(3, 0x2004, 1)).toBe(
      "operation 3, malloc of 1 bytes, returned 0x00002004, which is no multiple of 8",
    );
  });
});
