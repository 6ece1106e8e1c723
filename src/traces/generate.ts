/** Generated traces: a workload, a seed and a heap always give the same operations. */
import type { WorkloadName } from "../config/config.js";
import type { Trace, TraceOperation } from "./operation.js";
import { seededRandom } from "./random.js";
import { workloads } from "./workloads/registry.js";
import type { WorkloadParameters } from "./workloads/workload.js";

export interface GenerateOptions extends WorkloadParameters {
  /** 0 to 2^32 - 1. */
  readonly seed: number;
  /** Exactly so many operations are generated; blocks may be live at the end. */
  readonly operations: number;
}

export function generateWorkload(name: WorkloadName, options: GenerateOptions): Trace {
  const { seed, heapBytes } = options;
  const random = seededRandom(seed, name);
  const sequence = workloads[name](options, random);
  const operations: TraceOperation[] = [];
  while (operations.length < options.operations) operations.push(sequence.next().value);
  const header = new Map([
    ["workload", name],
    ["seed", String(seed)],
    ["heap_bytes", String(heapBytes)],
    ["events", String(operations.length)],
  ]);
  return { name, header, operations };
}
