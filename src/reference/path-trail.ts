/** Notes the choices of one operation, as one number. */
import type { Path } from "./path.js";

/** Kinds of loops there may be: numbers below it. The last stands for none. */
const kinds = 32;

/** Loops that are not the policy's: kinds of `PathTrail.iterations`. Policies number theirs from 0 on, below 28. */
export const SharedLoop = {
  /** Words of a payload copied to its new place. */
  copied: 28,
  /** The same, to where it may lie over its old place. */
  movedDown: 29,
  /** Words of a payload cleared. */
  cleared: 30,
} as const;

/** A payload of so many bytes is copied in words; one that is not whole is copied too. */
export function noteWordsCopied(
  trail: PathTrail,
  bytes: number,
  way: "copied" | "movedDown" = "copied",
): void {
  trail.iterations(SharedLoop[way], Math.ceil(bytes / 4));
}

/** The same where bytes behind those that are left over are another's: each is copied by itself. */
export function noteBytesCopied(
  trail: PathTrail,
  bytes: number,
  way: "copied" | "movedDown" = "copied",
): void {
  trail.choice(bytes % 4);
  trail.iterations(SharedLoop[way], Math.floor(bytes / 4));
}

const noLoops: readonly number[] = [];
const noRuns: ReadonlySet<number> = new Set();
const noSteps: ReadonlyMap<number, number> = new Map();

/** Lengths of runs that are told apart; longer ones by their remainder too, as an unrolled loop's ways out are. */
const [longestTold, unrolled] = [16, 8] as const;

/** A hash of whole numbers, in their order. */
class Hash {
  private high = 0x2545f491;
  private low = 0x4f6cdd1d;

  restart(): void {
    this.high = 0x2545f491;
    this.low = 0x4f6cdd1d;
  }

  add(value: number): void {
    const high = Math.imul(this.high ^ value, 0x9e3779b1);
    const low = Math.imul(this.low ^ value, 0x85ebca6b);
    this.high = high ^ (high >>> 15);
    this.low = low ^ (low >>> 13);
  }

  /** 53 bits: of some thousand sequences no two are expected to have the same. */
  value(): number {
    return (this.high >>> 0) * 2 ** 21 + (this.low >>> 11);
  }
}

/** What the loops of an operation did, in their order. */
class LoopRecord {
  readonly counts: number[] = [];
  readonly steps = new Map<number, number>();
  readonly runs = new Set<number>();
  private readonly order = new Hash();
  private readonly opening = new Hash();
  private readonly lengths = new Hash();
  /** The run under way, and its last iterations of one kind. */
  private length = 0;
  private first = 0;
  private kind = kinds - 1;
  private streak = 0;

  iterations(kind: number, count: number): void {
    while (this.counts.length <= kind) this.counts.push(0);
    this.counts[kind] = (this.counts[kind] ?? 0) + count;
    if (kind !== this.kind) {
      this.endStreak();
      this.step(this.kind, kind, 1);
      this.step(kind, kind, count - 1);
    } else this.step(kind, kind, count);
    if (this.length === 0) {
      this.opening.add(kind);
      this.first = kind;
    }
    if (this.length < 2 && this.length + count >= 2) this.opening.add(kind);
    this.length += count;
    this.kind = kind;
    this.streak += count;
  }

  private step(from: number, to: number, count: number): void {
    if (count === 0) return;
    const step = from * kinds + to;
    this.steps.set(step, (this.steps.get(step) ?? 0) + count);
  }

  private endStreak(): void {
    if (this.streak === 0) return;
    this.order.add(this.kind);
    this.order.add(this.streak);
    this.streak = 0;
  }

  /** Choices follow: what comes after is another run. */
  endRun(choices: number): void {
    if (this.length === 0) return;
    this.endStreak();
    const { length } = this;
    this.opening.add(this.kind);
    for (const hash of [this.order, this.opening, this.lengths]) hash.add(choices);
    const told = length <= longestTold ? length : longestTold + 1 + (length % unrolled);
    this.lengths.add(told);
    this.runs.add(this.first * kinds + told);
    this.length = 0;
    this.kind = kinds - 1;
  }

  hashes() {
    return { order: this.order.value(), opening: this.opening.value(), lengths: this.lengths.value() };
  }
}

export class PathTrail {
  private readonly choices = new Hash();
  /** Choices so far. */
  private made = 0;
  private loops: LoopRecord | undefined;
  private coalescingPass = false;
  private group = 0;

  /** A new operation; `kind` tells operations apart. */
  begin(kind: number): void {
    this.choices.restart();
    this.choices.add(kind);
    this.made = 0;
    this.loops = undefined;
    this.coalescingPass = false;
    this.group = 0;
  }

  /** What an iteration costs depends on the group, a choice of its own too. */
  inGroup(group: number): void {
    this.choice(group);
    this.group = group;
  }

  /** The whole heap was gone over. */
  noteCoalescingPass(): void {
    this.coalescingPass = true;
  }

  /** One of several ways was taken, numbered from 0. */
  choice(way: number): void {
    this.loops?.endRun(this.made);
    this.choices.add(way);
    this.made++;
  }

  /** A choice of two. Gives the answer back, to be acted on. */
  yesNo(answer: boolean): boolean {
    this.choice(answer ? 1 : 0);
    return answer;
  }

  /** `count` more iterations of a loop's kind, numbered from 0. */
  iterations(kind: number, count: number): void {
    if (count === 0) return;
    this.loops ??= new LoopRecord();
    this.loops.iterations(kind, count);
  }

  path(): Path {
    const { loops, group, coalescingPass } = this;
    const key = this.choices.value();
    if (loops === undefined)
      return {
        key,
        loops: noLoops,
        order: 0,
        opening: 0,
        lengths: 0,
        runs: noRuns,
        steps: noSteps,
        group,
        coalescingPass,
      };
    loops.endRun(this.made);
    return {
      key,
      loops: loops.counts.slice(),
      runs: new Set(loops.runs),
      steps: new Map(loops.steps),
      ...loops.hashes(),
      group,
      coalescingPass,
    };
  }
}
