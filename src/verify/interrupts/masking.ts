/** Whether a call accesses the heap with interrupts masked alone, and leaves the mask as it was. */
import type { TracedCall } from "../../emulators/core/interrupted-call.js";
import { hex } from "../../emulators/replay-faults.js";
import type { InterruptFacts, Masks } from "../../machine/interrupts.js";

/** Addresses [start, end). */
interface Range {
  readonly start: number;
  readonly end: number;
}

/** Payloads that a call copies or clears, which it may do with interrupts let in. */
export interface OwnPayloads {
  readonly read: Range | undefined;
  readonly written: Range | undefined;
}

export interface MaskingRules {
  readonly interrupts: InterruptFacts;
  /** Of the most urgent interrupt that may use the heap; 0 is the most urgent of all. */
  readonly priority: number;
}

export interface Masking {
  readonly maskedAccesses: number;
  /** A sentence without a full stop, and the address of the instruction. */
  readonly fault?: { readonly at: number | undefined; readonly message: string };
}

/** Priorities at which a critical section of the caller's is looked at. */
const priorities = Array.from({ length: 16 }, (_, index) => 16 * index);

export function checkMasking(
  { interrupts, priority }: MaskingRules,
  { boundaries, accesses, hooks, end }: TracedCall,
  before: Masks,
  payloads: OwnPayloads,
): Masking {
  if (end.outcome.kind === "fault") {
    const { pc, message } = end.outcome.fault;
    return { maskedAccesses: 0, fault: { at: pc, message } };
  }
  let maskedAccesses = 0;
  for (const { boundary, address, direction } of accesses) {
    const { at, masks } = boundaries[boundary] ?? { at: 0, masks: before };
    if (!interrupts.takes(masks, priority)) {
      maskedAccesses++;
      continue;
    }
    const own = direction === "read" ? payloads.read : payloads.written;
    if (own !== undefined && address >= own.start && address < own.end) continue;
    const verb = direction === "read" ? "reads" : "writes";
    return {
      maskedAccesses,
      fault: { at, message: `${verb} the heap at ${hex(address)} with interrupts let in` },
    };
  }
  let last = before;
  for (const { at, masks } of boundaries) {
    if (masks === last) continue;
    last = masks;
    const lost = priorities.find((each) => !interrupts.takes(before, each) && interrupts.takes(masks, each));
    if (lost === undefined) continue;
    const message = `lets interrupts of priority ${lost} in, which its caller had masked: ${describeMasks(interrupts, masks)}`;
    return { maskedAccesses, fault: { at, message } };
  }
  const masked = hooks.find((masks) => masks.some((value, index) => value !== before[index]));
  if (masked !== undefined) {
    const message = `calls a function of the user's with ${describeMasks(interrupts, masked)}, called with ${describeMasks(interrupts, before)}`;
    return { maskedAccesses, fault: { at: undefined, message } };
  }
  const isRestored = before.every((value, index) => value === end.masks[index]);
  if (isRestored) return { maskedAccesses };
  const message = `returns with ${describeMasks(interrupts, end.masks)}, called with ${describeMasks(interrupts, before)}`;
  return { maskedAccesses, fault: { at: undefined, message } };
}

const describeMasks = ({ registers }: InterruptFacts, masks: Masks): string =>
  registers.map(({ name }, index) => `${name} ${hex(masks[index] ?? 0)}`).join(", ");
