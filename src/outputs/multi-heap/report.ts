/** What the proof of one malloc over several heaps found. */
import { formatCount } from "../../report/table.js";
import { operationNames, type OperationName } from "../../traces/operation.js";
import type { OutputProof } from "../output.js";
import { frontNames, type MultiHeapPlan } from "./plan.js";
import type { MultiHeapProof } from "./replay.js";

export interface MultiHeapReport {
  readonly name: string;
  readonly ok: boolean;
  readonly operations: number;
  /** Requests served by each heap, in the order in which they are tried. */
  readonly served: readonly { readonly heap: string; readonly calls: number }[];
  /** Requests that a heap other than the first with the capabilities served. */
  readonly fellBack: number;
  /** Requests for capabilities that no heap has. */
  readonly incapable: number;
  /** Requests that no heap with the capabilities had room for. */
  readonly full: number;
  /** Blocks that realloc took to another heap; absent where there is no realloc. */
  readonly moved?: number;
  /** Cycles that no call takes more of, by function; a function is absent where none is proven, all where none was to be. */
  readonly boundCycles?: Readonly<Partial<Record<OperationName, number>>>;
  readonly mismatch?: { readonly operation: number; readonly message: string };
}

function reportOf(multiHeap: MultiHeapPlan, proof: MultiHeapProof): MultiHeapReport {
  const { operations, served, fellBack, incapable, full, moved, bounds, mismatch } = proof;
  return {
    name: multiHeap.name,
    ok: mismatch === undefined,
    operations,
    served: served.map((calls, index) => ({
      heap: multiHeap.heaps[index]?.plan.name ?? `${multiHeap.regions?.plan.name ?? ""} that was added`,
      calls,
    })),
    ...{ fellBack, incapable, full },
    ...(moved === undefined ? {} : { moved }),
    ...(bounds === undefined ? {} : { boundCycles: bounds }),
    ...(mismatch === undefined ? {} : { mismatch }),
  };
}

export function proofOf(multiHeap: MultiHeapPlan, proof: MultiHeapProof): OutputProof {
  const report = reportOf(multiHeap, proof);
  const { name, operations, mismatch } = report;
  return {
    key: "front",
    report,
    subject: name,
    title: `${name} over all heaps`,
    tried: `${formatCount(operations)} operations`,
    ...(mismatch === undefined ? {} : { failure: `operation ${mismatch.operation}: ${mismatch.message}` }),
    lines: linesOf(multiHeap, report, proof),
  };
}

/** "malloc 91, free 62 cycles, proven" */
function boundsText(multiHeap: MultiHeapPlan, bounds: NonNullable<MultiHeapReport["boundCycles"]>): string {
  const has = frontNames(multiHeap);
  const each = operationNames
    .filter((name) => has[name] !== undefined)
    .map((name) => `${name} ${bounds[name] === undefined ? "unproven" : formatCount(bounds[name])}`);
  return `${each.join(", ")}: cycles that no call takes more of, proven of all heaps' code together`;
}

/** What it calls, by the names in the C. */
function functionsOf(multiHeap: MultiHeapPlan): readonly string[] {
  const { malloc, calloc, realloc, alignedAlloc } = frontNames(multiHeap);
  return [malloc, calloc, realloc, alignedAlloc].filter((name) => name !== undefined);
}

function linesOf(multiHeap: MultiHeapPlan, report: MultiHeapReport, { notCalled }: MultiHeapProof): string[] {
  const { name, operations, served, fellBack, incapable, full, moved, boundCycles, mismatch } = report;
  const { api } = multiHeap;
  const { calloc } = frontNames(multiHeap);
  const each = served.map(({ heap, calls }) => `${heap} ${formatCount(calls)}`).join(", ");
  const bySize = multiHeap.by === "size";
  const isPartly = notCalled !== undefined && mismatch === undefined;
  const uncalled = [
    ...(api.usableSize ? [`${name}_usable_size`] : []),
    ...(calloc === undefined ? [] : [`${calloc} of more than memory holds`]),
  ];
  return [
    `Multi-heap ${name}: ${formatCount(operations)} operations through ${functionsOf(multiHeap).join(", ")} and ${name}_free`,
    `served    ${each}; ${formatCount(fellBack)} not by the first heap that ${bySize ? "serves so much" : "has the capabilities"}`,
    bySize
      ? `refused   ${formatCount(full)} for lack of space`
      : `refused   ${formatCount(incapable)} for capabilities that no heap has, ${formatCount(full)} for lack of space`,
    ...(moved === undefined ? [] : [`moved     ${formatCount(moved)} by realloc to another heap`]),
    ...(boundCycles === undefined ? [] : [`bounds    ${boundsText(multiHeap, boundCycles)}`]),
    ...(isPartly ? [`not run   ${uncalled.join(", ")}: ${notCalled} calls no single functions`] : []),
    mismatch === undefined
      ? "OK: every address and all metadata of all heaps match the reference."
      : `FAILED: operation ${mismatch.operation}: ${mismatch.message}.`,
  ];
}
