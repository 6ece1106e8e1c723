import { expect, it } from "vitest";
import { givenCompilers } from "./given-compilers.js";

const gcc = "arm-none-eabi-gcc";

it("are the config's where none is named", () => {
  expect(givenCompilers([], "/opt/gcc-13")).toEqual(["/opt/gcc-13"]);
});

it("are those that are named, each once", () => {
  expect(givenCompilers(["clang"], gcc)).toEqual(["clang"]);
  expect(givenCompilers(["/opt/bin/clang-17", "gcc", gcc], "clang")).toEqual(["/opt/bin/clang-17", gcc]);
});

it("are all families' for the word all", () => {
  expect(givenCompilers(["all"], "clang")).toEqual([gcc, "clang"]);
  expect(givenCompilers(["clang", "all"], gcc)).toEqual(["clang", gcc]);
});

it("must be of a known family", () => {
  expect(() => givenCompilers(["gcc", "armcc"], gcc)).toThrow(
    '--compiler is "armcc" (allowed: "gcc", "clang", or the name or path of one of them, or all)',
  );
});
