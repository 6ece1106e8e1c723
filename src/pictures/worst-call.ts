/** The call of each function that took most, with what each of its instructions and lines took. */
import type { CoreEngine } from "../emulators/core/engine.js";
import { lineAt, debugLines, type LineRow } from "../toolchain/debug-lines.js";
import { parseElf } from "../toolchain/elf.js";
import { disassembly } from "../toolchain/listing.js";
import type { Image } from "../toolchain/image.js";
import type { Target } from "../targets/target.js";
import { describeCall } from "../verify/equivalence.js";
import { operationName, type HeapOperations } from "../traces/operation.js";
import type { PricedInstruction, PricedLine, WorkloadPictures, WorstCall } from "./pictures.js";

/** A workload whose calls may be the worst. */
export interface Candidate {
  readonly picture: WorkloadPictures;
  readonly operations: HeapOperations;
}

export interface WorstCallRequest {
  readonly engine: CoreEngine;
  readonly image: Image;
  readonly target: Target;
  /** The C that the image was made of. */
  readonly source: { readonly name: string; readonly text: string };
}

/** Of each function that was called, in the order of their codes. */
export function worstCalls(
  request: WorstCallRequest,
  candidates: readonly Candidate[],
): readonly WorstCall[] {
  const { image } = request;
  const elf = parseElf(image.elf);
  const texts = disassembly(image.elf, elf.machine);
  const rows = debugLines(elf.sections);
  return [...dearest(candidates)].map(([code, { picture, operations, index, cycles }]) => ({
    function: operationName(code),
    workload: picture.name,
    operation: index,
    call: describeCall(operations, index),
    cycles,
    file: request.source.name,
    lines: byLine(stepsOf(request, operations, index), { rows, texts, source: request.source }),
  }));
}

interface Dearest extends Candidate {
  readonly index: number;
  readonly cycles: number;
}

/** The first of those that took most, by function. */
function dearest(candidates: readonly Candidate[]): ReadonlyMap<number, Dearest> {
  const found = new Map<number, Dearest>();
  for (const candidate of candidates) {
    const { kinds, cycles } = candidate.picture;
    for (const [index, code] of kinds.entries()) {
      const taken = cycles[index] ?? 0;
      if (taken > (found.get(code)?.cycles ?? 0)) found.set(code, { ...candidate, index, cycles: taken });
    }
  }
  return new Map([...found].sort(([left], [right]) => left - right));
}

interface Step {
  readonly at: number;
  readonly cycles: number;
}

/** The workload is replayed up to the call. */
function stepsOf(
  { engine, image, target }: WorstCallRequest,
  operations: HeapOperations,
  index: number,
): readonly Step[] {
  const session = engine.open(image, target, operations, { checkPayloads: false, trace: index });
  try {
    if (session.reset() !== undefined) return [];
    session.execute(0, index + 1);
    return session.priced();
  } finally {
    session.close();
  }
}

interface Listing {
  readonly rows: readonly LineRow[];
  readonly texts: ReadonlyMap<number, string>;
  readonly source: WorstCallRequest["source"];
}

function byLine(steps: readonly Step[], { rows, texts, source }: Listing): readonly PricedLine[] {
  const instructions = new Map<number, PricedInstruction>();
  for (const { at, cycles } of steps) {
    const known = instructions.get(at);
    instructions.set(at, {
      address: at,
      text: texts.get(at) ?? "",
      count: (known?.count ?? 0) + 1,
      cycles: (known?.cycles ?? 0) + cycles,
    });
  }
  const text = source.text.split("\n");
  const lines = new Map<number, PricedInstruction[]>();
  for (const instruction of [...instructions.values()].sort((left, right) => left.address - right.address)) {
    const row = lineAt(rows, instruction.address);
    const line = row?.file === source.name ? row.line : 0;
    const others = lines.get(line);
    if (others === undefined) lines.set(line, [instruction]);
    else others.push(instruction);
  }
  return [...lines]
    .sort(([left], [right]) => left - right)
    .map(([line, own]) => ({
      line,
      text: text[line - 1] ?? "",
      cycles: own.reduce((sum, { cycles }) => sum + cycles, 0),
      instructions: own,
    }));
}
