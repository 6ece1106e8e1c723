/** `alloc-gen certify`: the theorem, and the program that tries to refute it, on the reference and on the core. */
import type { Engine } from "../emulators/engine.js";
import type { Project } from "../pipeline.js";
import { runOnCore } from "../sizing/run-sizing.js";
import type { Trace } from "../traces/operation.js";
import {
  certifiedSize,
  defeatAsItIs,
  hasFixedBlocks,
  isEnough,
  largestDefeated,
  leastBlockBytes,
  mostBlockBytesFor,
  type CertifiedSize,
} from "./certify.js";
import { mostLiveBlockBytes, type Demand } from "./demand.js";
import { proposalsFor, type Proposal } from "./proposals.js";
import { neededByAny } from "./theorems.js";

/** What the adversary did. */
export interface Refutation {
  /** The largest heap that was found not to serve it. */
  readonly heapBytes: number;
  readonly operations: number;
  /** Undefined: the target's RAM holds no such heap, and the reference alone was asked. */
  readonly onCore?: { readonly difference?: string };
}

export interface Certificate {
  readonly project: Project;
  readonly demand: Demand;
  /** Of blocks that are live at once, headers and padding included, at most. */
  readonly liveBlockBytes: number;
  /** Or why there is no size. */
  readonly size: CertifiedSize | string;
  /** Whether the config's own heap serves every sequence. */
  readonly isEnough: boolean;
  readonly refutation: Refutation | undefined;
  /** Bytes of blocks without which no allocator can do, whatever its policy. */
  readonly neededByAny: number;
  /** What o1heap's formula gives for the same demand, in bytes. */
  readonly o1heapBytes: number;
  readonly proposals: readonly Proposal[];
  readonly engine: Engine;
}

/** @throws AllocGenError, exit code 3: a compiler or an emulator is missing or failed. */
export async function certify(project: Project, demand: Demand, engine: Engine): Promise<Certificate> {
  const { plan, target, loaded } = project;
  const size = certifiedSize(loaded.config, target, demand);
  const most = typeof size === "string" ? target.memory.ram.length : size.heapBytes;
  const defeat = hasFixedBlocks(plan)
    ? defeatAsItIs(plan, demand)
    : largestDefeated(loaded.config, target, demand, most);
  const bytesOf = leastBlockBytes(plan);
  return {
    project,
    demand,
    liveBlockBytes: mostLiveBlockBytes(demand, mostBlockBytesFor(plan)),
    size,
    isEnough: isEnough(plan, demand),
    refutation:
      defeat === undefined
        ? undefined
        : {
            heapBytes: defeat.heapBytes,
            operations: defeat.trace.operations.length,
            ...(defeat.heapBytes <= target.memory.ram.length - ramOfDriver
              ? { onCore: await onCore(project, defeat.heapBytes, defeat.trace, engine) }
              : {}),
          },
    neededByAny: neededByAny(demand, bytesOf),
    o1heapBytes: o1heapBytes(demand),
    proposals: proposalsFor(project, demand, size),
    engine,
  };
}

/** Of the target's RAM, for stacks and what drives the allocator. */
const ramOfDriver = 8192;

/** The core refuses the request that the reference refuses, and none before. */
async function onCore(
  project: Project,
  heapBytes: number,
  trace: Trace,
  engine: Engine,
): Promise<{ readonly difference?: string }> {
  const { what, failed } = await runOnCore(project, trace, heapBytes, engine);
  if (what !== undefined) return { difference: what };
  return failed === 1 ? {} : { difference: `${failed} requests return NULL on the core, 1 in the reference` };
}

/** Of a block that o1heap hands out, on a 32-bit core: its README, "Implementation". */
const o1heapOverhead = 16;

/** a k + 2 l n M (ceil(log2 n) + 1) / (l + n), with M and n in blocks of the least request l: o1heap's README. */
function o1heapBytes({ liveBytes, smallest, largest }: Demand): number {
  const [blocks, ofLargest] = [Math.ceil(liveBytes / smallest), Math.ceil(largest / smallest)];
  const most = blocks - ofLargest + 1;
  const levels = Math.ceil(Math.log2(ofLargest)) + 1;
  return Math.ceil(o1heapOverhead * most + (2 * smallest * largest * blocks * levels) / (smallest + largest));
}
