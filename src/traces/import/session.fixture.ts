/** What a program does to a heap, drawn for tests: its events, and the trace that they must give. */
import fc from "fast-check";
import { NoteCollector } from "../annotations.js";
import type { TraceNotes, TraceOperation } from "../operation.js";
import type { HeapEvent } from "./event.js";

export interface Session {
  readonly events: readonly HeapEvent[];
  readonly operations: readonly TraceOperation[];
  readonly notes?: TraceNotes;
}

/** The kinds of events that a format can tell, and whether it has times. */
export interface Kinds {
  readonly kinds: readonly ("malloc" | "calloc" | "aligned" | "realloc" | "free" | "failed")[];
  readonly times: boolean;
}

const place = { line: 0 };
const step = fc.record({
  kind: fc.nat(9),
  which: fc.nat(1000),
  size: fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 100_000 })),
  shift: fc.integer({ min: 0, max: 8 }),
  ticks: fc.oneof(fc.constant(0), fc.nat(3000)),
});
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

export const session = (kinds: Kinds, maxLength = 60): fc.Arbitrary<Session> =>
  fc.array(step, { minLength: 1, maxLength }).map((steps) => play(steps, kinds));

/** A heap of slots that are as large as the largest block: addresses come again, and blocks do not overlap. */
function play(steps: readonly Step[], { kinds, times }: Kinds): Session {
  const events: HeapEvent[] = [];
  const operations: TraceOperation[] = [];
  const notes = new NoteCollector();
  const live: { slot: number; id: number }[] = [];
  const free: number[] = [];
  const spare: number[] = [];
  let slots = 0;
  let ids = 0;
  let time = 5;
  const takeSlot = (which: number): number =>
    free.length > 0 && which % 4 > 0 ? (free.splice(which % free.length, 1)[0] ?? 0) : slots++;
  const addressOf = (slot: number): number => 0x2000_0100 + slot * 0x2_0000;
  for (const { kind: drawn, which, size, shift, ticks } of steps) {
    const kind = kinds[drawn % kinds.length] ?? "malloc";
    time += ticks;
    const told = { place, ...(times ? { time } : {}) };
    if (times) notes.at(time);
    const block = live[which % Math.max(1, live.length)];
    if (kind === "failed") {
      events.push({ kind, request: "malloc", size, ...told });
      notes.fail("malloc", size);
      continue;
    }
    if (block !== undefined && kind === "free") {
      live.splice(live.indexOf(block), 1);
      free.push(block.slot);
      spare.push(block.id);
      events.push({ kind, address: addressOf(block.slot), ...told });
      operations.push({ kind, id: block.id });
    } else if (block !== undefined && kind === "realloc") {
      const old = addressOf(block.slot);
      if (which % 3 > 0) {
        const slot = takeSlot(which);
        free.push(block.slot);
        block.slot = slot;
      }
      events.push({ kind, old, address: addressOf(block.slot), size, ...told });
      operations.push({ kind, id: block.id, size });
    } else {
      const made = kind === "calloc" || kind === "aligned" ? kind : "malloc";
      const slot = takeSlot(which);
      const id = spare.pop() ?? ids++;
      live.push({ slot, id });
      const address = addressOf(slot);
      if (made === "aligned") {
        events.push({ kind: made, address, alignment: 2 ** shift, size, ...told });
        operations.push({ kind: made, id, alignment: 2 ** shift, size });
      } else {
        events.push({ kind: made, address, size, ...told });
        operations.push({ kind: made, id, size });
      }
    }
    notes.operation();
  }
  return { events, operations, ...notes.found() };
}
