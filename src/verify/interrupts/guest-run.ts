/** The C's side of a heap in a state: calls on the emulated core, with the same numbers for blocks as the reference. */
import type { UnicornCaller } from "../../emulators/unicorn/caller.js";
import type { FunctionCall } from "../../emulators/unicorn/interrupted-call.js";
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
}

/** What a handler did: it is the same whenever the heap's bytes are. */
export interface Handled {
  readonly heap: Uint8Array;
  readonly results: readonly number[];
  readonly stopped?: string;
}

/** Why a call on the core did not return. */
export class GuestStopped extends Error {}

export class GuestRun {
  constructor(
    private readonly plan: Plan,
    private readonly image: Image,
    readonly caller: UnicornCaller,
    private readonly open: Masks,
  ) {}

  /** The heap's bytes, live. */
  get bytes(): HeapBytes {
    return { bytes: this.caller.heap, address: this.image.heapAddress };
  }

  /** A heap in the state that calls lead to. */
  make({ setup, live }: HeapState): GuestState | { readonly stopped: string } {
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
  call(call: HeapCall, blocks: readonly number[], masks: Masks, by: UnicornCaller): FunctionCall {
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

const visitors = new WeakMap<UnicornCaller, number>();

/** A function of the caller's that returns true. */
function visitorOf(caller: UnicornCaller): number {
  const known = visitors.get(caller) ?? caller.callback(() => 1);
  visitors.set(caller, known);
  return known;
}
