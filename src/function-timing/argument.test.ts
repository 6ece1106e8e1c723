import { expect, it } from "vitest";
import { parseArgument } from "./argument.js";

it.each([
  ["12", { kind: "number", value: 12 }],
  ["-1", { kind: "number", value: -1 }],
  ["0x20000000", { kind: "number", value: 0x20000000 }],
  ["4294967295", { kind: "number", value: 2 ** 32 - 1 }],
  ["@key.bin", { kind: "file", path: "key.bin" }],
  ["buffer:64", { kind: "buffer", bytes: 64 }],
  ["buffer:0x100", { kind: "buffer", bytes: 256 }],
])("reads %s", (text, expected) => {
  expect(parseArgument(text)).toEqual(expected);
});

it.each(["", "@", "buffer:", "buffer:0", "buffer:99999999", "1.5", "4294967296", "-2147483649", "key.bin"])(
  "refuses %o",
  (text) => {
    expect(parseArgument(text)).toBeUndefined();
  },
);
