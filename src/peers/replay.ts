/** One trace through one allocator: what it cost, and the first promise that was broken. */
import type { Fault, Session } from "../emulators/engine.js";
import { initFailedSymbol } from "./peer-calls.js";
import type { LoweredTrace } from "../traces/lower.js";
import { OperationCode, secondArgument, type HeapOperations, type Trace } from "../traces/operation.js";
import { distribution } from "../verify/workload.js";
import type { Distribution } from "../verify/verification.js";
import { BlockMap } from "./block-map.js";
import type { Rig, Candidate } from "./candidate.js";
import {
  batchesByRealloc,
  dependsOnFailures,
  lowerForPeer,
  oldBlock,
  unforeseenFailures,
  withFrees,
} from "./lower-for-peer.js";
import { resultsOnly } from "./results-only.js";

/** Operations between two looks at the results. */
const interval = 4096;

export interface CallFigures {
  readonly calls: number;
  /** Calls that asked for a block and got NULL. */
  readonly failed: number;
  readonly instructions: Distribution;
  readonly cycles: Distribution;
}

export interface Replay {
  /** Mallocs and frees; fewer than the trace has where a promise was broken. */
  readonly operations: number;
  readonly malloc: CallFigures;
  readonly free: CallFigures;
  /** Where reallocs were the allocator's own. */
  readonly realloc?: CallFigures;
  /** Sentence without a full stop. */
  readonly broken?: string;
}

/**
 * Every address is held against the heap's range, the promised alignment and the other live blocks; every payload is
 * filled, and compared before its free. Blocks that the trace leaves are freed at the end, which counts for no figure.
 */
export function replayTrace(rig: Rig, candidate: Candidate, trace: Trace, ownRealloc = false): Replay {
  const whole = withFrees(trace);
  const hopeful = replayLowered(rig, candidate, trace, whole, lowerForPeer(whole, ownRealloc));
  if (hopeful !== undefined) return hopeful;
  const failing = failingRequests(rig, candidate, whole, ownRealloc);
  const known = replayLowered(rig, candidate, trace, whole, lowerForPeer(whole, ownRealloc, failing));
  if (known === undefined) throw new Error("an allocator did not do twice the same");
  return known;
}

/** Undefined where a request failed that the lowering took to succeed, and it matters. */
function replayLowered(
  { engine, target }: Rig,
  candidate: Candidate,
  trace: Trace,
  whole: Trace,
  lowered: LoweredTrace,
): Replay | undefined {
  const { operations, origin } = lowered;
  const hasRealloc = operations.kind.includes(OperationCode.realloc);
  const session = engine.open(candidate.image, target, operations);
  try {
    const { completed, broken, unforeseen } = execute(session, candidate, lowered, dependsOnFailures(whole));
    if (unforeseen) return undefined;
    const ofTrace = origin.findIndex((from) => from >= trace.operations.length);
    const length = ofTrace < 0 ? completed : Math.min(completed, ofTrace);
    return {
      operations: length,
      malloc: callFigures(OperationCode.malloc, operations, length, session),
      free: callFigures(OperationCode.free, operations, length, session),
      ...(hasRealloc ? { realloc: callFigures(OperationCode.realloc, operations, length, session) } : {}),
      ...(broken === undefined ? {} : { broken }),
    };
  } finally {
    session.close();
  }
}

/**
 * Operations of the trace that get NULL. Where a realloc does, the host hands the address of the old block on to the
 * new one before the next operation: the free of the old block is then a free of NULL, and what is done to the new
 * block is done to the old one.
 */
function failingRequests(
  { engine, target }: Rig,
  { image }: Candidate,
  trace: Trace,
  ownRealloc: boolean,
): ReadonlySet<number> {
  const lowered = lowerForPeer(trace, ownRealloc);
  const { operations, origin } = lowered;
  const failing = new Set<number>();
  const session = engine.open(image, target, operations, resultsOnly);
  try {
    if (session.reset() !== undefined) return failing;
    const { results } = session;
    let from = 0;
    for (const to of batchesByRealloc(lowered, trace)) {
      if (session.execute(from, to).fault !== undefined) break;
      for (const failed of unforeseenFailures(lowered, results, from, to)) failing.add(origin[failed] ?? 0);
      from = to;
      const old = oldBlock(lowered, to - 1);
      if (results[to - 1] !== 0 || old === undefined) continue;
      results[to - 1] = results[old] ?? 0;
      results[old] = 0;
    }
    return failing;
  } finally {
    session.close();
  }
}

interface End {
  readonly completed: number;
  readonly broken?: string;
  readonly unforeseen: boolean;
}

function execute(
  session: Session,
  candidate: Candidate,
  lowered: LoweredTrace,
  failuresMatter: boolean,
): End {
  const { operations } = lowered;
  const map = new BlockMap(candidate);
  const initFault = session.reset();
  if (initFault !== undefined) return broken(0, faultOfInit(initFault, candidate));
  for (let from = 0; from < operations.length; from += interval) {
    const to = Math.min(from + interval, operations.length);
    const { completed, fault } = session.execute(from, to);
    const done = from + completed;
    // From there on the operations are not those of the trace.
    const unforeseen = unforeseenFailures(lowered, session.results, from, done).length > 0;
    if (failuresMatter && unforeseen) return { completed: done, unforeseen };
    const wrong = followBlocks(map, operations, session.results, from, done);
    if (wrong !== undefined) return broken(wrong.operation, wrong.what);
    if (fault !== undefined) return broken(done, sentenceOf(fault));
  }
  return { completed: operations.length, unforeseen: false };
}

const broken = (completed: number, what: string): End => ({ completed, broken: what, unforeseen: false });

function faultOfInit(fault: Fault, { image }: Candidate): string {
  const failed = image.symbols.get(initFailedSymbol);
  const { pc = -1 } = fault;
  if (failed !== undefined && pc >= failed.address && pc < failed.address + failed.bytes) {
    return `init rejects a heap of ${image.heapBytes} bytes`;
  }
  return `init: ${fault.message}`;
}

const sentenceOf = ({ operation, message }: Fault): string => `operation ${operation}: ${message}`;

/** The first block of operations [from, to) that is not where it may be. */
function followBlocks(
  map: BlockMap,
  operations: HeapOperations,
  results: Uint32Array,
  from: number,
  to: number,
): { readonly operation: number; readonly what: string } | undefined {
  const { kind, argument } = operations;
  const release = (allocation: number): void => {
    const address = results[allocation] ?? 0;
    if (address !== 0) map.release(address, argument[allocation] ?? 0);
  };
  for (let operation = from; operation < to; operation++) {
    const value = argument[operation] ?? 0;
    if (kind[operation] === OperationCode.free) {
      release(value);
      continue;
    }
    const address = results[operation] ?? 0;
    if (address === 0) continue;
    if (kind[operation] === OperationCode.realloc) release(secondArgument(operations, operation));
    const what = map.take(operation, address, value);
    if (what !== undefined) return { operation, what };
  }
  return undefined;
}

function callFigures(
  code: number,
  operations: HeapOperations,
  length: number,
  session: Session,
): CallFigures {
  const indexes: number[] = [];
  for (let index = 0; index < length; index++) if (operations.kind[index] === code) indexes.push(index);
  const of = (values: Uint32Array): Uint32Array => Uint32Array.from(indexes, (index) => values[index] ?? 0);
  const asks = code !== OperationCode.free;
  return {
    calls: indexes.length,
    failed: asks ? indexes.filter((index) => session.results[index] === 0).length : 0,
    instructions: distribution(of(session.instructions)),
    cycles: distribution(of(session.cycles)),
  };
}
