/** The thread: one request after the other; replays go as far ahead as there is room for heaps. */
import { parentPort, workerData } from "node:worker_threads";
import type { Engine, Session } from "../emulators/engine.js";
import { jsWithWitness } from "../emulators/compared/open.js";
import { jsEngine } from "../emulators/js/engine.js";
import { unicornEngine } from "../emulators/unicorn/engine.js";
import { proveTask, type ProofTask, type ProvenBounds } from "../proof/task.js";
import {
  ready,
  SharedReplay,
  SharedWords,
  type AheadEngine,
  type ReplayEnd,
  type ReplayRequest,
  type ThreadRequest,
} from "./shared.js";

const engines = { witnessed: jsWithWitness, js: jsEngine, unicorn: unicornEngine } as const;

/** Undefined where something failed that is not the guest's fault: who waits finds the same by himself. */
function replay(engine: Engine, request: ReplayRequest, shared: SharedReplay): ReplayEnd | undefined {
  const { isWitness, image, target, operations, options } = request;
  const { witness } = engine;
  let session: Session | undefined;
  try {
    session = (isWitness && witness?.kind === "engine" ? witness.engine : engine).open(
      image,
      target,
      operations,
      options,
    );
    return replayIn(session, request, shared);
  } catch {
    return undefined;
  } finally {
    session?.close();
  }
}

function replayIn(session: Session, request: ReplayRequest, shared: SharedReplay): ReplayEnd {
  const { operations, interval, heapFill } = request;
  const end = () => ({
    stackBytes: session.stackBytes(),
    coverage: session.coverage(),
    witnessed: session.witnessed?.() ?? 0,
  });
  const fault = session.reset(heapFill);
  if (fault !== undefined) return { ...end(), fault, completed: 0 };
  shared.heap(0).set(session.heap);
  shared.words.set("done", 1);
  for (let from = 0, step = 1; from < operations.length; from += interval, step++) {
    shared.words.waitUntil(() => shared.hasRoom(step) || shared.words.get("stopped") === 1);
    if (shared.words.get("stopped") === 1) break;
    const to = Math.min(from + interval, operations.length);
    const { completed, fault: found } = session.execute(from, to);
    for (const name of ["results", "instructions", "cycles", "maskingCycles"] as const)
      shared[name].set(session[name].subarray(from, to), from);
    if (found !== undefined) return { ...end(), fault: found, completed };
    shared.heap(step).set(session.heap);
    shared.words.set("done", step + 1);
  }
  return { ...end(), completed: 0 };
}

/** Undefined as of a replay. */
function proof(task: ProofTask): ProvenBounds | undefined {
  try {
    return proveTask(task);
  } catch {
    return undefined;
  }
}

function serve(engine: Engine, request: ThreadRequest): SharedWords {
  if (request.kind === "proof") {
    request.port.postMessage(proof(request.task));
    return SharedWords.received(request.words);
  }
  const shared = SharedReplay.received(request.shared);
  request.port.postMessage(replay(engine, request, shared));
  return shared.words;
}

/** Tells that it is ready, and takes requests from then on. */
export function run(): void {
  const engine = engines[workerData as AheadEngine]();
  parentPort?.on("message", (request: ThreadRequest) => {
    const words = serve(engine, request);
    request.port.close();
    words.set("ended", 1);
  });
  parentPort?.postMessage(ready);
}
