/** Memory as an operation leaves it at each boundary between two of its instructions. */
import { UnicornCaller } from "../../src/emulators/unicorn/caller.js";
import { machineOf } from "../../src/machine/registry.js";
import { allocatorNames, uncalledNames } from "../../src/outputs/c/names.js";
import type { Plan } from "../../src/plan/plan.js";
import { makePlan } from "../../src/policies/make-plan.js";
import { loadTarget } from "../../src/targets/load.js";
import { GuestRun } from "../../src/verify/interrupts/guest-run.js";
import { describeCall, roleOf, type HeapCall } from "../../src/verify/interrupts/heap-call.js";
import { callsIn, heapStates } from "../../src/verify/interrupts/states.js";
import { benchFor } from "./bench.js";
import { testConfig, type TestConfig } from "./configs.js";
import { generatedFiles } from "./generated-program.js";

export interface TornHeap {
  readonly plan: Plan;
  /** "free(block 3) in a full heap, after 4 writes" */
  readonly name: string;
  readonly call: HeapCall;
  /** Offset of the payload of the call's block in the heap, where it has one. */
  readonly payload: number | undefined;
  /** Offset of the payload that the call returns, where it returns one. */
  readonly returned: number | undefined;
  /** The heap's bytes; of those that the call leaves alike one after the other, only one. */
  readonly memory: Uint8Array;
}

/** Of every call that changes the heap, in each of its states. */
export async function tornHeaps(config: TestConfig): Promise<readonly TornHeap[]> {
  const resolved = testConfig(config);
  const target = loadTarget(resolved.target);
  const names = allocatorNames(makePlan(resolved, target));
  const { plan, image } = await benchFor(config, undefined, uncalledNames(generatedFiles(config), names));
  const [open] = machineOf(target).interrupts.callerStates(target.architecture, undefined);
  if (open === undefined) throw new Error("no state in which interrupts are let in");
  const caller = new UnicornCaller(image, target);
  try {
    const guest = new GuestRun(plan, image, caller, open.masks);
    const roles = new Set([...image.symbols.keys()].map((name) => name.replace(`${plan.name}_`, "")));
    const found: TornHeap[] = [];
    let written = false;
    let seen: Uint8Array[] = [];
    const { start, end } = image.code;
    const heap = { begin: image.heapAddress, end: image.heapAddress + image.heapBytes - 1 };
    caller.processor.onAccess(heap, (_address, _bytes, direction) => {
      if (direction === "write") written = true;
    });
    caller.processor.onInstruction({ begin: start, end: end - 1 }, () => {
      if (written) seen.push(caller.heap.slice());
      written = false;
    });
    for (const state of heapStates(plan, image.heapAddress)) {
      const guestState = guest.make(state);
      if ("stopped" in guestState) throw new Error(guestState.stopped);
      for (const call of callsIn(plan, state, roles)) {
        if (call.kind === "look") continue;
        guest.put(guestState);
        seen = [];
        written = false;
        const { at, words } = guest.call(call, guestState.blocks, open.masks, caller);
        const outcome = caller.call(at, words);
        if (outcome.kind === "fault") throw new Error(`${describeCall(call)}: ${outcome.fault.message}`);
        const block = "block" in call && call.block !== undefined ? guestState.blocks[call.block] : undefined;
        const offset = (address: number | undefined) =>
          address === undefined || address === 0 ? undefined : address - image.heapAddress;
        const common = {
          ...{ plan, call },
          payload: offset(block),
          returned:
            roleOf(call) === "free" || roleOf(call) === "release" ? undefined : offset(outcome.result),
        };
        for (const [index, memory] of [...seen, caller.heap.slice()].entries()) {
          found.push({
            ...common,
            memory,
            name: `${describeCall(call)} in ${state.name}, after ${index + 1} writes`,
          });
        }
      }
    }
    return found;
  } finally {
    caller.close();
  }
}
