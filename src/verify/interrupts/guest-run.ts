/** The C's side of a heap in a state: calls on the emulated core, with the same numbers for blocks as the reference. */
import type { Caller, MemorySnapshot } from "../../emulators/caller.js";
import type { FunctionCall } from "../../emulators/core/interrupted-call.js";
import type { Masks } from "../../machine/interrupts.js";
import type { Plan } from "../../plan/plan.js";
import { labelAddress } from "../../emulators/image-regions.js";
import type { Image } from "../../toolchain/image.js";
import { allocates, roleOf, wordsOf, type BlockNumber, type HeapCall } from "./heap-call.js";
import { fillPayloads, type HeapBytes } from "./payloads.js";
import type { HeapState } from "./states.js";

/** A heap in a state: its bytes, its payloads filled, and the addresses of its blocks by number. */
export interface GuestState {
  readonly heap: Uint8Array;
  readonly blocks: readonly number[];
  /** What the handler does in this very heap. */
  handled: Handled | undefined;
  /** All memory, where more than the heap's bytes tells the state. */
  readonly memory?: MemorySnapshot;
}

/** What a handler did: it is the same whenever the heap's bytes are. */
export interface Handled {
  readonly heap: Uint8Array;
  readonly results: readonly number[];
  readonly stopped?: string;
  /** As of a state. */
  readonly memory?: MemorySnapshot;
}

/** Why a call on the core did not return. */
export class GuestStopped extends Error {}

export class GuestRun {
  /** As start-up code leaves it: nobody has called anything. */
  readonly #started: MemorySnapshot;

  /** @param caller of which nothing was called yet */
  constructor(
    private readonly plan: Plan,
    private readonly image: Image,
    readonly caller: Caller,
    private readonly open: Masks,
  ) {
    const { placement } = plan;
    if (placement.kind === "static" && placement.section === undefined) caller.heap.fill(0);
    this.#started = caller.save();
  }

  /** The heap's bytes, live. */
  get bytes(): HeapBytes {
    return { bytes: this.caller.heap, address: this.image.heapAddress };
  }

  /** A heap in the state that calls lead to. */
  make({ setup, live, isUnbegun }: HeapState): GuestState | { readonly stopped: string } {
    if (isUnbegun === true) {
      this.caller.restore(this.#started);
      return { heap: this.caller.heap.slice(), blocks: [], handled: undefined, memory: this.#started };
    }
    const blocks: number[] = [];
    try {
      this.#init();
      this.execute(setup, blocks);
      fillPayloads(this.bytes, { setup, live, blocks });
      return { heap: this.caller.heap.slice(), blocks, handled: undefined };
    } catch (error) {
      if (!(error instanceof GuestStopped)) throw error;
      return { stopped: error.message };
    }
  }

  #init(): void {
    const { plan, image, caller } = this;
    const words = plan.placement.kind === "runtime" ? [image.heapAddress, image.heapBytes] : [];
    const outcome = caller.call(image.entries.init, words);
    if (outcome.kind === "fault") throw new GuestStopped(`init: ${outcome.fault.message}`);
  }

  /** The heap as it was in a state, or as a handler left it. */
  put({ heap, memory }: Pick<GuestState, "heap" | "memory">): void {
    if (memory !== undefined) this.caller.restore(memory);
    else this.caller.heap.set(heap);
  }

  /**
   * Calls one after another.
   * @param blocks addresses by number, to which those are added that calls allocate
   * @param fill what is done with a payload that was allocated
   * @returns the words they returned
   * @throws GuestStopped
   */
  execute(
    calls: readonly HeapCall[],
    blocks: number[],
    fill: (at: number, size: number) => void = () => undefined,
  ): readonly number[] {
    return calls.map((call) => {
      const { at, words } = this.call(call, blocks, this.open, this.caller);
      const outcome = this.caller.call(at, words);
      if (outcome.kind === "fault") throw new GuestStopped(`${roleOf(call)}: ${outcome.fault.message}`);
      if (allocates(call)) blocks.push(outcome.result);
      if ("size" in call) fill(outcome.result, call.size);
      return outcome.result;
    });
  }

  /** A call as one of the cores makes it. */
  call(call: HeapCall, blocks: readonly number[], masks: Masks, by: Caller): FunctionCall {
    const { plan, image } = this;
    const places = { heap: image.heapAddress, out: by.scratch.address, visit: visitorOf(by) };
    const address = (block: BlockNumber): number => (block === undefined ? 0 : (blocks[block] ?? 0));
    return {
      at: labelAddress(image, `${plan.name}_${roleOf(call)}`),
      words: wordsOf(plan, call, places, address),
      masks,
    };
  }
}

const visitors = new WeakMap<Caller, number>();

/** A function of the caller's that returns true. */
function visitorOf(caller: Caller): number {
  const known = visitors.get(caller) ?? caller.callback(() => 1);
  visitors.set(caller, known);
  return known;
}
