import { expect, it } from "vitest";
import { notRunOf } from "./not-run.js";

it("names what is beside the C, and nothing where there is nothing", () => {
  expect(notRunOf({ outputs: [] })).toEqual([]);
  expect(notRunOf({ init: "lazy", outputs: [] })).toEqual([]);
  expect(notRunOf({ init: "constructor", outputs: [{ kind: "newlib" }, { kind: "cmake" }] })).toEqual([
    { what: "the constructor that calls init", reason: "no start-up code runs before the first call" },
    {
      what: "outputs newlib, cmake",
      reason: "they need their library, kernel or tool; see docs/embedding.md for what was tried",
    },
  ]);
});
