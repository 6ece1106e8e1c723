/** What of a peer.json reaches an assembler, a linker or a file's name: refused where it is written. */
import { basename, extname } from "node:path";
import { diagnose, type ConfigPath, type Diagnostic } from "../diagnostics.js";
import { showValue } from "../suggest.js";
import type { PeerFile } from "./schema.js";

/** A name in C, or in assembly: the driver calls functions by it. */
const symbol = /^[A-Za-z_.$][A-Za-z0-9_.$]*$/;
const identifier = /^[A-Za-z_][A-Za-z0-9_]*$/;
const sourceEndings: readonly string[] = [".c", ".s", ".S", ".sx"];

/** Flags that name what is written, or have the compiler run or read what is no source. */
const refusedFlags = /^(?:-o|-c$|-E$|-S$|-M|-x|-B|-wrapper|-fplugin|-pipe|-save-temps|-dump|-aux-info|@)/;

/** @returns faults with the path of the value that is wrong */
export function checkNames(written: PeerFile): readonly Diagnostic[] {
  const { sources, flags = [], heap, init, malloc, free, realloc } = written;
  return [
    ...sources.flatMap((path, index) => sourceFault(path, ["sources", index])),
    ...flags.flatMap((flag, index) => flagFault(flag, ["flags", index])),
    ...(heap?.kind === "symbols"
      ? [...nameFault(heap.start, symbol, ["heap", "start"]), ...nameFault(heap.end, symbol, ["heap", "end"])]
      : []),
    ...(heap?.kind === "array"
      ? [
          ...nameFault(heap.array, symbol, ["heap", "array"]),
          ...nameFault(heap.bytes, identifier, ["heap", "bytes"]),
        ]
      : []),
    ...(typeof init === "string" ? nameFault(init, identifier, ["init"]) : []),
    ...callFault(malloc, "malloc"),
    ...callFault(free, "free"),
    ...callFault(realloc, "realloc"),
  ];
}

function callFault(call: PeerFile["realloc"], key: string): readonly Diagnostic[] {
  if (call === undefined) return [];
  return typeof call === "string"
    ? nameFault(call, symbol, [key])
    : nameFault(call.function, symbol, [key, "function"]);
}

function nameFault(name: string, pattern: RegExp, path: ConfigPath): readonly Diagnostic[] {
  if (pattern.test(name)) return [];
  const allowed = pattern === symbol ? "the name of a function or symbol" : "a C identifier";
  return [diagnose("invalid-value", { found: showValue(name), allowed }, { path })];
}

function sourceFault(source: string, path: ConfigPath): readonly Diagnostic[] {
  if (sourceEndings.includes(extname(basename(source)))) return [];
  const allowed = `a C or assembly file: ${sourceEndings.join(", ")}`;
  return [diagnose("invalid-value", { found: showValue(source), allowed }, { path })];
}

function flagFault(flag: string, path: ConfigPath): readonly Diagnostic[] {
  if (flag.startsWith("-") && !refusedFlags.test(flag)) return [];
  const allowed = "a flag of the compiler that says how it compiles or links, in one word";
  return [diagnose("invalid-value", { found: showValue(flag), allowed }, { path })];
}
