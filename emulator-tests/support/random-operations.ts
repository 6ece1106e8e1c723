/** Operations that drive a heap through all its states: phases of filling and draining, with requests of every kind. */
import { OperationCode, type HeapOperations } from "../../src/traces/operation.js";
import type { Random } from "../../src/traces/random.js";

export interface RandomOperationsOptions {
  readonly length: number;
  readonly heapBytes: number;
  /** Largest request the heap serves. */
  readonly maximumRequest: number;
}

type Sequence = { readonly kind: number; readonly argument: number }[];

/** How a phase behaves: what it asks for, how full it keeps the heap, and whom it frees. */
interface Phase {
  readonly operations: number;
  readonly largest: number;
  /** Sizes a multiple of this: makes equal blocks likely. */
  readonly step: number;
  readonly share: number;
  readonly victim: "oldest" | "newest" | "any";
}

function drawPhase(options: RandomOperationsOptions, random: Random): Phase {
  const { heapBytes, maximumRequest } = options;
  const scale = 2 ** -random.between(1, Math.floor(Math.log2(heapBytes)) - 3);
  return {
    operations: random.between(20, 150),
    largest: Math.max(1, Math.min(maximumRequest, Math.floor(heapBytes * scale))),
    step: [1, 1, 8, 24][random.below(4)] ?? 1,
    share: [0.35, 0.5, 0.6, 0.8][random.below(4)] ?? 0.5,
    victim: (["oldest", "newest", "any", "any"] as const)[random.below(4)] ?? "any",
  };
}

/** Sizes at which a careless allocator goes wrong. */
function edgeSize({ heapBytes, maximumRequest }: RandomOperationsOptions, random: Random): number {
  const sizes = [
    0,
    1,
    maximumRequest,
    maximumRequest + 1,
    heapBytes,
    0xffff,
    0x10000,
    2 ** 31,
    2 ** 32 - 1,
    2 ** 32 - random.between(1, 64),
    random.below(2 ** 32),
  ];
  return sizes[random.below(sizes.length)] ?? 0;
}

/** A drained heap must serve its largest request again, where blocks merge; where they do not, it says NULL. */
function drain(sequence: Sequence, live: number[], maximumRequest: number): void {
  for (const argument of live.splice(0)) sequence.push({ kind: OperationCode.free, argument });
  sequence.push({ kind: OperationCode.malloc, argument: maximumRequest });
  sequence.push({ kind: OperationCode.free, argument: sequence.length - 1 });
}

/** A block may fail to be allocated; its free is then free(NULL), which both sides must take. */
export function randomOperations(options: RandomOperationsOptions, random: Random): HeapOperations {
  const sequence: Sequence = [];
  const live: number[] = [];
  const malloc = (size: number) => {
    live.push(sequence.length);
    sequence.push({ kind: OperationCode.malloc, argument: size });
  };
  while (sequence.length < options.length) {
    const phase = drawPhase(options, random);
    for (let left = phase.operations; left > 0; left--) {
      if (random.chance(0.02)) malloc(edgeSize(options, random));
      else if (live.length === 0 || random.chance(phase.share)) {
        malloc(Math.ceil(random.between(1, phase.largest) / phase.step) * phase.step);
      } else {
        const at = { oldest: 0, newest: live.length - 1, any: random.below(live.length) }[phase.victim];
        sequence.push({ kind: OperationCode.free, argument: live.splice(at, 1)[0] ?? 0 });
      }
    }
    if (random.chance(0.2)) drain(sequence, live, options.maximumRequest);
  }
  return fromSequence(sequence);
}

export function fromSequence(sequence: Sequence): HeapOperations {
  return {
    length: sequence.length,
    kind: Uint8Array.from(sequence, ({ kind }) => kind),
    argument: Uint32Array.from(sequence, ({ argument }) => argument),
  };
}
