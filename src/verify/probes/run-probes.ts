/** Every public function of a heap, called on the core and held against the reference. */
import type { Caller } from "../../emulators/caller.js";
import type { Plan } from "../../plan/plan.js";
import type { Image } from "../../toolchain/image.js";
import { seededRandom } from "../../traces/random.js";
import { callsBeforeInit } from "./before-init.js";
import { changeProbes, freeBlock, request } from "./changes.js";
import { carriedCounts, carriedFailure } from "./counters.js";
import { CorruptionProbe } from "./corruption.js";
import { mayBeUnlisted } from "./damage.js";
import { GuestHeap } from "./guest-heap.js";
import { lookProbes } from "./looks.js";
import type { Change, Draw, Look, Observation, Probe } from "./probe.js";
import { refusedCalls } from "./refusals.js";
import { ProbedHeap } from "./probed-heap.js";

/** By the names of functions in C, without the heap's. */
export type Probes = Readonly<Record<string, Probe>>;

export const allProbes: Probes = { ...changeProbes, ...lookProbes };

export interface ProbeRequest {
  readonly plan: Plan;
  /** With all public functions. */
  readonly image: Image;
  readonly caller: Caller;
  /** Public functions, as C names them. */
  readonly functions: readonly string[];
  readonly seed: number;
  readonly probes?: Probes;
}

/** A difference from the reference. */
export interface ProbeMismatch {
  /** In C. */
  readonly function: string;
  /** With its arguments; offsets are from the start of the heap. */
  readonly call: string;
  readonly expected: string;
  readonly found: string;
  /** Calls before it that changed the heap, the last ones. */
  readonly before: readonly string[];
}

export interface ProbeOutcome {
  /** Calls of each function, by its name in C. */
  readonly calls: Readonly<Record<string, number>>;
  /** Times that all functions looked. */
  readonly looks: number;
  /** The first. */
  readonly mismatch?: ProbeMismatch;
}

/** Lines of `ProbeMismatch.before`. */
const mostBefore = 12;

export function runProbes(request: ProbeRequest): ProbeOutcome {
  return run(request, (probing) => probing.interface());
}

/** Headers are damaged. @param request whose image has C with `corruptionHook` in front */
export function runCorruption(request: ProbeRequest): ProbeOutcome {
  return run(request, (probing, heap) => probing.corruption(new CorruptionProbe(heap, request.image)));
}

function run(
  { plan, caller, image, functions, seed, probes = allProbes }: ProbeRequest,
  script: (probing: ProbeRun, heap: ProbedHeap) => Iterable<readonly [string, Observation]>,
): ProbeOutcome {
  const roles = new Set(functions.map((name) => name.slice(plan.name.length + 1)));
  const guest = new GuestHeap(caller, plan, image, roles);
  const heap = new ProbedHeap(plan, guest);
  const run = new ProbeRun(heap, probes, roles, seed);
  const mismatch = run.first(script(run, heap));
  const calls = [...guest.calls].map(([role, count]) => [`${plan.name}_${role}`, count] as const);
  return {
    calls: Object.fromEntries(calls),
    looks: run.looks,
    ...(mismatch === undefined ? {} : { mismatch }),
  };
}

class ProbeRun {
  looks = 0;
  readonly #looking: readonly (readonly [string, Look])[];
  readonly #changing: readonly (readonly [string, Change])[];
  readonly #before: string[] = [];
  readonly #draw: Draw;
  /** Damage is looked at wherever all free blocks are listed: that is seldom. */
  readonly #mayBeUnlisted: boolean;
  #largest = 0;

  constructor(
    private readonly heap: ProbedHeap,
    probes: Probes,
    roles: ReadonlySet<string>,
    seed: number,
  ) {
    const known = Object.entries(probes).filter(([role]) => roles.has(role));
    this.#looking = known.flatMap(([role, probe]) =>
      probe.kind === "looks" ? [[role, probe] as const] : [],
    );
    this.#changing = known.flatMap(([role, probe]) =>
      probe.kind === "changes" ? [[role, probe] as const] : [],
    );
    this.#mayBeUnlisted = mayBeUnlisted(heap.plan);
    const random = seededRandom(seed, "probes");
    this.#draw = { random, size: () => this.#size() };
  }

  /** The first difference. */
  first(script: Iterable<readonly [string, Observation]>): ProbeMismatch | undefined {
    for (const [role, observation] of script) {
      const { call, expected, found } = observation;
      if (expected === found) continue;
      const name = `${this.heap.plan.name}_${role}`;
      return { function: name, call, expected, found, before: this.#before.slice(-mostBefore) };
    }
    return undefined;
  }

  /** The states that are worth a look, one after another. */
  *interface(): Iterable<readonly [string, Observation]> {
    const { plan, live } = this.heap;
    yield* callsBeforeInit(this.heap);
    // What a function does before init says nothing of what it does then.
    this.heap.guest.calls.clear();
    yield* this.#call("init");
    yield* this.#look();
    // The least block at either end of the heap, and beside the largest free one.
    yield* this.#request(1);
    yield* this.#look();
    yield* this.#named("malloc", carriedFailure(this.heap));
    yield* this.#named("malloc", carriedCounts(this.heap));
    // Full: until requests fail.
    yield* this.#fill();
    yield* this.#fillRest();
    yield* this.#look();
    // Holes, each the largest when it comes.
    for (let hole = 0; hole < holes; hole++) {
      yield* this.#freeSmallest();
      yield* this.#look();
    }
    yield* this.#freeHalf();
    yield* this.#look(true);
    yield* this.#call("init");
    yield* this.#look();
    this.#largest = Math.max(16, Math.floor(plan.maximumRequestBytes / 12));
    for (let left = churnLooks; left > 0; left--) {
      for (let operation = 0; operation < churnOperations; operation++) yield* this.#change();
      yield* this.#look(left === 1);
    }
    yield* this.#fill();
    for (const payload of [...live.keys()]) yield* this.#named("free", freeBlock(this.heap, payload));
    yield* this.#look();
    this.#largest = plan.maximumRequestBytes;
    for (let operation = 0; operation < 6; operation++) yield* this.#change();
    yield* this.#look();
    yield* this.#call("init");
    for (const [role, observation] of refusedCalls(this.heap)) yield* this.#named(role, [observation]);
  }

  /** Damage between operations that are sound. */
  *corruption(probe: CorruptionProbe): Iterable<readonly [string, Observation]> {
    yield* this.#call("init");
    for (let left = corruptedStates; left > 0; left--) {
      yield* this.#fill();
      yield* this.#freeHalf();
      for (let operation = 0; operation < churnOperations; operation++) yield* this.#change();
      this.looks++;
      yield* probe.damage();
      yield* probe.freedAgain();
    }
    yield* this.#look();
  }

  /** The smallest block that is larger than any free one, and that has others on both sides. */
  *#freeSmallest(): Iterable<readonly [string, Observation]> {
    const { live, plan } = this.heap;
    const blocks = this.heap.blocks();
    const largest = Math.max(0, ...blocks.filter(({ free }) => free).map(({ size }) => size));
    const inside = [...live.values()].toSorted((a, b) => a.payload - b.payload).slice(1, -1);
    const found = inside
      .filter(({ request }) => request + plan.header.bytes > largest)
      .toSorted((a, b) => a.request - b.request)[0];
    if (found !== undefined) yield* this.#named("free", freeBlock(this.heap, found.payload));
  }

  /** Blocks in use between free ones. */
  *#freeHalf(): Iterable<readonly [string, Observation]> {
    for (const payload of [...this.heap.live.keys()]) {
      if (this.#draw.random.chance(0.5)) yield* this.#named("free", freeBlock(this.heap, payload));
    }
  }

  /** What is left in one stretch, by halves: else no hole would be the largest. */
  *#fillRest(): Iterable<readonly [string, Observation]> {
    for (let size: number = this.heap.plan.maximumRequestBytes; size >= 16; size = Math.floor(size / 2)) {
      yield* this.#request(size);
    }
  }

  *#fill(): Iterable<readonly [string, Observation]> {
    const { live, plan } = this.heap;
    this.#largest = Math.max(16, Math.ceil(plan.heapBytes / 24));
    const allocating = this.#changing.filter(([role]) => allocates(role));
    const before = live.size;
    for (let tried = 0, failed = 0; tried < mostFilling && failed < 4; tried++) {
      const had = live.size;
      yield* this.#change(allocating);
      if (live.size === had && live.size > before) failed++;
    }
  }

  *#change(among = this.#changing): Iterable<readonly [string, Observation]> {
    const total = among.reduce((sum, [, { weight }]) => sum + weight, 0);
    let drawn = this.#draw.random.unit() * total;
    const chosen = among.find(([, { weight }]) => (drawn -= weight) < 0);
    if (chosen !== undefined) yield* this.#call(chosen[0]);
  }

  *#request(bytes: number): Iterable<readonly [string, Observation]> {
    if (this.heap.guest.has("malloc")) yield* this.#named("malloc", request(this.heap, bytes));
  }

  *#call(role: string): Iterable<readonly [string, Observation]> {
    const found = this.#changing.find(([name]) => name === role);
    if (found !== undefined) yield* this.#named(role, found[1].change(this.heap, this.#draw));
  }

  *#named(role: string, observations: Iterable<Observation>): Iterable<readonly [string, Observation]> {
    for (const observation of observations) {
      yield [role, observation];
      if (this.#before.at(-1) !== observation.call) this.#before.push(observation.call);
    }
  }

  /** Metadata and contents, then all functions that look: none may write. @param isDamaged at damage, too */
  *#look(isDamaged = false): Iterable<readonly [string, Observation]> {
    this.looks++;
    const { guest } = this.heap;
    const last = this.#before.at(-1) ?? "init";
    const role = /^\w+/.exec(last)?.[0] ?? last;
    for (const observation of this.heap.state(last)) yield [role, observation];
    let before = guest.caller.save();
    for (const [name, probe] of this.#looking) {
      for (const observation of probe.look(this.heap)) yield [name, observation];
      if (isDamaged || this.#mayBeUnlisted) {
        for (const observation of probe.lookAtDamage?.(this.heap, this.#draw.random) ?? []) {
          yield [name, observation];
        }
      }
      if (probe.mayMerge?.(this.heap.plan) === true) {
        for (const observation of this.heap.state(name)) yield [name, observation];
        before = guest.caller.save();
      } else yield [name, { call: name, expected: "no effect", found: guest.changeSince(before) }];
    }
  }

  /** Small sizes for the most part, and some that no block is large enough for. */
  #size(): number {
    const { random } = this.#draw;
    const { maximumRequestBytes: most } = this.heap.plan;
    const kind = random.below(40);
    if (kind === 0) return 0;
    if (kind === 1) return Math.min(0xffff_ffff, most + random.below(8));
    if (kind < 20) return random.between(1, Math.min(64, this.#largest));
    return random.between(1, Math.min(this.#largest, most));
  }
}

const holes = 3;
const churnLooks = 6;
const corruptedStates = 2;
const churnOperations = 20;
const mostFilling = 120;

const allocates = (role: string): boolean => /^(?:malloc|malloc_tagged|calloc|aligned_alloc)$/.test(role);
