import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { readInput, readInputText } from "./input-file.js";

const folder = mkdtempSync(join(tmpdir(), "alloc-gen-input-"));
afterAll(() => rmSync(folder, { recursive: true }));
const mebibyte = 1024 * 1024;
const read = (name: string): Buffer => readInput(join(folder, name), { file: name, mostBytes: mebibyte });

it("reads a file of any size up to the limit", () => {
  for (const bytes of [0, 1, 65536, 65537, mebibyte]) {
    writeFileSync(join(folder, "file"), Buffer.alloc(bytes, 7));
    expect(read("file").equals(Buffer.alloc(bytes, 7))).toBe(true);
  }
  writeFileSync(join(folder, "text"), "é");
  expect(readInputText(join(folder, "text"), "text")).toBe("é");
});

it("refuses a larger one, and a device that never ends", () => {
  writeFileSync(join(folder, "large"), Buffer.alloc(mebibyte + 1));
  expect(() => read("large")).toThrow(/^cannot read large: it is larger than 1 MiB$/);
  const endless = () => readInput("/dev/zero", { file: "/dev/zero", mostBytes: mebibyte });
  expect(endless).toThrow(/^cannot read \/dev\/zero: it is larger than 1 MiB$/);
});

it("says why a file cannot be read", () => {
  mkdirSync(join(folder, "folder"));
  writeFileSync(join(folder, "plain"), "");
  symlinkSync("circle", join(folder, "circle"));
  expect(() => read("none")).toThrow(/^no such file: none$/);
  expect(() => read("folder")).toThrow(/^cannot read folder: it is a folder$/);
  expect(() => read("plain/inside")).toThrow("a part of its path is not a folder");
  expect(() => read("circle")).toThrow("its symbolic links form a circle");
});
