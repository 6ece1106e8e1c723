/** One trace through one allocator: what it cost, and the first promise that was broken. */
import type { Fault, Session } from "../emulators/engine.js";
import { initFailedSymbol } from "../build/peer-calls.js";
import type { LoweredTrace } from "../traces/lower.js";
import { OperationCode, type HeapOperations, type Trace } from "../traces/operation.js";
import { distribution } from "../verify/workload.js";
import type { Distribution } from "../verify/verification.js";
import { BlockMap } from "./block-map.js";
import type { Arena, Contestant } from "./contestant.js";
import { lowerForPeer, unforeseenFailure, withFrees } from "./lower-for-peer.js";

/** Operations between two looks at the results. */
const interval = 4096;

export interface CallFigures {
  readonly calls: number;
  /** Calls of malloc that gave NULL. */
  readonly failed: number;
  readonly instructions: Distribution;
  readonly cycles: Distribution;
}

export interface Replay {
  /** Mallocs and frees; fewer than the trace has where a promise was broken. */
  readonly operations: number;
  readonly malloc: CallFigures;
  readonly free: CallFigures;
  /** Sentence without a full stop. */
  readonly broken?: string;
}

/**
 * Every address is held against the heap's range, the promised alignment and the other live blocks; every payload is
 * filled, and compared before its free. Blocks that the trace leaves are freed at the end, which counts for no figure.
 */
export function replayTrace(arena: Arena, contestant: Contestant, trace: Trace): Replay {
  const whole = withFrees(trace);
  const failing = new Set<number>();
  for (;;) {
    const lowered = lowerForPeer(whole, failing);
    const session = arena.engine.open(contestant.image, arena.target, lowered.operations);
    try {
      const end = execute(session, contestant, lowered, whole);
      if (end.unforeseen !== undefined) {
        failing.add(end.unforeseen);
        continue;
      }
      const ofTrace = lowered.origin.findIndex((from) => from >= trace.operations.length);
      const length = ofTrace < 0 ? end.completed : Math.min(end.completed, ofTrace);
      return {
        operations: length,
        malloc: callFigures(OperationCode.malloc, lowered.operations, length, session),
        free: callFigures(OperationCode.free, lowered.operations, length, session),
        ...(end.broken === undefined ? {} : { broken: end.broken }),
      };
    } finally {
      session.close();
    }
  }
}

interface End {
  readonly completed: number;
  readonly broken?: string;
  /** A realloc that failed, which the lowering did not know. */
  readonly unforeseen?: number;
}

function execute(session: Session, contestant: Contestant, lowered: LoweredTrace, trace: Trace): End {
  const { operations } = lowered;
  const map = new BlockMap(contestant);
  const initFault = session.reset();
  if (initFault !== undefined) return { completed: 0, broken: faultOfInit(initFault, contestant) };
  for (let from = 0; from < operations.length; from += interval) {
    const to = Math.min(from + interval, operations.length);
    const { completed, fault } = session.execute(from, to);
    const done = from + completed;
    const unforeseen = unforeseenFailure(lowered, trace, session.results, from, done);
    if (unforeseen !== undefined) return { completed: done, unforeseen };
    const wrong = followBlocks(map, operations, session.results, from, done);
    if (wrong !== undefined) return { completed: wrong.operation, broken: wrong.what };
    if (fault !== undefined) return { completed: done, broken: sentenceOf(fault) };
  }
  return { completed: operations.length };
}

function faultOfInit(fault: Fault, { image }: Contestant): string {
  const failed = image.symbols.get(initFailedSymbol);
  const { pc = -1 } = fault;
  if (failed !== undefined && pc >= failed.address && pc < failed.address + failed.bytes) {
    return `init refuses a heap of ${image.heapBytes} bytes`;
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
  for (let operation = from; operation < to; operation++) {
    const value = argument[operation] ?? 0;
    if (kind[operation] === OperationCode.malloc) {
      const address = results[operation] ?? 0;
      const what = address === 0 ? undefined : map.take(operation, address, value);
      if (what !== undefined) return { operation, what };
    } else {
      const address = results[value] ?? 0;
      if (address !== 0) map.release(address, argument[value] ?? 0);
    }
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
  const isMalloc = code === OperationCode.malloc;
  return {
    calls: indexes.length,
    failed: isMalloc ? indexes.filter((index) => session.results[index] === 0).length : 0,
    instructions: distribution(of(session.instructions)),
    cycles: distribution(of(session.cycles)),
  };
}
