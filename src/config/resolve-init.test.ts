import { describe, expect, it } from "vitest";
import { AllocGenError, formatDiagnostic } from "../diagnostics.js";
import { parseConfigText } from "./load.js";

const text = (...keys: readonly string[]): string =>
  ['{ "name": "h", "target": "cortex-m4", "policy": { "kind": "segregated-fit" }', ...keys].join(",\n") +
  " }";
const small = '"heap": { "size": 4096 }';
const handed = '"heap": { "size": 4096, "placement": "runtime" }';

const initOf = (...keys: readonly string[]) => parseConfigText(text(...keys), "a.json").config.init;

function fault(...keys: readonly string[]): string {
  try {
    initOf(...keys);
  } catch (error) {
    if (error instanceof AllocGenError) return error.diagnostics.map(formatDiagnostic).join("\n");
    throw error;
  }
  return "none";
}

describe("who calls init", () => {
  it.each([
    ["nobody says", [small], undefined],
    ["the program", [small, '"init": "explicit"'], undefined],
    ["the first request", [small, '"init": "lazy"'], "lazy"],
    ["a constructor", [small, '"init": "constructor"'], "constructor"],
    ["the program, where it knows the memory", [handed, '"init": "explicit"'], undefined],
    ["the program, of a kernel's heap", [small, '"outputs": ["freertos"]'], undefined],
    ["the first request, of a library's heap", [small, '"outputs": ["newlib"]'], "lazy"],
    ["the first request, of C++", [small, '"outputs": ["cpp"]'], "lazy"],
    [
      "a constructor, of a library's heap",
      [small, '"outputs": ["picolibc"]', '"init": "constructor"'],
      "constructor",
    ],
  ] as const)("%s", (_who, keys, mode) => {
    expect(initOf(...keys)).toBe(mode);
  });

  it("is told to be none of these, with its line", () => {
    expect(fault(handed, '"init": "lazy"')).toBe(
      'a.json:3:9: init: found "lazy", but init must be told where the heap lies (placement is "runtime"): only the program can call it',
    );
    expect(fault(small, '"outputs": ["newlib"]', '"init": "explicit"')).toBe(
      'a.json:4:9: init: found "explicit", but the output "newlib" must serve requests before main: "lazy" or "constructor" does not wait for the program',
    );
    expect(fault(handed, '"outputs": ["cpp"]')).toBe(
      'a.json:3:13: outputs[0]: found "cpp", but requests come before main, when nobody has told init where the heap lies (placement is "runtime")',
    );
    expect(fault(small, '"init": "late"')).toContain('a.json:3:9: init: found "late"');
  });

  it("decides the hash only where it is not the program", () => {
    const hash = (...keys: readonly string[]) => parseConfigText(text(small, ...keys), "a.json").sha256;
    expect(hash('"init": "explicit"')).toBe(hash());
    expect(hash('"init": "lazy"')).not.toBe(hash());
  });
});
