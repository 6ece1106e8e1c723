/**
 * Every error a user can cause: one typed catalogue, one message each. Stages return or throw diagnostics; only the
 * command line prints them.
 */

import { dumpMessages } from "./inspect/files/messages.js";
import { printable, printableLines } from "./printable.js";
import { importMessages } from "./traces/import/messages.js";

type Found = { readonly found: string; readonly allowed: string };

/** "; did you mean "x"?" or nothing. */
const suggestion = (nearest: string | undefined): string =>
  nearest === undefined ? "" : `; did you mean "${nearest}"?`;

/** `"a", "b" or "c"` */
function alternatives(words: readonly string[]): string {
  const quoted = words.map((word) => JSON.stringify(word));
  const last = quoted.pop() ?? "";
  return quoted.length === 0 ? last : `${quoted.join(", ")} or ${last}`;
}

const catalogue = {
  "file-missing": (p: { readonly file: string }) => `no such file: ${p.file}`,
  "file-unreadable": (p: { readonly file: string; readonly why: string }) =>
    `cannot read ${p.file}: ${p.why}`,
  "syntax-error": (p: { readonly what: string }) => `syntax error: ${p.what}`,
  "duplicate-key": (p: { readonly key: string; readonly line: number }) =>
    `key "${p.key}" is given twice (first on line ${p.line})`,
  "unknown-key": (p: {
    readonly key: string;
    readonly nearest: string | undefined;
    readonly allowed: string;
  }) => `unknown key "${p.key}"${suggestion(p.nearest)} (allowed: ${p.allowed})`,
  "more-unknown-keys": (p: { readonly count: number }) =>
    `and ${p.count} more unknown ${p.count === 1 ? "key" : "keys"}`,
  "missing-key": (p: { readonly key: string; readonly allowed: string }) =>
    `missing key "${p.key}" (allowed: ${p.allowed})`,
  "invalid-value": (p: Found & { readonly nearest?: string | undefined }) =>
    `found ${p.found}${suggestion(p.nearest)} (allowed: ${p.allowed})`,
  conflict: (p: { readonly found: string; readonly reason: string }) => `found ${p.found}, but ${p.reason}`,
  "not-available": (p: { readonly what: string; readonly allowed: string }) =>
    `${p.what} is not available in this version (available: ${p.allowed})`,
  "field-too-narrow": (p: {
    readonly field: string;
    readonly needed: number;
    readonly found: number;
    readonly scale: string;
  }) => `${p.field} needs ${p.needed} bits ${p.scale}, the field has ${p.found}`,
  "link-too-narrow": (p: { readonly reach: number; readonly heapBytes: number }) =>
    `a 16-bit link reaches ${p.reach} bytes here, the heap has ${p.heapBytes} (allowed: 32, "auto")`,
  "header-too-wide": (p: { readonly bits: number }) =>
    `the size field and the flags need ${p.bits} bits, a storage unit has at most 32`,
  "header-refused": (p: { readonly what: string; readonly reason: string }) => `${p.what}: ${p.reason}`,
  "heap-too-small": (p: {
    readonly size: number;
    readonly control: number;
    readonly block: number;
    readonly needed: number;
  }) =>
    `${p.size} bytes do not hold ${p.control} bytes of control data and one block of ${p.block} (allowed: ${p.needed} or more)`,
  "blocks-too-large": (p: { readonly size: number; readonly needed: number }) =>
    `the blocks and the control data need ${p.needed} bytes, the heap has ${p.size}`,
  "trace-line": (p: { readonly found: string }) =>
    `found ${p.found} (allowed: "a id size", "c id size", "m id align size", "r id size", "f id", "# key: value")`,
  "trace-operands": (p: { readonly found: string; readonly form: string }) =>
    `found ${p.found} (allowed: "${p.form}")`,
  "trace-live": (p: { readonly id: number; readonly line: number }) =>
    `block ${p.id} is live already (allocated on line ${p.line})`,
  "trace-not-live": (p: { readonly id: number }) => `block ${p.id} is not live`,
  "trace-empty": () => "the trace has no operation",
  "trace-too-long": (p: { readonly lines: number }) => `the trace has more than ${p.lines} lines`,
  "trace-too-large": (p: { readonly size: number; readonly maximum: number }) =>
    `requests ${p.size} bytes, but the heap can serve at most ${p.maximum}`,
  "trace-alignment": (p: { readonly alignment: number; readonly maximum: number }) =>
    `requests an alignment of ${p.alignment}, but the heap supports at most ${p.maximum}`,
  ...importMessages,
  ...dumpMessages,
  "heap-symbol": (p: { readonly name: string; readonly bytes: number | undefined; readonly count: number }) =>
    `has ${p.count === 0 ? "no symbol" : `${p.count} symbols`} "${p.name}"${p.bytes === undefined ? "" : ` of ${p.bytes} bytes`}: give the heap's address with --address`,
  "several-heaps": (p: { readonly heaps: string }) =>
    `the config describes several heaps: name one with --heap (${p.heaps})`,
  "no-such-heap": (p: {
    readonly name: string;
    readonly nearest: string | undefined;
    readonly allowed: string;
  }) => `the config has no heap "${p.name}"${suggestion(p.nearest)} (allowed: ${p.allowed})`,
  "more-faults": (p: { readonly count: number }) =>
    p.count === 1 ? "and 1 more fault" : `and ${p.count} more faults`,
  usage: (p: { readonly what: string }) => `${p.what} (see "alloc-gen --help")`,
  "unknown-option": (p: { readonly option: string; readonly nearest: string | undefined }) =>
    `unknown option ${p.option}${suggestion(p.nearest)} (see "alloc-gen --help")`,
  "unknown-format": (p: {
    readonly format: string;
    readonly nearest: string | undefined;
    readonly allowed: string;
  }) => `unknown format "${p.format}"${suggestion(p.nearest)} (allowed: ${p.allowed})`,
  "no-such-config": (p: { readonly found: string; readonly nearest: string | undefined }) =>
    `"${p.found}" is neither a command nor a config file${suggestion(p.nearest)}`,
  "no-config": (p: { readonly folder: string }) =>
    `no alloc-gen.json in ${p.folder}: name a config, or create one with "alloc-gen init"`,
  "not-generated": (p: { readonly file: string }) =>
    `${p.file} was not generated by alloc-gen and is left unchanged (--force overwrites it)`,
  "file-exists": (p: { readonly file: string }) => `${p.file} already exists (--force overwrites it)`,
  "report-over-file": (p: { readonly file: string }) =>
    `the report would overwrite ${p.file}, which the run reads or writes itself (--format NAME=FILE names another)`,
  "file-unwritable": (p: { readonly file: string; readonly why: string }) =>
    `cannot write ${p.file}: ${p.why}`,
  "malformed-baseline": (p: Found) =>
    `found ${p.found} (allowed: ${p.allowed}); "alloc-gen verify --write-baseline" rewrites the file`,
  "no-baseline": (p: { readonly file: string }) =>
    `no baseline ${p.file}: create it with "alloc-gen verify --write-baseline"`,
  "not-a-baseline": (p: { readonly file: string }) =>
    `${p.file} is not a baseline and is left unchanged (--baseline names another file)`,
  "baseline-of-another-target": (p: {
    readonly file: string;
    readonly measured: string;
    readonly target: string;
  }) =>
    `${p.file} was measured for ${p.measured}, this run is for ${p.target}: regressions need a baseline of the same target (--baseline names another file)`,
  "baseline-write-and-fail": () =>
    "--write-baseline accepts every figure, and --fail-on-regression does not: give only one of them",
  "unknown-target": (p: {
    readonly name: string;
    readonly nearest: string | undefined;
    readonly allowed: string;
  }) => `unknown target "${p.name}"${suggestion(p.nearest)} (allowed: ${p.allowed})`,
  "unknown-chip": (p: { readonly name: string; readonly nearest: readonly string[] }) =>
    `unknown chip "${p.name}"${p.nearest.length === 0 ? "" : `; did you mean ${alternatives(p.nearest)}?`} ("alloc-gen chips ${p.name.slice(0, 7)}" searches)`,
  "several-chips": (p: { readonly name: string; readonly count: number; readonly some: readonly string[] }) =>
    `"${p.name}" begins the names of ${p.count} chips that differ in core or RAM, such as ${alternatives(p.some)} ("alloc-gen chips ${p.name}" lists them)`,
  "chip-without-target": (p: {
    readonly chip: string;
    readonly core: string;
    readonly nearest: string;
    readonly why: string;
    /** Whether the core can execute what the nearest target does. */
    readonly isCompatible: boolean;
  }) =>
    `${p.chip} has a ${p.core} core, for which there is no target yet; nearest is "${p.nearest}": ${p.why}${p.isCompatible ? ` (--target ${p.nearest} takes it)` : ""}`,
  "malformed-target": (p: { readonly what: string }) => `malformed target: ${p.what}`,
  "malformed-part": (p: { readonly why: string }) => p.why,
  "unknown-compiler": (p: { readonly compiler: string; readonly allowed: string }) =>
    `no known toolchain has a compiler called "${p.compiler}" (allowed: ${p.allowed})`,
  "missing-compiler": (p: { readonly compiler: string; readonly install: string }) =>
    `${p.compiler} was not found; install it with:\n${p.install}`,
  "compiler-failed": (p: { readonly compiler: string; readonly step: string; readonly output: string }) =>
    `${p.compiler} failed to ${p.step}:\n${p.output}`,
  "allocator-not-self-contained": (p: { readonly symbols: string }) =>
    `the allocator calls undefined functions: ${p.symbols} (it must not depend on a library)`,
  "source-lacks-names": (p: { readonly names: string }) =>
    `does not define ${p.names} as a function with external linkage: C in place of the generated one has its names`,
  "source-lacks-heap": (p: {
    readonly name: string;
    readonly wanted: number;
    readonly found: number | undefined;
  }) =>
    `has ${p.found === undefined ? `no array "${p.name}"` : `an array "${p.name}" of ${p.found} bytes`}, the plan has one of ${p.wanted}: C in place of the generated one has its layout`,
  "tool-hangs": (p: { readonly name: string; readonly step: string; readonly seconds: number }) =>
    `${p.name} was stopped: it did not ${p.step} within ${p.seconds} seconds (ALLOC_GEN_TOOL_SECONDS allows more)`,
  "tool-endless": (p: { readonly name: string; readonly step: string; readonly mebibytes: number }) =>
    `${p.name} was stopped: to ${p.step} it printed more than ${p.mebibytes} MiB`,
  "work-folder": (p: { readonly folder: string; readonly why: string }) =>
    `cannot write temporary files in ${p.folder}: ${p.why} (TMPDIR names another folder)`,
  "malformed-elf": (p: { readonly what: string }) => `malformed ELF file: ${p.what}`,
  "not-this-elf": (p: { readonly what: string; readonly compiler: string }) =>
    `${p.what} (allowed: what ${p.compiler} compiles)`,
  "undefined-symbols": (p: { readonly symbols: string }) =>
    `has undefined symbols: ${p.symbols} (link it with the code that defines them first)`,
  "linked-already": (p: { readonly option: string }) =>
    `is linked already, and stays where it is: ${p.option} is for object files`,
  "no-such-function": (p: { readonly name: string; readonly nearest: string | undefined }) =>
    `has no function "${p.name}"${suggestion(p.nearest)}`,
  "not-a-function": (p: { readonly name: string; readonly what: string }) =>
    `"${p.name}" cannot be called: ${p.what}`,
  "call-stopped": (p: { readonly called: string; readonly what: string }) =>
    `${p.called} did not return: ${p.what}`,
  "folder-missing": (p: { readonly file: string }) => `no such folder: ${p.file}`,
  "unknown-peer": (p: {
    readonly name: string;
    readonly nearest: string | undefined;
    readonly allowed: string;
  }) =>
    `unknown peer "${p.name}"${suggestion(p.nearest)} (allowed: ${p.allowed}, or the path of a peer.json)`,
  "peer-undefined": (p: { readonly symbols: string }) =>
    `undefined symbols: ${p.symbols} (none of the peer's sources defines them)`,
  "peer-array": (p: { readonly array: string; readonly found: string; readonly wanted: number }) =>
    `the array ${p.array} has ${p.found} where the heap has ${p.wanted} bytes`,
  "peer-twice": (p: { readonly name: string }) => `two allocators are called "${p.name}"`,
  "mutants-of-wrong-c": (p: { readonly message: string }) =>
    `mutants are held against C that is right, and this differs from the reference: ${p.message} ("alloc-gen verify" tells more)`,
  "emulator-missing": (p: {
    readonly library: string;
    readonly tried: string;
    readonly install: string;
    readonly variable: string;
  }) =>
    `${p.library} was not found (tried: ${p.tried}); install it with:\n${p.install}\nor name the library in ${p.variable}, or leave it out: --engine js needs none, where a command has --engine`,
  "emulator-program-missing": (p: {
    readonly program: string;
    readonly install: string;
    readonly variable: string;
  }) => `${p.program} was not found; install it with:\n${p.install}\nor name the program in ${p.variable}`,
  "emulator-failed": (p: { readonly emulator: string; readonly what: string; readonly text: string }) =>
    `${p.emulator}: ${p.what} failed: ${p.text}`,
} satisfies Record<string, (parameters: never) => string>;

export type DiagnosticCode = keyof typeof catalogue;
type Parameters<Code extends DiagnosticCode> = (typeof catalogue)[Code] extends (
  parameters: infer P,
) => string
  ? P
  : never;

/** Where in a config: keys and indexes from the root. */
export type ConfigPath = readonly (string | number)[];

export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly message: string;
  /** The value at fault; the loader turns it into file, line and column. */
  readonly path?: ConfigPath;
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
  /** From 1. */
  readonly column?: number;
}

export function diagnose<Code extends DiagnosticCode>(
  code: Code,
  parameters: Parameters<Code>,
  where: Omit<Diagnostic, "code" | "message"> = {},
): Diagnostic {
  const message = catalogue[code] as (parameters: Parameters<Code>) => string;
  return { code, message: printableLines(message(withOneLine(parameters))), ...where };
}

/** What tools print, and how to install one: of several lines. */
const ofSeveralLines: readonly string[] = ["output", "install", "text"];

function withOneLine<P>(parameters: P): P {
  if (typeof parameters !== "object" || parameters === null) return parameters;
  const entries = Object.entries(parameters).map(([key, value]: [string, unknown]) =>
    typeof value === "string" && !ofSeveralLines.includes(key) ? [key, printable(value)] : [key, value],
  );
  return { ...parameters, ...(Object.fromEntries(entries) as object) };
}

/** Exit codes: 1 the C and the reference differ or a budget is exceeded, 2 bad input, 3 a tool is missing or failed. */
export type FailureExitCode = 1 | 2 | 3;

/** Thrown by a stage that cannot go on; carries all faults found, not the first. */
export class AllocGenError extends Error {
  constructor(
    readonly exitCode: FailureExitCode,
    readonly diagnostics: readonly Diagnostic[],
  ) {
    super(formatDiagnostics(diagnostics).join("\n"));
    this.name = "AllocGenError";
  }
}

/** Faults that are told one by one: more are no help. */
const mostFaults = 100;

/** One text for each; of very many the first ones, and how many more there are. */
export function formatDiagnostics(diagnostics: readonly Diagnostic[]): readonly string[] {
  const told = diagnostics.slice(0, mostFaults).map(formatDiagnostic);
  const count = diagnostics.length - told.length;
  return count === 0 ? told : [...told, formatDiagnostic(diagnose("more-faults", { count }))];
}

/** "heap.size", "verify.traces[0]"; "" for the root. */
export function formatPath(path: ConfigPath): string {
  return path
    .map((part, depth) => (typeof part === "number" ? `[${part}]` : depth === 0 ? part : `.${part}`))
    .join("");
}

/** "file:line:column: path: message", as far as known. */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  const { file, line, column, message } = diagnostic;
  const place = [file, line, column].filter((part) => part !== undefined).join(":");
  const path = formatPath(diagnostic.path ?? []);
  return [printable(place), printable(path), message].filter((part) => part !== "").join(": ");
}
