/** Images with one bit of the allocator's code changed, and what engines make of each: a verdict, which must be the same in all. */
import { isDeepStrictEqual } from "node:util";
import type { CoreEngine } from "../../src/emulators/core/engine.js";
import type { CoreSession } from "../../src/emulators/core/session.js";
import type { Engine, Fault } from "../../src/emulators/engine.js";
import { controlBlockBytes } from "../../src/emulators/control-block.js";
import { pageBytes } from "../../src/emulators/image-regions.js";
import { boardMemory } from "../../src/emulators/qemu/memory.js";
import { AllocGenError } from "../../src/diagnostics.js";
import { LR } from "../../src/machine/arm/instruction.js";
import type { Target } from "../../src/targets/target.js";
import { hex } from "../../src/emulators/replay-faults.js";
import type { HeapOperations } from "../../src/traces/operation.js";
import type { Random } from "../../src/traces/random.js";
import type { Image } from "../../src/toolchain/image.js";
import { testConfig, type TestConfig } from "./configs.js";
import { uniformOperations } from "./engine-images.js";
import { imageFor } from "./image-for.js";
import { drawConfig } from "./sampled-configs.js";
import { armTargets, isAccepted } from "./targets.js";

/** A byte of the allocator's code, and a bit of it. */
export interface Flip {
  readonly address: number;
  /** 0 to 7. */
  readonly bit: number;
}

export function flipped(image: Image, { address, bit }: Flip): Image {
  const segments = image.segments.map((segment) => {
    const offset = address - segment.address;
    if (offset < 0 || offset >= segment.data.length) return segment;
    return { ...segment, data: segment.data.with(offset, (segment.data[offset] ?? 0) ^ (1 << bit)) };
  });
  return { ...image, segments };
}

/** Above what any operation takes that ends. */
const instructionLimit = 20_000;

/** What an engine makes of an image. */
export interface Verdict {
  readonly completed: number;
  /** Of the operations that were completed. */
  readonly addresses: Uint32Array;
  readonly instructions: Uint32Array;
  /** Where all were. */
  readonly heap: Uint8Array | undefined;
  readonly fault: Fault | undefined;
}

const nothing = new Uint32Array(0);

export function verdictOf(engine: Engine, image: Image, target: Target, operations: HeapOperations): Verdict {
  const session = engine.open(image, target, operations, { instructionLimit });
  try {
    const atInit = session.reset();
    if (atInit !== undefined)
      return { completed: 0, addresses: nothing, instructions: nothing, heap: undefined, fault: atInit };
    const { completed, fault } = session.execute(0, operations.length);
    return {
      completed,
      addresses: session.results.slice(0, completed),
      instructions: session.instructions.slice(0, completed),
      heap: fault === undefined ? session.heap.slice() : undefined,
      fault,
    };
  } finally {
    session.close();
  }
}

/**
 * Whether two engines that have the same memory agree: operations, addresses, instructions, heap; of a fault the cause, the
 * operation, the address of the access and the instruction, but where only the block is known that it is in.
 */
export function difference(one: Verdict, other: Verdict): string | undefined {
  if (one.completed !== other.completed) return `${one.completed} and ${other.completed} operations`;
  if (!isSameUpTo(one, other, one.completed)) return "other addresses or instructions";
  if (!isDeepStrictEqual(one.heap, other.heap)) return "other heaps";
  const [first, second] = [one.fault, other.fault];
  if (first?.cause !== second?.cause) return "other causes";
  if (first?.operation !== second?.operation) return "other operations";
  if (!isSameAddress(first?.address, second?.address)) return "other addresses of the access";
  // That an operation does not end is noticed at the end of a block, and Unicorn may end it elsewhere.
  const isAround = isBlock(first) || isBlock(second) || first?.cause === "hang";
  return first?.pc === second?.pc || isAround ? undefined : "other instructions";
}

const isSameUpTo = (one: Verdict, other: Verdict, operations: number): boolean =>
  isDeepStrictEqual(one.addresses.subarray(0, operations), other.addresses.subarray(0, operations)) &&
  isDeepStrictEqual(one.instructions.subarray(0, operations), other.instructions.subarray(0, operations));

const isBlock = (fault: Fault | undefined): boolean => fault?.message.includes("the code from ") === true;

/** Unicorn keeps what is written to the lowest bits of SP, and addresses that are made of it have them. */
const isSameAddress = (one: number | undefined, other: number | undefined): boolean =>
  one === other || (one !== undefined && one % 4 === 0 && one === ((other ?? 0) & ~3) >>> 0);

const withoutPlace = (fault: Fault | undefined): Fault | undefined =>
  fault && { cause: fault.cause, operation: fault.operation, message: fault.message };

/** Causes that ask which memory there is: a board has far more than an image. */
const aboutMemory: ReadonlySet<string | undefined> = new Set([
  "read-unmapped",
  "write-unmapped",
  "write-protected",
  "fetch-unmapped",
  "stack-overflow",
  "stray-write",
  "stray-access",
]);

/**
 * The same with a board as the second. Where the first found no fault, or one that is not about memory, all must be alike: the
 * operations that were completed, the address and the instructions of each, the heap, and the cause and operation of the fault.
 * Where it found an access outside of its memory, a board may go on, or take another fault: operations before are compared.
 */
export function differenceFromBoard(one: Verdict, board: Verdict): string | undefined {
  // A board's run that hangs is run again in shorter ones, and a stray write is told at the end of each.
  if (one.fault?.cause === "hang" && board.fault?.cause === "stray-write")
    return isSameUpTo(one, board, board.completed) ? undefined : "other addresses or instructions";
  if (isCompared(one, board)) {
    return difference(
      { ...one, fault: withoutPlace(one.fault) },
      { ...board, fault: withoutPlace(board.fault) },
    );
  }
  if (board.completed < one.completed) return `${one.completed} and ${board.completed} operations`;
  return isSameUpTo(one, board, one.completed) ? undefined : "other addresses or instructions";
}

/** Whether the board must come to the same end. */
function isCompared({ fault }: Verdict, board: Verdict): boolean {
  const isElsewhere = fault?.message.startsWith("there is no code") === true;
  // ARMv6-M does not say why it took a fault.
  const isUnsaid = fault?.cause === "unaligned-access" && board.fault?.cause === "other";
  return !aboutMemory.has(fault?.cause) && !isElsewhere && !isUnsaid;
}

/** A board that hangs or locks up hands nothing back that could be compared. */
const isLost = (one: Verdict, { fault }: Verdict): boolean =>
  one.fault !== undefined && (fault?.cause === "hang" || fault?.message.includes("locked up") === true);

/** WFE, WFI, YIELD and their like wait for what a system does: Unicorn ends a run there. */
const isHint = (halfword: number): boolean =>
  halfword >>> 8 === 0xbf && (halfword & 0xf) === 0 && halfword !== 0xbf00;

export interface Flipping {
  readonly engine: CoreEngine;
  readonly witness: Engine;
  /** Whether the witness runs a whole board. */
  readonly isBoard: boolean;
  readonly random: Random;
  /** Images of each config. */
  readonly each: number;
  /** Drawn until so many were flipped. */
  readonly images: number;
  /** Told of each difference. */
  readonly tell: (line: string) => void;
}

/**
 * How many images ended how in all engines, by the cause of the fault; "refused" by an engine that lacks an instruction; "lost"
 * where a board went on from a fault and handed nothing back.
 */
export async function flipImages(flipping: Flipping): Promise<ReadonlyMap<string, number>> {
  const { witness, isBoard, random, each, images, tell } = flipping;
  const engine = isBoard ? asOnBoard(flipping.engine) : flipping.engine;
  const compare = isBoard ? differenceFromBoard : difference;
  const counts = new Map<string, number>();
  const operations = uniformOperations(300, 60);
  for (let flippedOnes = 0; flippedOnes < images;) {
    const test: TestConfig = { ...drawConfig(random), size: 8192, placement: { kind: "static" } };
    // On RISC-V a board allows unaligned accesses, and Unicorn ends blocks elsewhere: engines then tell of a fault otherwise.
    if (!armTargets.includes(testConfig(test).target) || !isAccepted(test)) continue;
    const { image, target } = await imageFor(test).catch(() => ({ image: undefined, target: undefined }));
    if (image === undefined) continue;
    const { start, end } = image.code;
    for (let count = 0; count < each && flippedOnes < images;) {
      const flip = { address: start + random.below(end - start), bit: random.below(8) };
      const changed = flipped(image, flip);
      if (isHint(halfwordAt(changed, flip.address & ~1))) continue;
      count += 1;
      flippedOnes += 1;
      const one = verdictOf(engine, changed, target, operations);
      const other = witnessed(() => verdictOf(witness, changed, target, operations), isBoard && one.fault);
      const isGone = other === undefined || (isBoard && !isCompared(one, other) && isLost(one, other));
      const differs = isRefused(one) || isGone ? undefined : compare(one, other);
      const kind = isRefused(one)
        ? "refused"
        : isGone
          ? "lost"
          : differs === undefined
            ? (one.fault?.cause ?? "none")
            : "differs";
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
      if (differs !== undefined) {
        const verdicts = [one, other].map(
          (verdict) => `${verdict?.completed}, ${JSON.stringify(verdict?.fault)}`,
        );
        tell(
          `${JSON.stringify(test)}: bit ${flip.bit} of ${hex(flip.address)}: ${differs}: ${verdicts.join("; ")}`,
        );
      }
    }
  }
  return counts;
}

/**
 * Payloads hold what they hold on a board, and the driver's memory is where it is there: broken code may read payloads as metadata,
 * and take what the driver left in registers.
 */
const asOnBoard = (engine: CoreEngine): CoreEngine => ({
  ...engine,
  open: (image, target, operations, options) => {
    const driver = boardMemory(target, operations.length);
    // Behind its control block a board has what it asks its host for.
    const calls = { address: driver.control + controlBlockBytes, bytes: pageBytes - controlBlockBytes };
    const session = engine.open(image, target, operations, {
      ...options,
      payloads: "guest",
      driver,
      forbidden: [calls],
    });
    const reset = session.reset.bind(session);
    session.reset = (heapFill) => {
      const fault = reset(heapFill);
      if (fault === undefined) boot(session);
      return fault;
    };
    return session;
  },
});

/** A board begins anew behind init: registers and masks are 0, but the link register all ones (ARMv7-M ARM, B1.5.5). */
function boot(session: CoreSession): void {
  const { memory, registers } = session.save();
  const words = registers.words.map(([number]) => [number, number === LR ? 0xffff_ffff : 0] as const);
  const masks = registers.masks.map(() => 0);
  session.resume({ memory, registers: { words, flags: 0, masks } }, session.results.slice());
}

/** A board that executes whatever it finds may call its host for what there is not, which ends QEMU. */
function witnessed(verdict: () => Verdict, fault: Fault | false | undefined): Verdict | undefined {
  try {
    return verdict();
  } catch (error) {
    if (error instanceof AllocGenError && fault !== undefined && fault !== false) return undefined;
    throw error;
  }
}

/** An engine said what it does not describe. */
const isRefused = ({ fault }: Verdict): boolean => fault?.message.includes("does not describe") === true;

function halfwordAt({ segments }: Image, address: number): number {
  for (const { address: start, data } of segments) {
    const offset = address - start;
    if (offset >= 0 && offset < data.length) return (data[offset] ?? 0) | ((data[offset + 1] ?? 0) << 8);
  }
  return 0;
}
