/** The text of a trace, line by line; every malformed line is reported, not the first. */
import { AllocGenError, diagnose, type Diagnostic } from "../diagnostics.js";
import { NoteCollector } from "./annotations.js";
import type { Trace, TraceOperation } from "./operation.js";

/** Faults reported of one trace; the rest are counted. */
const mostFaults = 20;
/** Lines of a trace: one that says nothing is a line too. */
const mostLines = 10_000_000;
/** Largest id and size: what fits in a size_t of the targets. */
const largestNumber = 0xffffffff;

/** What follows each letter, in order. */
const operandsOf = {
  a: ["id", "size"],
  c: ["id", "size"],
  m: ["id", "align", "size"],
  r: ["id", "size"],
  f: ["id"],
} as const;
type Letter = keyof typeof operandsOf;
const isLetter = (word: string): word is Letter => Object.hasOwn(operandsOf, word);

/**
 * @param name what the trace is called in reports
 * @param file what messages name
 * @throws AllocGenError, exit code 2, with the first 20 faults and the number of the others
 */
export function parseTrace(text: string, name: string, file: string): Trace {
  const header = new Map<string, string>();
  const operations: TraceOperation[] = [];
  const lines: number[] = [];
  const faults = new FaultList(file);
  const notes = new NoteCollector();
  const live = new LiveBlocks();

  for (let start = 0, line = 1; start < text.length; line++) {
    if (line > mostLines) {
      faults.add(line, diagnose("trace-too-long", { lines: mostLines }));
      break;
    }
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline;
    const operation =
      parseFast(text, start, end) ?? parseSlow(text.slice(start, end), line, header, notes, faults, live);
    start = end + 1;
    if (operation === undefined) continue;
    checkLive(operation, line, live, faults);
    notes.operation();
    operations.push(operation);
    lines.push(line);
  }
  if (operations.length === 0 && faults.count === 0) {
    throw new AllocGenError(2, [diagnose("trace-empty", undefined, { file })]);
  }
  faults.throwIfAny();
  return { name, header, operations, lines: Uint32Array.from(lines), ...notes.found() };
}

const space = 0x20;
const zero = 0x30;
const missing = -1;

/**
 * The usual line: a letter, single spaces, plain numbers. Undefined for all others: `parseSlow` judges them. One pass
 * over the characters, for recordings have hundreds of thousands of lines.
 */
function parseFast(text: string, start: number, end: number): TraceOperation | undefined {
  const letter = text.charAt(start);
  if (letter !== "a" && letter !== "f" && letter !== "c" && letter !== "r") return undefined;
  if (text.charCodeAt(start + 1) !== space) return undefined;
  let before = missing;
  let value = missing;
  for (let at = start + 2; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code >= zero && code <= zero + 9) {
      value = value === missing ? code - zero : value * 10 + code - zero;
    } else if (code === space && before === missing && value !== missing) {
      before = value;
      value = missing;
    } else return undefined;
  }
  if (value === missing || value > largestNumber || before > largestNumber) return undefined;
  if ((before === missing) !== (letter === "f")) return undefined;
  return letter === "f" ? { kind: "free", id: value } : operationOf(letter, before, 0, value);
}

function operationOf(letter: Letter, id: number, alignment: number, size: number): TraceOperation {
  switch (letter) {
    case "a":
      return { kind: "malloc", id, size };
    case "c":
      return { kind: "calloc", id, size };
    case "m":
      return { kind: "aligned", id, alignment, size };
    case "r":
      return { kind: "realloc", id, size };
    case "f":
      return { kind: "free", id };
  }
}

/** Comments, blank lines, other spacing, and everything that is wrong. */
function parseSlow(
  text: string,
  line: number,
  header: Map<string, string>,
  notes: NoteCollector,
  faults: FaultList,
  live: LiveBlocks,
): TraceOperation | undefined {
  const trimmed = text.trim();
  if (trimmed === "") return undefined;
  if (trimmed.startsWith("#")) {
    const colon = trimmed.indexOf(":");
    const key = trimmed.slice(1, Math.max(1, colon)).trim();
    const value = trimmed.slice(colon + 1).trim();
    if (key !== "" && !notes.take(key, value)) header.set(key, value);
    return undefined;
  }
  const [letter = "", ...words] = trimmed.split(/\s+/);
  if (!isLetter(letter)) {
    faults.add(line, diagnose("trace-line", { found: excerpt(trimmed) }));
    return undefined;
  }
  const operands: readonly string[] = operandsOf[letter];
  if (words.length !== operands.length) {
    const form = [letter, ...operands].join(" ");
    faults.add(line, diagnose("trace-operands", { found: excerpt(trimmed), form }));
    return undefined;
  }
  const values = new Map<string, number>();
  for (const [index, operand] of operands.entries()) {
    const word = words[index] ?? "";
    const allowed = operandFault(operand, word);
    if (allowed === undefined) values.set(operand, Number(word));
    else faults.add(line, diagnose("invalid-value", { found: excerpt(word), allowed }));
  }
  const id = values.get("id");
  if (id === undefined || values.size < operands.length) {
    // The block is meant to be there: its free is no further fault.
    if (id !== undefined && letter !== "f" && letter !== "r") live.add(id, line);
    return undefined;
  }
  return operationOf(letter, id, values.get("align") ?? 0, values.get("size") ?? 0);
}

/** What an operand may be, when `word` is something else. */
function operandFault(operand: string, word: string): string | undefined {
  if (!/^\d+$/.test(word) || Number(word) > largestNumber) {
    return `a whole number from 0 to ${largestNumber} as ${operand}`;
  }
  if (operand === "align" && !Number.isInteger(Math.log2(Number(word)))) return "a power of two as align";
  return undefined;
}

function checkLive(operation: TraceOperation, line: number, live: LiveBlocks, faults: FaultList): void {
  const { id } = operation;
  const since = live.since(id);
  switch (operation.kind) {
    case "malloc":
    case "calloc":
    case "aligned":
      if (since !== undefined) faults.add(line, diagnose("trace-live", { id, line: since }));
      else live.add(id, line);
      return;
    case "realloc":
      if (since === undefined) faults.add(line, diagnose("trace-not-live", { id }));
      return;
    case "free":
      if (!live.delete(id)) faults.add(line, diagnose("trace-not-live", { id }));
  }
}

/** Line that each live block was allocated on. Recorders number blocks from 0 on: those need no map, which takes three times as long. */
class LiveBlocks {
  /** By id, 0 where it is not live. */
  #few = new Uint32Array(1024);
  readonly #others = new Map<number, number>();

  since(id: number): number | undefined {
    return id < mostFew ? this.#few[id] || undefined : this.#others.get(id);
  }

  add(id: number, line: number): void {
    if (id >= mostFew) this.#others.set(id, line);
    else this.#room(id)[id] = line;
  }

  /** Whether it was live. */
  delete(id: number): boolean {
    if (id >= mostFew) return this.#others.delete(id);
    if (!this.#few[id]) return false;
    this.#few[id] = 0;
    return true;
  }

  #room(id: number): Uint32Array {
    if (id < this.#few.length) return this.#few;
    const larger = new Uint32Array(Math.min(mostFew, 2 * Math.max(id, this.#few.length)));
    larger.set(this.#few);
    return (this.#few = larger);
  }
}

/** Ids below: 4 MiB at most. */
const mostFew = 2 ** 20;

const excerpt = (text: string): string => JSON.stringify(text.length > 40 ? `${text.slice(0, 39)}…` : text);

/** The faults of one file: the first ones whole, the others counted. */
export class FaultList {
  readonly #file: string;
  readonly #faults: Diagnostic[] = [];
  count = 0;

  constructor(file: string) {
    this.#file = file;
  }

  add(line: number | undefined, fault: Diagnostic): void {
    this.count++;
    if (this.count > mostFaults) return;
    this.#faults.push({ ...fault, file: this.#file, ...(line === undefined ? {} : { line }) });
  }

  all(): readonly Diagnostic[] {
    const more = this.count - this.#faults.length;
    if (more === 0) return this.#faults;
    return [...this.#faults, diagnose("more-faults", { count: more }, { file: this.#file })];
  }

  throwIfAny(): void {
    if (this.count > 0) throw new AllocGenError(2, this.all());
  }
}
