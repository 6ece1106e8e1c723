/**
 * Work on a thread of its own, ahead of who needs it: what is asked of a session or a proof there was mostly done before it is
 * asked.
 */
import { AheadError } from "./ahead-error.js";
import { availableParallelism } from "node:os";
import { MessageChannel, receiveMessageOnPort, Worker } from "node:worker_threads";
import type { MessagePort } from "node:worker_threads";
import type { ByFunction } from "../traces/operation.js";
import type { BatchResult, BranchWays, Engine, EngineChoice, Fault, Session } from "../emulators/engine.js";
import type { ProofTask, ProvenBounds } from "../proof/task.js";
import {
  aheadEngines,
  SharedReplay,
  SharedWords,
  type AheadEngine,
  type Replay,
  type ReplayEnd,
  type ThreadRequest,
} from "./shared.js";

export interface Ahead {
  /** Begins behind what was begun before. */
  begin(replay: Replay): Session;
  /** Likewise. @returns waits for it, once; undefined is what came of it where the thread failed */
  prove(task: ProofTask): () => ProvenBounds | undefined;
  close(): void;
}

export interface AheadOptions {
  readonly engine: AheadEngine;
  /** By default that of the built package; sources are nothing a thread can run. */
  readonly script?: URL;
  /** By default those there are. */
  readonly processors?: number;
  /**
   * Milliseconds that the thread may be silent. By default more than a step can take: an engine ends one that hangs
   * sooner. A thread that died says nothing, and who waits for it cannot be told.
   */
  readonly silence?: number;
}

const longestSilence = 120_000;

const built = (url: URL): boolean => url.pathname.endsWith(".js");

/** Undefined where there is one processor alone, or the thread does not start: then replay without it. */
export async function openAhead(options: AheadOptions): Promise<Ahead | undefined> {
  const { engine, script, processors = availableParallelism(), silence = longestSilence } = options;
  const own = new URL("start.js", import.meta.url);
  if (processors < 2 || (script === undefined && !built(new URL(import.meta.url)))) return undefined;
  const worker = new Worker(script ?? own, { workerData: engine });
  const isReady = await new Promise<boolean>((tell) => {
    worker.once("message", () => tell(true));
    worker.once("error", () => tell(false));
    worker.once("exit", () => tell(false));
  });
  // A process that ends waits for no replay.
  worker.unref();
  if (!isReady) return undefined;
  const thread = { worker, silence, isLost: false };
  return {
    begin: (replay) => begin(thread, replay),
    prove: (task) => prove(thread, task),
    close: () => void worker.terminate(),
  };
}

/**
 * Opens it at once, goes on with `work`, and closes it whatever comes of that.
 * @param engine one that no thread can open, as QEMU, which has processes of its own, gives undefined to `work`
 */
export async function withAhead<Result>(
  engine: Engine | EngineChoice,
  work: (ahead: Promise<Ahead | undefined>) => Promise<Result>,
): Promise<Result> {
  const known = aheadEngines.find((name) => name === engine);
  const opened = known === undefined ? Promise.resolve(undefined) : openAhead({ engine: known });
  try {
    return await work(opened);
  } finally {
    (await opened)?.close();
  }
}

interface Thread {
  readonly worker: Worker;
  readonly silence: number;
  /** Nobody waits for it again. */
  isLost: boolean;
}

function begin(thread: Thread, replay: Replay): Session {
  const { port1, port2 } = new MessageChannel();
  const shared = SharedReplay.make(replay);
  send(thread, { kind: "replay", ...replay, shared, port: port2 });
  return new AheadSession(replay, shared, port1, thread);
}

function prove(thread: Thread, task: ProofTask): () => ProvenBounds | undefined {
  const { port1, port2 } = new MessageChannel();
  const words = SharedWords.make();
  send(thread, { kind: "proof", task, words, port: port2 });
  return () => {
    const isDone = waitUntil(thread, words, () => words.get("ended") === 1);
    const message = isDone ? receiveMessageOnPort(port1) : undefined;
    port1.close();
    return message?.message as ProvenBounds | undefined;
  };
}

const send = ({ worker }: Thread, request: ThreadRequest): void =>
  worker.postMessage(request, [request.port]);

/** False: the thread is silent. */
function waitUntil(thread: Thread, words: SharedWords, holds: () => boolean): boolean {
  if (!thread.isLost && words.waitUntil(holds, thread.silence)) return true;
  thread.isLost = true;
  return false;
}

/** Batches are those of the replay, in order. */
class AheadSession implements Session {
  readonly results: Uint32Array;
  readonly instructions: Uint32Array;
  readonly cycles: Uint32Array;
  readonly maskingCycles: Uint32Array;
  /** Step that is looked at. */
  #step = 0;
  #end: ReplayEnd | undefined;

  constructor(
    private readonly replay: Replay,
    private readonly shared: SharedReplay,
    private readonly port: MessagePort,
    private readonly thread: Thread,
  ) {
    this.results = shared.results;
    this.instructions = shared.instructions;
    this.cycles = shared.cycles;
    this.maskingCycles = shared.maskingCycles;
  }

  get heap(): Uint8Array {
    return this.shared.heap(this.#step);
  }

  reset(heapFill?: number): Fault | undefined {
    if (this.#step !== 0 || heapFill !== this.replay.heapFill) throw new Error("the replay began otherwise");
    return this.#await(0)?.fault;
  }

  execute(from: number, to: number): BatchResult {
    const { interval, operations } = this.replay;
    if (from !== this.#step * interval || to !== Math.min(from + interval, operations.length))
      throw new Error(`[${from}, ${to}) is not the replay's next batch`);
    this.#step += 1;
    this.shared.words.set("released", this.#step);
    const end = this.#await(this.#step);
    if (end?.fault === undefined) return { completed: to - from };
    return { completed: end.completed, fault: end.fault };
  }

  executed(): readonly number[] {
    return [];
  }

  stackBytes(): ByFunction<number> {
    return this.#ended().stackBytes;
  }

  coverage(): ReadonlyMap<number, BranchWays> {
    return this.#ended().coverage;
  }

  witnessed(): number {
    return this.#ended().witnessed;
  }

  close(): void {
    this.shared.words.set("stopped", 1);
    this.port.close();
  }

  /** The end, where it came before this step was done. */
  #await(step: number): ReplayEnd | undefined {
    const { shared } = this;
    this.#waitUntil(() => shared.words.get("done") > step || shared.words.get("ended") === 1);
    return shared.words.get("done") > step ? undefined : this.#ended();
  }

  /** @throws AheadError: the thread is silent. */
  #waitUntil(holds: () => boolean): void {
    if (!waitUntil(this.thread, this.shared.words, holds))
      throw new AheadError("the thread that replays is silent");
  }

  /** Stops what is not done. */
  #ended(): ReplayEnd {
    const { shared, port } = this;
    if (this.#end !== undefined) return this.#end;
    shared.words.set("stopped", 1);
    this.#waitUntil(() => shared.words.get("ended") === 1);
    const end = receiveMessageOnPort(port)?.message as ReplayEnd | undefined;
    if (end === undefined) throw new AheadError("the thread that replays failed");
    this.#end = end;
    return end;
  }
}
