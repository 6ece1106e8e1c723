import { expect, it } from "vitest";
import { parseArgument, parseBefore } from "./argument.js";

it.each([
  ["12", { kind: "number", value: 12 }],
  ["-1", { kind: "number", value: -1 }],
  ["0x20000000", { kind: "number", value: 0x20000000 }],
  ["4294967295", { kind: "number", value: 2 ** 32 - 1 }],
  ["@key.bin", { kind: "file", path: "key.bin" }],
  ["buffer:64", { kind: "buffer", bytes: 64, offset: 0 }],
  ["buffer:0x100+2", { kind: "buffer", bytes: 256, offset: 2 }],
  ["returned", { kind: "returned" }],
  [
    "[1,buffer:8,[@key.bin]]",
    {
      kind: "words",
      words: [
        { kind: "number", value: 1 },
        { kind: "buffer", bytes: 8, offset: 0 },
        { kind: "words", words: [{ kind: "file", path: "key.bin" }] },
      ],
    },
  ],
])("reads %s", (text, expected) => {
  expect(parseArgument(text)).toEqual(expected);
});

it.each([
  "",
  "@",
  "buffer:",
  "buffer:0",
  "buffer:99999999",
  "buffer:8+4096",
  "buffer:8+",
  "[]",
  "[1",
  "[returned]",
  "[=1]",
  "=1",
  "1.5",
  "4294967296",
  "-2147483649",
  "key.bin",
])("refuses %o", (text) => {
  expect(parseArgument(text)).toBeUndefined();
});

it.each([
  ["init", { function: "init", given: [] }],
  ["malloc:100", { function: "malloc", given: [{ kind: "number", value: 100 }] }],
  [
    "schedule:=2,[1,2],returned",
    {
      function: "schedule",
      given: [
        { kind: "same", index: 1 },
        {
          kind: "words",
          words: [
            { kind: "number", value: 1 },
            { kind: "number", value: 2 },
          ],
        },
        { kind: "returned" },
      ],
    },
  ],
])("reads a call before, %s", (text, expected) => {
  expect(parseBefore(text, 2)).toEqual(expected);
});

it.each(["", ":1", "malloc:", "malloc:x", "schedule:=3", "schedule:=0"])("refuses %o before", (text) => {
  expect(parseBefore(text, 2)).toBeUndefined();
});
