import { diagnose, type Diagnostic } from "../../diagnostics.js";
import { placeControl } from "../../plan/place-control.js";
import type { PoolClass, PoolConfig, PoolNumbers } from "./types.js";
import { roundUp } from "../../units.js";
import type { ControlMember, PlanBasis, PolicyPart } from "../policy.js";

/** The largest power of two that divides a size: the alignment that blocks of it have, side by side. */
export function strideAlignment(blockBytes: number): number {
  let alignment = 1;
  while (blockBytes % (2 * alignment) === 0) alignment *= 2;
  return alignment;
}

/** @param words of bits for the blocks in use; 0: none */
function controlMembers(
  { classes, lazy, atomic }: PoolConfig,
  linkBytes: 2 | 4,
  words: number,
): readonly ControlMember[] {
  const count = classes.length;
  const each = count > 1 ? " of each class" : "";
  const member = (name: string, bytes: 2 | 4, of: number, meaning: string): ControlMember => ({
    ...{ name, bytes, count: of, meaning },
  });
  return [
    ...(words > 0 ? [member("used", 4, words, "one bit per block, set if it is in use")] : []),
    member("first", atomic ? 4 : linkBytes, count, `first free block${each}`),
    ...(lazy ? [member("fresh", linkBytes, count, `first block${each} that was never allocated`)] : []),
  ];
}

/** Where everything lies, for certain numbers of blocks. */
interface Space {
  readonly control: readonly ControlMember[];
  readonly classes: readonly PoolClass[];
  readonly firstBlock: number;
  readonly end: number;
}

/** Sets out the blocks of a config. */
class Spaces {
  /** log2 of the least distance of two blocks. */
  readonly shift: number;
  readonly heapAlignment: number;
  private readonly tracks: boolean;

  constructor(
    private readonly policy: PoolConfig,
    private readonly basis: PlanBasis,
  ) {
    const { walk, check, stats } = basis.api;
    this.tracks = walk || check || stats || basis.isHardened;
    const sizes = policy.classes.map(({ blockBytes }) => blockBytes);
    this.shift = Math.floor(Math.log2(Math.min(...sizes)));
    this.heapAlignment = Math.max(...sizes.map((size) => this.alignmentOf(size)));
  }

  private alignmentOf(blockBytes: number): number {
    const { api, maximumAlignment, granuleBytes } = this.basis;
    return api.alignedAlloc ? Math.min(strideAlignment(blockBytes), maximumAlignment) : granuleBytes;
  }

  /** @param openCount blocks of the class whose config does not say how many */
  of(openCount: number): Space {
    // More bits move the blocks, and the gaps between classes with them.
    let space = this.place(openCount, 0);
    if (!this.tracks) return space;
    for (let words = 0; words < this.wordsFor(space);) {
      words = this.wordsFor(space);
      space = this.place(openCount, words);
    }
    // The first block may have moved nearer to the last, behind a gap that was there: then fewer words hold the bits.
    const { policy, basis } = this;
    return {
      ...space,
      control: controlMembers(policy, basis.header.links.bytes, this.wordsFor(space)),
    };
  }

  private place(openCount: number, words: number): Space {
    const { header, figures } = this.basis;
    const control = controlMembers(this.policy, header.links.bytes, words);
    let at = placeControl([...control, ...figures]).end;
    const classes = this.policy.classes.map(({ blockBytes, count = openCount }): PoolClass => {
      const start = roundUp(at, this.alignmentOf(blockBytes));
      at = start + count * blockBytes;
      return { blockBytes, start, end: at };
    });
    return { control, classes, firstBlock: classes[0]?.start ?? at, end: at };
  }

  private wordsFor({ classes, firstBlock }: Space): number {
    const last = classes.at(-1);
    if (last === undefined) return 0;
    const place = Math.floor((last.end - last.blockBytes - firstBlock) / 2 ** this.shift);
    return Math.floor(place / 32) + 1;
  }

  /** The most blocks of the open class that there is room for; at least 1. */
  fill(): Space {
    const { heapBytes } = this.basis;
    const open = this.policy.classes.find(({ count }) => count === undefined);
    if (open === undefined) return this.of(1);
    const { blockBytes } = open;
    let count = Math.max(1, Math.floor((heapBytes - this.of(0).end) / blockBytes));
    for (let { end } = this.of(count); end > heapBytes && count > 1; { end } = this.of(count))
      count = Math.max(1, count - Math.ceil((end - heapBytes) / blockBytes));
    while (this.of(count + 1).end <= heapBytes) count++;
    return this.of(count);
  }
}

export function planPart(
  policy: PoolConfig,
  basis: PlanBasis,
): PolicyPart<PoolNumbers> | readonly Diagnostic[] {
  const { heapBytes } = basis;
  const spaces = new Spaces(policy, basis);
  const least = spaces.of(1).end;
  if (least > heapBytes) {
    const parameters = { size: heapBytes, needed: least };
    return [diagnose("blocks-too-large", parameters, { path: ["policy", "classes"] })];
  }
  const { control, classes, firstBlock, end } = spaces.fill();
  const smallest = classes[0];
  const largest = classes.at(-1);
  if (smallest === undefined || largest === undefined) throw new Error("a pool has a class");
  const { heapAlignment, shift } = spaces;
  const used = control.find(({ name }) => name === "used");
  return {
    policy: {
      ...policy,
      classes,
      ...(used === undefined ? {} : { usedBits: { shift, words: used.count } }),
    },
    control,
    endHeader: "none",
    coalescing: "none",
    largestServedBytes: () => largest.blockBytes,
    emptyBytes: classes.reduce((sum, { start, end: classEnd }) => sum + classEnd - start, 0),
    space: {
      minimumBlockBytes: smallest.blockBytes,
      firstBlock,
      endOfBlocks: end,
      needed: least,
      ...(basis.api.alignedAlloc ? { heapAlignment, maximumAlignment: heapAlignment } : {}),
    },
  };
}
