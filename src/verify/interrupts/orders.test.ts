import { describe, expect, it } from "vitest";
import type { HeapCall } from "./heap-call.js";
import { possibleOrders } from "./orders.js";

const malloc: HeapCall = { kind: "malloc", size: 8 };
const realloc: HeapCall = { kind: "realloc", block: 0, size: 8 };

describe("the possible orders of a call and a handler", () => {
  it("are one where the lock tells which came first", () => {
    expect(possibleOrders(malloc, { before: 0, after: 1 })).toEqual(["handler first"]);
    expect(possibleOrders(malloc, { before: 1, after: 0 })).toEqual(["call first"]);
    expect(possibleOrders(realloc, { before: 0, after: 3 })).toEqual(["handler first"]);
    expect(possibleOrders(realloc, { before: 3, after: 0 })).toEqual(["call first"]);
  });

  it("may differ inside a realloc that moves its block alone", () => {
    expect(possibleOrders(malloc, { before: 1, after: 1 })).toEqual(["call first"]);
    expect(possibleOrders(realloc, { before: 1, after: 2 })).toEqual([
      "call first",
      "before malloc",
      "after malloc",
    ]);
    expect(possibleOrders({ ...realloc, block: undefined }, { before: 1, after: 1 })).toEqual(["call first"]);
  });

  it("are both where there is no lock, or the call takes none", () => {
    expect(possibleOrders(malloc, undefined)).toEqual(["handler first", "call first"]);
    expect(possibleOrders(malloc, { before: 0, after: 0 })).toEqual(["handler first", "call first"]);
  });
});
