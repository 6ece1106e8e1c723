/** Whether the decoder says of an instruction what objdump says. */
import { decode } from "../../src/machine/arm/decode/decoder.js";
import type { Instruction, MemoryAccess, OperationKind } from "../../src/machine/arm/instruction.js";
import { textOf } from "./disassembly.js";
import type { Line } from "./disassembly.js";
import { bareMnemonic, expectedKind } from "./mnemonics.js";
import { coreRegisters, floatRegisters, operandsOf } from "./operands.js";
import { reasonToRefuse } from "./refused.js";

/** In an object file: a branch to itself plus 4, less 4, which the linker is to replace. */
const isPlaceholder = ({ halfwords: [first, second] }: Line): boolean =>
  (first === 0xf7ff && (second === 0xfffe || second === 0xbffe)) || (first === 0xf43f && second === 0xaffe);

const branching: ReadonlySet<OperationKind> = new Set([
  "call",
  "branch",
  "branchConditional",
  "compareBranch",
]);

/** What is wrong with the decoder's answer; undefined where nothing is. */
export function difference(line: Line): string | undefined {
  const reason = reasonToRefuse(line);
  return reason === undefined ? differentMeaning(line) : known(line, reason);
}

function known(line: Line, reason: string): string | undefined {
  const [first = 0, second = 0] = line.halfwords;
  const found = decode(line.at, first, second);
  if (found.size !== 2 * line.halfwords.length) return `${textOf(line)}: ${found.size} bytes`;
  return found.kind === "unknown" ? undefined : `${textOf(line)}: ${found.kind}, in spite of: ${reason}`;
}

function differentMeaning(line: Line): string | undefined {
  const [first = 0, second = 0] = line.halfwords;
  const found = decode(line.at, first, second);
  const kind = expectedKind(line);
  const wrong = ((): string | undefined => {
    if (found.size !== 2 * line.halfwords.length) return `${found.size} bytes`;
    if (kind === undefined) return "the test does not know the mnemonic";
    if (found.kind === "unknown" || found.kind !== kind) return `${found.kind}, not ${kind}`;
    return differentDetail(line, found);
  })();
  return wrong === undefined ? undefined : `${textOf(line)}: ${wrong}`;
}

const names = (set: number): string => `{${[...Array(32).keys()].filter((n) => (set >>> n) & 1).join(",")}}`;

function differentDetail(line: Line, found: Instruction): string | undefined {
  const { operands } = line;
  if ("target" in found && branching.has(found.kind) && !isPlaceholder(line)) {
    const target = parseInt(/(?:^|, )(?:0x)?([0-9a-f]+)(?: |$)/.exec(operands)?.[1] ?? "", 16);
    if (found.target !== target) return `goes to ${found.target.toString(16)}`;
  }
  if ("loadsPc" in found && found.loadsPc !== /^pc,|\bpc\}/.test(operands)) return "PC";
  const expected = operandsOf(line, found.kind);
  const { reads, writes, floatReads, floatWrites } = found;
  if (writes !== expected.writes) return `writes ${names(writes)}, not ${names(expected.writes)}`;
  if (reads !== expected.reads) return `reads ${names(reads)}, not ${names(expected.reads)}`;
  if (floatWrites !== expected.floatWrites) return `writes floats ${names(floatWrites)}`;
  if (floatReads !== expected.floatReads) return `reads floats ${names(floatReads)}`;
  if (found.floatingPoint !== (/^v/.test(line.mnemonic) && found.kind !== "system")) return "floating point";
  return differentMemory(line, found);
}

/** Width, number and direction of the accesses, and whether they must be aligned. */
function differentMemory(line: Line, found: Instruction): string | undefined {
  const expected = accesses[found.kind]?.(line);
  const actual =
    found.memory === undefined
      ? undefined
      : `${found.memory.direction} ${found.memory.elements} x ${found.memory.elementBytes}, aligned to ${found.memory.alignment}`;
  if (actual !== expected) return `${actual ?? "no access"}, not ${expected ?? "none"}`;
  if (found.memory === undefined) return undefined;
  const { base } = found.memory;
  const fits = base === 15 ? /\[pc|^[^[]*$/.test(line.operands) : ((found.reads >>> base) & 1) === 1;
  return fits ? undefined : `base ${base}`;
}

type AccessText = (line: Line) => string;

const access = (
  direction: MemoryAccess["direction"],
  elements: number,
  bytes: number,
  alignment: number,
): string => `${direction} ${elements} x ${bytes}, aligned to ${alignment}`;

/** Bytes by the letter that LDR, STR and the ordered accesses end in. */
const single = ({ mnemonic }: Line): number => {
  const letter = /^(ldr|str)s?([bh])t?$/.exec(bareMnemonic(mnemonic))?.[2];
  return letter === "b" ? 1 : letter === "h" ? 2 : 4;
};
const ordered = ({ mnemonic }: Line): number =>
  ({ b: 1, h: 2 })[/[bh]$/.exec(bareMnemonic(mnemonic))?.[0] ?? ""] ?? 4;

function count(set: number): number {
  let found = 0;
  for (let rest = set; rest !== 0; rest = (rest & (rest - 1)) >>> 0) found += 1;
  return found;
}

const listed = ({ operands }: Line): number => {
  const inside = /\{(.*)\}/.exec(operands)?.[1] ?? "";
  return count(coreRegisters(inside)) + (/\bpc$/.test(inside) ? 1 : 0);
};
const words = ({ operands }: Line): number => count(floatRegisters(operands));

const accesses: Partial<Record<OperationKind, AccessText>> = {
  load: (line) => access("read", 1, single(line), 1),
  store: (line) => access("write", 1, single(line), 1),
  loadPair: () => access("read", 2, 4, 4),
  storePair: () => access("write", 2, 4, 4),
  loadMultiple: (line) => access("read", listed(line), 4, 4),
  storeMultiple: (line) => access("write", listed(line), 4, 4),
  tableBranch: (line) => access("read", 1, ordered(line), 1),
  exclusive: (line) => access(/^ld/.test(line.mnemonic) ? "read" : "write", 1, ordered(line), ordered(line)),
  floatLoad: (line) => access("read", words(line), 4, 4),
  floatStore: (line) => access("write", words(line), 4, 4),
};
