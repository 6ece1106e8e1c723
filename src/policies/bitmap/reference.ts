/** Blocks in the order of their addresses, and the gaps between them: the first gap that is large enough serves. */
import type { BitmapPlan, Plan } from "../../plan/plan.js";
import type { Block } from "../../reference/block-chain.js";
import { PathTrail } from "../../reference/path-trail.js";
import { plainBlock, servesRequest } from "../../reference/plain-block.js";
import type { BlockLinks, Outcome, ReferenceHeap } from "../../reference/reference-heap.js";

/** Granules, from the first to the last. */
interface Run {
  readonly first: number;
  readonly last: number;
}

/** What is done over and over, by kind. From `search` on: to look at a word of one kind behind one of another. */
const work = { skipped: 0, further: 1, search: 2 } as const;

/** Kinds of words, by their granules in use: none, all, some. */
const [free, full, mixed] = [0, 1, 2] as const;

const wordOf = (granule: number): number => Math.floor(granule / 32);

export class BitmapReference implements ReferenceHeap {
  private readonly policy: BitmapPlan;
  /** In use, by address. */
  private runs: readonly Run[] = [];
  /** Of each word, the granules in use, and those that there are not. */
  private readonly usedInWord: Uint8Array;
  /** In front of it every granule is in use, as far as the last search knew and frees since have not changed. */
  private open = 0;
  private readonly trail = new PathTrail();

  constructor(private readonly plan: Plan) {
    if (plan.policy.kind !== "bitmap") throw new Error("not a plan of bitmapped fit");
    this.policy = plan.policy;
    this.usedInWord = new Uint8Array(this.policy.words);
    this.usedInWord[this.policy.words - 1] = 32 * this.policy.words - this.policy.granules;
  }

  /** Gaps by address; `before` is the number of runs in front. */
  private *gaps(): Generator<Run & { readonly before: number }> {
    let first = 0;
    for (const [before, run] of this.runs.entries()) {
      if (run.first > first) yield { first, last: run.first - 1, before };
      first = run.last + 1;
    }
    const last = this.policy.granules - 1;
    if (first <= last) yield { first, last, before: this.runs.length };
  }

  malloc(size: number): Outcome {
    this.trail.begin(1);
    if (!this.trail.yesNo(servesRequest(this.plan, size))) return this.outcome(-1);
    const { granuleBytes, minimumBlockBytes, firstBlock } = this.plan;
    const natural = Math.ceil(size / granuleBytes);
    const raised = this.trail.yesNo(natural * granuleBytes < minimumBlockBytes);
    const granules = raised ? minimumBlockBytes / granuleBytes : natural;
    let found: (Run & { readonly before: number }) | undefined;
    for (const gap of this.gaps()) {
      if (gap.last - gap.first + 1 < granules) continue;
      found = gap;
      break;
    }
    this.noteSearch(granules, found?.first);
    if (!this.trail.yesNo(found !== undefined) || found === undefined) return this.outcome(-1);
    const run = { first: found.first, last: found.first + granules - 1 };
    this.runs = this.runs.toSpliced(found.before, 0, run);
    this.change(run, 1);
    return this.outcome(firstBlock + run.first * granuleBytes);
  }

  /**
   * What has to be found out word by word. A run is seen to be long enough in the word where its last granule is: from
   * what is free up to there, or, where it begins within that word, by looking into it.
   */
  private noteSearch(granules: number, first: number | undefined): void {
    const within = granules < 32;
    this.trail.inGroup(within ? Math.floor(Math.log2(granules)) : 5, 6);
    const { words } = this.policy;
    for (; this.usedInWord[this.open] === 32; this.open++) this.trail.iterations(work.skipped, 1);
    const seenIn = first === undefined ? words : wordOf(first + granules - 1);
    let before = this.kindOf(this.open);
    this.trail.choice(seenIn === this.open ? 3 : before, 4);
    for (let word = this.open + 1; word < seenIn; word++) {
      const kind = this.kindOf(word);
      this.trail.iterations(work.search + 3 * before + kind, 1);
      before = kind;
    }
    this.trail.choice(this.open === words ? 3 : before, 4);
    if (first === undefined) return;
    this.trail.yesNo(seenIn === words - 1);
    const isInside = wordOf(first) === seenIn && first % 32 > 0;
    this.trail.choice(this.kindOf(seenIn) === free ? 0 : isInside ? 2 : 1, 3);
  }

  private kindOf(word: number): number {
    const used = this.usedInWord[word];
    return used === 0 ? free : used === 32 ? full : mixed;
  }

  /** All words of a run but the first, each a piece of work; and the granules in use. */
  private change({ first, last }: Run, by: 1 | -1): void {
    this.trail.iterations(work.further, wordOf(last) - wordOf(first));
    for (let granule = first; granule <= last; granule++) {
      const word = wordOf(granule);
      this.usedInWord[word] = (this.usedInWord[word] as number) + by;
    }
  }

  free(payload: number): Outcome {
    this.trail.begin(2);
    if (!this.trail.yesNo(payload >= 0)) return this.outcome(-1);
    const granule = (payload - this.plan.firstBlock) / this.plan.granuleBytes;
    const index = this.runs.findIndex(({ first }) => first === granule);
    const run = this.runs[index];
    if (run === undefined) throw new Error(`no block in use has its payload at ${payload}`);
    this.runs = this.runs.toSpliced(index, 1);
    this.change(run, -1);
    if (this.trail.yesNo(wordOf(run.first) < this.open)) this.open = wordOf(run.first);
    return this.outcome(-1);
  }

  private outcome(payload: number): Outcome {
    return { payload, path: this.trail.path() };
  }

  private blockOf({ first, last }: Run, free: boolean): Block {
    const { firstBlock, granuleBytes } = this.plan;
    return plainBlock(firstBlock + first * granuleBytes, (last - first + 1) * granuleBytes, free);
  }

  blocks(): Iterable<Block> {
    const used = this.runs.map((run) => this.blockOf(run, false));
    const free = [...this.gaps()].map((gap) => this.blockOf(gap, true));
    return [...used, ...free].sort((left, right) => left.start - right.start);
  }

  wildernessStart(): number {
    return this.plan.endOfBlocks;
  }

  freeList(): readonly Block[] {
    return [];
  }

  links(): BlockLinks {
    return { next: undefined, previous: undefined };
  }

  control(): ReadonlyMap<string, readonly number[]> {
    const { words, granules } = this.policy;
    const used = Array.from({ length: words }, () => 0);
    const last = Array.from({ length: words }, () => 0);
    const set = (bits: number[], granule: number) => {
      bits[wordOf(granule)] = (bits[wordOf(granule)] as number) + 2 ** (granule % 32);
    };
    for (const run of this.runs) {
      for (let granule = run.first; granule <= run.last; granule++) set(used, granule);
      set(last, run.last);
    }
    for (let none = granules; none < 32 * words; none++) set(used, none);
    return new Map([
      ["open", [this.open]],
      ["used", used],
      ["last", last],
    ]);
  }

  check(): void {
    let end = 0;
    const used = new Uint8Array(this.policy.words);
    for (const { first, last } of this.runs) {
      if (first < end) throw new Error(`the block at granule ${first} begins in the one before`);
      if ((last - first + 1) * this.plan.granuleBytes < this.plan.minimumBlockBytes)
        throw new Error(`the block at granule ${first} is too short`);
      for (let granule = first; granule <= last; granule++) {
        used[wordOf(granule)] = (used[wordOf(granule)] as number) + 1;
      }
      end = last + 1;
    }
    const { granules, words } = this.policy;
    if (end > granules) throw new Error("a block ends behind the last granule");
    used[words - 1] = (used[words - 1] as number) + 32 * words - granules;
    if (used.some((count, word) => count !== this.usedInWord[word]))
      throw new Error("the granules in use are miscounted");
  }
}
