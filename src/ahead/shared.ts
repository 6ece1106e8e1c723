/** What a session on a thread of its own shares with who uses it: figures of all operations, and heaps of some batches. */
import type { MessagePort } from "node:worker_threads";
import type { ProofTask } from "../proof/task.js";
import type { ByFunction, HeapOperations } from "../traces/operation.js";
import type { Image } from "../toolchain/image.js";
import type { Target } from "../targets/target.js";
import type { BranchWays, Fault, SessionOptions } from "../emulators/engine.js";

/** Engines that a thread can open by their name. */
export const aheadEngines = ["witnessed", "js", "unicorn"] as const;
export type AheadEngine = (typeof aheadEngines)[number];

/** What is replayed. Step 0 is init, step n the nth batch of `interval` operations. */
export interface Replay {
  /** Whether the engine's witness replays by itself, where it has one. */
  readonly isWitness: boolean;
  readonly image: Image;
  readonly target: Target;
  readonly operations: HeapOperations;
  readonly options: SessionOptions;
  /** As `Session.reset` takes it. */
  readonly heapFill?: number | undefined;
  readonly interval: number;
}

/** A replay to begin, and where its end is told. */
export interface ReplayRequest extends Replay {
  readonly kind: "replay";
  readonly shared: SharedReplay;
  readonly port: MessagePort;
}

/** A proof to make, and where it is told; undefined is told where it failed. */
export interface ProofRequest {
  readonly kind: "proof";
  readonly task: ProofTask;
  readonly words: SharedWords;
  readonly port: MessagePort;
}

export type ThreadRequest = ReplayRequest | ProofRequest;

/** How a replay ended; undefined is told where it did not end well for a reason that is not the guest's. */
export interface ReplayEnd {
  /** What ended it before its last step. */
  readonly fault?: Fault;
  /** Operations of that step that ended. */
  readonly completed: number;
  readonly stackBytes: ByFunction<number>;
  readonly coverage: ReadonlyMap<number, BranchWays>;
  readonly witnessed: number;
}

/** Sent when the thread can take requests. */
export const ready = "ready";

/** Numbers that both sides read and write. */
const word = { changes: 0, done: 1, released: 2, stopped: 3, ended: 4 } as const;
type Word = Exclude<keyof typeof word, "changes">;

/** Numbers that both sides read and write, and on which they wait for each other. */
export class SharedWords {
  private constructor(private readonly words: Int32Array) {}

  static make(): SharedWords {
    return new SharedWords(new Int32Array(new SharedArrayBuffer(4 * Object.keys(word).length)));
  }

  /** What a message made of it: messages keep fields and lose methods. */
  static received({ words }: SharedWords): SharedWords {
    return new SharedWords(words);
  }

  get(name: Word): number {
    return Atomics.load(this.words, word[name]);
  }

  /** Wakes whoever waits. */
  set(name: Word, value: number): void {
    Atomics.store(this.words, word[name], value);
    Atomics.add(this.words, word.changes, 1);
    Atomics.notify(this.words, word.changes);
  }

  /**
   * Sleeps until it holds; what it depends on are numbers that the other side sets.
   * @param limit milliseconds without a change after which it gives up
   * @returns whether it holds
   */
  waitUntil(holds: () => boolean, limit = Infinity): boolean {
    for (;;) {
      const changes = Atomics.load(this.words, word.changes);
      if (holds()) return true;
      if (Atomics.wait(this.words, word.changes, changes, limit) === "timed-out") return false;
    }
  }
}

/** Heaps of all steps are kept, or so many that they take as many bytes. */
const heapsBytes = 1 << 25;

export class SharedReplay {
  readonly results: Uint32Array;
  readonly instructions: Uint32Array;
  readonly cycles: Uint32Array;
  readonly maskingCycles: Uint32Array;

  private constructor(
    readonly heapBytes: number,
    private readonly figures: SharedArrayBuffer,
    private readonly heaps: SharedArrayBuffer,
    readonly words: SharedWords,
  ) {
    const length = figures.byteLength / 16;
    const part = (index: number): Uint32Array => new Uint32Array(figures, 4 * index * length, length);
    [this.results, this.instructions, this.cycles, this.maskingCycles] = [part(0), part(1), part(2), part(3)];
  }

  static make({ operations, image: { heapBytes }, interval }: Replay): SharedReplay {
    const steps = 1 + Math.ceil(operations.length / interval);
    const slots = Math.min(steps, Math.max(2, Math.floor(heapsBytes / heapBytes)));
    return new SharedReplay(
      heapBytes,
      new SharedArrayBuffer(16 * operations.length),
      new SharedArrayBuffer(slots * heapBytes),
      SharedWords.make(),
    );
  }

  /** What a message made of it: messages keep fields and lose methods. */
  static received({ heapBytes, figures, heaps, words }: SharedReplay): SharedReplay {
    return new SharedReplay(heapBytes, figures, heaps, SharedWords.received(words));
  }

  /** The heap after a step. */
  heap(step: number): Uint8Array {
    const slots = this.heaps.byteLength / this.heapBytes;
    return new Uint8Array(this.heaps, (step % slots) * this.heapBytes, this.heapBytes);
  }

  /** Whether the heap of this step can be kept while those that were not released are. */
  hasRoom(step: number): boolean {
    return (step - this.words.get("released")) * this.heapBytes < this.heaps.byteLength;
  }
}
