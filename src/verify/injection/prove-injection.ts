/** Misuse injected on purpose, where the C is to find it: each trial on a heap in some state, mended afterwards. */

import type { FaultKind } from "../../plan/fault-kinds.js";
import type { Plan } from "../../plan/plan.js";
import type { Image } from "../../toolchain/image.js";
import { seededRandom, type Random } from "../../traces/random.js";
import { bytesOfNobody } from "../gaps.js";
import type { Bench } from "../equivalence.js";
import { GuestHeap } from "../probes/guest-heap.js";
import { ProbedHeap } from "../probes/probed-heap.js";
import { flipsInFreeBlock } from "./flips.js";
import type { Misuse } from "./misuse.js";
import { drawMisuse } from "./misuses.js";
import {
  misuseKinds,
  type InjectionFailure,
  type InjectionProof,
  type MisuseCount,
  type MisuseKind,
  type Verdict,
} from "./injection.js";
import { Program } from "./program.js";
import { promiseOf, type Promise } from "./promises.js";

/** Trials of each kind, unless a heap is large. */
export const usualTrials = 30;
/** Bytes that are gone over for the trials of one kind. */
const mostBytes = 1 << 24;
const leastTrials = 4;
/** Of one free block, in each state. */
const mostFlips = 48;

/** @param image whose hook returns. Undefined: the heap finds nothing, or the engine calls no single functions. */
export function proveInjection(
  { plan, engine, target }: Bench,
  image: Image | undefined,
  seed: number,
  trials = usualTrials,
): InjectionProof | undefined {
  if (plan.hardening === undefined || image === undefined) return undefined;
  // What lies between control data and blocks is the heap's: damage may have it read.
  const forbidden = bytesOfNobody(plan, image).filter(({ address }) => !isInside(image, address));
  const caller = engine.caller?.(image, target, { forbidden, checkAlignment: true });
  if (caller === undefined) return undefined;
  try {
    const roles = new Set(["init", "malloc", "free", ...optionalRoles(plan)]);
    const heap = new ProbedHeap(plan, new GuestHeap(caller, plan, image, roles));
    const most = Math.max(leastTrials, Math.min(trials, Math.floor(mostBytes / plan.heapBytes)));
    return new Injection(heap, seededRandom(seed, "injection")).run(most);
  } finally {
    caller.close();
  }
}

/** Functions that follow what blocks say of themselves, where the heap has them. */
const optionalRoles = ({ api }: Plan): readonly string[] => [
  ...(api.realloc ? ["realloc"] : []),
  ...(api.alignedAlloc ? ["aligned_alloc"] : []),
  ...(api.usableSize ? ["usable_size"] : []),
  ...(api.largestRequest ? ["largest_request"] : []),
];

const isInside = ({ heapAddress, heapBytes }: Image, address: number): boolean =>
  address >= heapAddress && address < heapAddress + heapBytes;

/** The same as a part of a run's result. @param whole with the image whose hook returns, where the heap finds misuse */
export function injectionOf(
  bench: Bench,
  whole: { readonly faulted?: Image },
  seed: number,
): { readonly injection?: InjectionProof } {
  const injection = proveInjection(bench, whole.faulted, seed);
  return injection === undefined ? {} : { injection };
}

class Injection {
  readonly #verdicts = new Map<MisuseKind, (Verdict & { readonly misuse: Misuse })[]>();

  constructor(
    private readonly heap: ProbedHeap,
    private readonly random: Random,
  ) {}

  run(most: number): InjectionProof {
    const perState = Math.max(1, Math.ceil(most / states.length));
    for (const prepare of states) {
      const refused = prepare(this.heap, this.random);
      if (refused !== undefined) return { counts: [], failure: refused };
      const { caller } = this.heap.guest;
      const prepared = caller.save();
      for (const kind of misuseKinds) {
        for (let left = perState; left > 0; left--) {
          const misuse = drawMisuse(kind, this.heap, this.random);
          if (misuse === undefined) break;
          this.#record(kind, misuse);
          caller.restore(prepared);
        }
      }
      const flips = flipsInFreeBlock(this.heap, this.random).slice(0, mostFlips);
      for (const misuse of flips) {
        this.#record("flip in a free block", misuse);
        caller.restore(prepared);
      }
    }
    return this.#proof(this.heap.plan);
  }

  #record(kind: MisuseKind, misuse: Misuse): void {
    const { plan, guest, live } = this.heap;
    const program = new Program(plan, guest, this.random, live.values());
    const verdict = program.verdictOf((given) => {
      misuse.commit(given);
    });
    const known = this.#verdicts.get(kind) ?? [];
    this.#verdicts.set(kind, [...known, { ...verdict, misuse }]);
  }

  #proof(plan: Plan): InjectionProof {
    const counts: MisuseCount[] = [];
    let failure: InjectionFailure | undefined;
    for (const [misuse, verdicts] of this.#verdicts) {
      const promise = promiseOf(plan, misuse);
      const count = countOf(misuse, verdicts, promise);
      counts.push(count);
      failure ??= failureOf(count, verdicts, promise);
    }
    return { counts, ...(failure === undefined ? {} : { failure }) };
  }
}

function countOf(
  misuse: MisuseKind,
  verdicts: readonly Verdict[],
  { names, undetected, otherwise, harmless }: Promise,
): MisuseCount {
  const count = (is: (verdict: Verdict) => boolean): number => verdicts.filter(is).length;
  const isNamed = (verdict: Verdict): boolean => verdict.kind === "told" && names.includes(verdict.first);
  return {
    misuse,
    tried: verdicts.length,
    named: count(isNamed),
    namedOtherwise: count((verdict) => verdict.kind === "told" && !isNamed(verdict)),
    harmless: count(({ kind }) => kind === "harmless"),
    undetected: count(({ kind }) => kind === "undetected" || kind === "unsafe"),
    mayBeNamedOtherwise: Math.ceil(otherwise * verdicts.length),
    mayBeHarmless: Math.ceil(harmless * verdicts.length),
    mayBeUndetected: undetected === 0 ? 0 : Math.ceil(undetected * verdicts.length) + 1,
  };
}

function failureOf(
  count: MisuseCount,
  verdicts: readonly (Verdict & { readonly misuse: Misuse })[],
  { names }: Promise,
): InjectionFailure | undefined {
  const { misuse, undetected, mayBeUndetected } = count;
  const unsafe = verdicts.find(({ kind }) => kind === "unsafe");
  const missed =
    undetected > mayBeUndetected ? verdicts.find(({ kind }) => kind === "undetected") : undefined;
  const found = unsafe ?? missed;
  if (found === undefined || !("why" in found)) return misnamed(count, verdicts, names);
  const expected =
    mayBeUndetected === 0 || found.kind === "unsafe"
      ? "told, or harmless"
      : `at most ${mayBeUndetected} undetected`;
  return { misuse, what: found.misuse.what, expected, found: found.why };
}

/** Told, but by a name that sends whoever reads it elsewhere; or not told where it always is. */
function misnamed(
  { misuse, namedOtherwise, mayBeNamedOtherwise, harmless, mayBeHarmless }: MisuseCount,
  verdicts: readonly (Verdict & { readonly misuse: Misuse })[],
  names: readonly FaultKind[],
): InjectionFailure | undefined {
  const right = names.map((name) => `"${name}"`).join(" or ");
  if (namedOtherwise > mayBeNamedOtherwise) {
    for (const verdict of verdicts) {
      if (verdict.kind !== "told" || names.includes(verdict.first)) continue;
      const expected = `${right}, but for ${mayBeNamedOtherwise} of ${verdicts.length}`;
      return { misuse, what: verdict.misuse.what, expected, found: `"${verdict.first}" is told` };
    }
  }
  const silent = verdicts.find(({ kind }) => kind === "harmless");
  if (harmless <= mayBeHarmless || silent === undefined) return undefined;
  return { misuse, what: silent.misuse.what, expected: `${right} is told`, found: "nothing told" };
}

type Prepare = (heap: ProbedHeap, random: Random) => InjectionFailure | undefined;

/** A heap with few blocks, one that is fragmented, one that is full. */
const states: readonly Prepare[] = [
  (heap, random) => fill(heap, random, { blocks: 6, freed: 0.3 }),
  (heap, random) => fill(heap, random, { blocks: 60, freed: 0.45 }),
  (heap, random) => fill(heap, random, { blocks: 60, freed: 0.02 }),
];

/** Nothing is misused here: what is told is told wrongly. */
function fill(
  heap: ProbedHeap,
  random: Random,
  { blocks, freed }: { readonly blocks: number; readonly freed: number },
): InjectionFailure | undefined {
  const { plan, guest } = heap;
  guest.call("init", ...(plan.placement.kind === "runtime" ? [guest.address, plan.heapBytes] : []));
  heap.begin();
  const told = (): InjectionFailure | undefined =>
    guest.told === undefined
      ? undefined
      : { misuse: "double free", what: "none", expected: "nothing told", found: `${guest.told} is told` };
  const most = Math.max(8, Math.floor(plan.maximumRequestBytes / blocks));
  for (let refused = 0, left = 2 * blocks; left > 0 && refused < 4; left--) {
    const bytes = 1 + random.below(random.chance(0.7) ? Math.ceil(most / 4) : 2 * most);
    const { payload } = heap.reference.malloc(bytes, 0);
    guest.call("malloc", bytes);
    if (told() !== undefined) return told();
    if (payload < 0) refused++;
    else heap.take(payload, bytes);
    if (blocks < 10 && heap.live.size >= blocks) break;
  }
  for (const payload of [...heap.live.keys()]) {
    if (!random.chance(freed)) continue;
    heap.reference.free(payload);
    guest.call("free", guest.address + payload);
    if (told() !== undefined) return told();
    heap.live.delete(payload);
  }
  return undefined;
}
