/** Blocks in the order of their addresses, and the gaps between them: the first gap that is large enough serves. */
import type { BitmapNumbers, BitmapPlan } from "./types.js";
import type { Block } from "../../reference/block.js";
import {
  alignedAlloc,
  giveBack,
  outcome,
  realloc,
  request,
  type AlignedRequest,
  type HeaderlessHeap,
} from "../../reference/headerless-functions.js";
import { keepsFigures } from "../../plan/figures.js";
import { keptAlignment } from "../../reference/kept-alignment.js";
import { largestServedBy } from "../../reference/largest-request.js";
import { noteNeed } from "../../reference/need.js";
import { noteWordsCopied, PathTrail } from "../../reference/path-trail.js";
import { headerlessBlock } from "../../reference/headerless-block.js";
import type { BlockLinks, Outcome, ReferenceHeap } from "../../reference/reference-heap.js";
import { Usage } from "../../reference/usage.js";
import { checkGaps, checkRuns, RunList, type Run } from "./runs.js";

/** What is done over and over, by kind. From `search` on: to look at a word of one kind behind one of another. */
const work = { skipped: 0, further: 1, search: 2, freed: 16, read: 17, after: 18, before: 19 } as const;

/** Kinds of words, by their granules in use: none, all, some. */
const [free, full, mixed] = [0, 1, 2] as const;

const wordOf = (granule: number): number => Math.floor(granule / 32);

export class BitmapReference implements ReferenceHeap, HeaderlessHeap<Run> {
  private readonly policy: BitmapNumbers;
  /** In use, and free between them, by address. No two gaps are neighbours. */
  private readonly runs = new RunList();
  private readonly gaps = new RunList();
  /** Of each word, the granules in use, and those that there are not. */
  private readonly usedInWord: Uint8Array;
  /** In front of it every granule is in use, as far as the last search knew and frees since have not changed. */
  private open = 0;
  readonly trail = new PathTrail();
  readonly usage: Usage;

  constructor(readonly plan: BitmapPlan) {
    this.policy = plan.policy;
    this.usage = new Usage(plan, this.trail);
    this.usedInWord = new Uint8Array(this.policy.words);
    this.usedInWord[this.policy.words - 1] = 32 * this.policy.words - this.policy.granules;
    this.gaps.add({ first: 0, last: this.policy.granules - 1 });
  }

  malloc(size: number): Outcome {
    this.trail.begin(1);
    return outcome(this, request(this, size));
  }

  obtain(size: number): Run | undefined {
    const granules = this.granulesFor(size);
    const gap = this.find(granules);
    return gap && this.use({ first: gap.first, last: gap.first + granules - 1 });
  }

  private granulesFor(size: number): number {
    return noteNeed(this.trail, this.plan, size) / this.plan.granuleBytes;
  }

  /** The lowest gap of so many granules. */
  private find(granules: number): Run | undefined {
    const found = this.gaps.firstOfLength(granules);
    this.noteSearch(granules, found?.first);
    this.trail.yesNo(found !== undefined);
    return found;
  }

  /** Where misuse is found, the granule in front of a block is looked at, if there is one. */
  private noteBorder({ first }: Run): void {
    if (this.plan.hardening !== undefined) this.trail.yesNo(first === 0);
  }

  /** Free granules become a block. */
  private use(run: Run): Run {
    this.noteBorder(run);
    this.runs.add(run);
    const gap = this.gaps.take(this.gaps.around(run.first));
    if (gap.first < run.first) this.gaps.add({ first: gap.first, last: run.first - 1 });
    if (gap.last > run.last) this.gaps.add({ first: run.last + 1, last: gap.last });
    this.change(run, 1, work.further);
    return run;
  }

  bytesOf({ first, last }: Run): number {
    return (last - first + 1) * this.plan.granuleBytes;
  }

  heldBy(run: Run): number {
    return this.bytesOf(run);
  }

  payloadOf({ first }: Run): number {
    return this.plan.firstBlock + first * this.plan.granuleBytes;
  }

  realloc(payload: number, size: number, heapAddress: number): Outcome {
    return realloc(this, payload, size, heapAddress);
  }

  /** A block takes what is free behind it, and where that does not suffice what is free in front of it too. */
  resize(old: Run, size: number, heapAddress: number): Run | undefined {
    const { trail, plan } = this;
    const granules = this.granulesFor(size);
    const { first, last } = old;
    const index = this.runs.around(first);
    this.trail.iterations(work.read, wordOf(last) - wordOf(first));
    const end = this.runs.at(index + 1)?.first ?? this.policy.granules;
    const begin = (this.runs.at(index - 1)?.last ?? -1) + 1;
    const suffices = trail.yesNo(last - first + 1 >= granules);
    if (!suffices) this.noteAfter(last + 1, end);
    const staysThere = trail.yesNo(end - first >= granules);
    if (!staysThere && plan.realloc.copyUnlocked === true) return undefined;
    if (!staysThere) this.noteBefore(first, begin);
    const lowest = this.alignedFrom(
      begin,
      keptAlignment(plan, heapAddress + this.payloadOf(old)),
      heapAddress,
    );
    if (!trail.yesNo(end - lowest >= granules)) return undefined;
    const start = staysThere ? first : lowest;
    this.giveBack(old);
    const run = this.use({ first: start, last: start + granules - 1 });
    if (keepsFigures(this.plan.api)) trail.iterations(work.further, 0);
    if (trail.yesNo(start !== first)) noteWordsCopied(trail, this.bytesOf(old), "movedDown");
    return run;
  }

  /** Words looked through for the end of what is free from a granule on. */
  private noteAfter(from: number, end: number): void {
    const { granules, words } = this.policy;
    if (!this.trail.yesNo(from < granules)) return;
    const last = Math.min(wordOf(end), words - 1);
    // Where a search may end is asked before what it finds, or behind it.
    this.trail.yesNo(wordOf(from) === words - 1);
    this.trail.iterations(work.after, last - wordOf(from));
    this.trail.yesNo(last === words - 1);
    this.trail.yesNo(end < 32 * words);
  }

  /** Words looked through for the beginning of what is free in front of a granule. */
  private noteBefore(granule: number, begin: number): void {
    if (!this.trail.yesNo(granule > 0)) return;
    // The last granule in use in front, if there is one, is where the looking ends.
    const last = wordOf(Math.max(0, begin - 1));
    this.trail.yesNo(wordOf(granule - 1) === 0);
    this.trail.iterations(work.before, wordOf(granule - 1) - last);
    this.trail.yesNo(last === 0);
    this.trail.yesNo(begin > 0);
  }

  /** A gap in which the payload can be moved up to the alignment, wherever it begins. */
  alignedAlloc(alignment: number, size: number, heapAddress: number): Outcome {
    return alignedAlloc(this, { alignment, size, heapAddress });
  }

  obtainAligned({ alignment, size, heapAddress }: AlignedRequest): Run | undefined {
    const granules = this.granulesFor(size);
    const gap = this.find(granules + Math.max(0, alignment / this.plan.granuleBytes - 1));
    if (gap === undefined) return undefined;
    const first = this.alignedFrom(gap.first, alignment, heapAddress);
    return this.use({ first, last: first + granules - 1 });
  }

  /** The first granule from one on that is at a multiple of an alignment. */
  private alignedFrom(granule: number, alignment: number, heapAddress: number): number {
    let first = granule;
    while ((heapAddress + this.payloadOf({ first, last: first })) % alignment !== 0) first++;
    return first;
  }

  /**
   * What has to be found out word by word. A run is seen to be long enough in the word where its last granule is: from
   * what is free up to there, or, where it begins within that word, by looking into it.
   */
  private noteSearch(granules: number, first: number | undefined): void {
    const within = granules < 32;
    this.trail.inGroup(within ? Math.floor(Math.log2(granules)) : 5);
    const { words } = this.policy;
    for (; this.usedInWord[this.open] === 32; this.open++) this.trail.iterations(work.skipped, 1);
    const seenIn = first === undefined ? words : wordOf(first + granules - 1);
    let before = this.kindOf(this.open);
    this.trail.choice(seenIn === this.open ? 3 : before);
    for (let word = this.open + 1; word < seenIn;) {
      const kind = this.kindOf(word);
      // Words of one kind are one piece of work, but for the first, which is behind one of another kind.
      let behind = word + 1;
      if (kind === before) while (behind < seenIn && this.kindOf(behind) === kind) behind++;
      this.trail.iterations(work.search + 3 * before + kind, behind - word);
      before = kind;
      word = behind;
    }
    this.trail.choice(this.open === words ? 3 : before);
    if (first === undefined) return;
    this.trail.yesNo(seenIn === words - 1);
    const isInside = wordOf(first) === seenIn && first % 32 > 0;
    this.trail.choice(this.kindOf(seenIn) === free ? 0 : isInside ? 2 : 1);
  }

  private kindOf(word: number): number {
    const used = this.usedInWord[word];
    return used === 0 ? free : used === 32 ? full : mixed;
  }

  /** All words of a run but the first, each a piece of work; and the granules in use. */
  private change({ first, last }: Run, by: 1 | -1, kind: number): void {
    this.trail.iterations(kind, wordOf(last) - wordOf(first));
    for (let word = wordOf(first); word <= wordOf(last); word++) {
      const granules = Math.min(last, 32 * word + 31) - Math.max(first, 32 * word) + 1;
      this.usedInWord[word] = (this.usedInWord[word] as number) + by * granules;
    }
  }

  largestRequest(): number {
    return largestServedBy(this.plan, this.gaps.longest() * this.plan.granuleBytes);
  }

  free(payload: number): Outcome {
    this.trail.begin(2);
    if (!this.trail.yesNo(payload >= 0)) return outcome(this, undefined);
    giveBack(this, this.inUse(payload));
    return outcome(this, undefined);
  }

  inUse(payload: number): Run {
    const granule = (payload - this.plan.firstBlock) / this.plan.granuleBytes;
    const run = this.runs.at(this.runs.around(granule));
    if (run?.first !== granule) throw new Error(`no block in use has its payload at ${payload}`);
    return run;
  }

  giveBack(run: Run): void {
    this.noteBorder(run);
    this.runs.take(this.runs.around(run.first));
    this.gaps.addMerged(run);
    this.change(run, -1, work.freed);
    if (this.trail.yesNo(wordOf(run.first) < this.open)) this.open = wordOf(run.first);
  }

  private blockOf({ first, last }: Run, free: boolean): Block {
    const { firstBlock, granuleBytes } = this.plan;
    return headerlessBlock(firstBlock + first * granuleBytes, (last - first + 1) * granuleBytes, free);
  }

  blocks(): Iterable<Block> {
    const used = this.runs.all.map((run) => this.blockOf(run, false));
    const free = this.gaps.all.map((gap) => this.blockOf(gap, true));
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
    for (const run of this.runs.all) {
      for (let granule = run.first; granule <= run.last; granule++) set(used, granule);
      set(last, run.last);
    }
    for (let none = granules; none < 32 * words; none++) set(used, none);
    return new Map([
      ["searched", [words - this.open]],
      ["used", used],
      ["last", last],
      ...this.usage.values(),
    ]);
  }

  check(): void {
    checkRuns(this.plan, this.runs.all, this.usedInWord);
    checkGaps(this.policy.granules, this.runs.all, this.gaps.all);
  }
}
