/**
 * What each tier promises of each kind of misuse. Written from what the tier says that it looks at, not from the C: a
 * check that is weaker than it says fails the run.
 */
import type { FaultKind } from "../../plan/fault-kinds.js";
import type { Evidence, Plan } from "../../plan/plan.js";
import type { MisuseKind } from "./injection.js";

export interface Promise {
  /** Names that are right. */
  readonly names: readonly FaultKind[];
  /** Share of misuses that may go undetected: what a payload imitates, and bits that nothing else tells. */
  readonly undetected: number;
  /** Share that may be told by another name. */
  readonly otherwise: number;
  /** Share that may go untold because nothing comes of it. */
  readonly harmless: number;
}

/** What a tier promises of one misuse. Left out: names are right but for 1 in 100, and what comes to nothing may go untold. */
type Said = Pick<Promise, "names" | "undetected"> & Partial<Promise>;

const heap: readonly FaultKind[] = ["corrupt header", "corrupt link"];

/** Of basic: no memory but what is there tells whether a pointer, a header or a link is sound. */
const basic: Readonly<Record<MisuseKind, Said>> = {
  "double free": { names: ["double free"], undetected: 0 },
  "double free, memory reused": { names: ["double free", "invalid pointer"], undetected: 0.1 },
  "foreign pointer": { names: ["invalid pointer"], undetected: 0 },
  "interior pointer": { names: ["invalid pointer"], undetected: 0.02 },
  "interior pointer, imitated header": { names: ["invalid pointer"], undetected: 1, otherwise: 1 },
  overflow: { names: ["overflow", ...heap], undetected: 0.05 },
  underflow: { names: ["underflow", ...heap], undetected: 0.05 },
  "write after free": { names: ["use after free", ...heap], undetected: 0 },
  // A size that leads to the header of a later block is believed, more often where blocks are small; what it covers is
  // then no block for whoever looks for names.
  "flip in a header": { names: ["overflow", "underflow", ...heap], undetected: 0.2, otherwise: 0.1 },
  "flip in a free block": { names: heap, undetected: 0 },
  "flip in the control data": { names: heap, undetected: 0 },
};

/**
 * Of guard: what was written behind a request is told when its block is passed to any function, but where what is written
 * is the guard. A write in front of a block of five bytes or more is one behind its neighbour.
 */
const guard: Readonly<Record<MisuseKind, Said>> = {
  ...basic,
  "interior pointer, imitated header": { names: ["invalid pointer"], undetected: 0.5, otherwise: 1 },
  overflow: { names: ["overflow"], undetected: 0.01, harmless: 0.01 },
  underflow: { names: ["underflow", "overflow", ...heap], undetected: 0.01 },
};

/**
 * Where links lead one way, one that leads to another free block is believed: what is between is lost. Whether a block is
 * in use is told apart from it, so that no pointer passes.
 */
const oneWay: Partial<Record<MisuseKind, number>> = {
  "double free, memory reused": 0,
  "interior pointer": 0,
  "interior pointer, imitated header": 0,
  overflow: 0.3,
  underflow: 0.3,
  "write after free": 0.3,
  "flip in a free block": 0.7,
  "flip in the control data": 0.4,
};

/**
 * Where bits outside the blocks alone say what is in use, no pointer passes, and what is written into or beside blocks
 * changes no metadata. Of the bits themselves a flipped one is known once: until then memory may be lost, or handed out
 * twice.
 */
const map: Partial<Record<MisuseKind, number>> = {
  "double free, memory reused": 0,
  "interior pointer": 0,
  "interior pointer, imitated header": 0,
  overflow: 0,
  underflow: 0,
  "flip in the control data": 0.5,
};

const less: Readonly<Record<Evidence, Partial<Record<MisuseKind, number>>>> = {
  "both-ways": {},
  ring: {},
  "one-way": oneWay,
  map,
  "map-and-links": {
    ...{ "double free, memory reused": 0, "interior pointer": 0, "interior pointer, imitated header": 0 },
    "flip in the control data": 0.2,
  },
};

/** @throws Error where nothing is promised: the heap finds nothing */
export function promiseOf({ hardening }: Plan, misuse: MisuseKind): Promise {
  if (hardening === undefined) throw new Error("nothing is promised of a heap that finds nothing");
  const { tier, evidence } = hardening;
  const all = { otherwise: 0.01, harmless: 1 };
  switch (tier) {
    case "basic":
      return {
        ...{ ...all, ...basic[misuse] },
        ...(evidence === "both-ways" ? {} : { otherwise: 1 }),
        undetected: less[evidence][misuse] ?? basic[misuse].undetected,
      };
    case "guard":
    case "full":
      return { ...all, ...guard[misuse] };
  }
}
