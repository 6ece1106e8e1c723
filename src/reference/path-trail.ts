/** Notes the choices of one operation, as one number. */
import type { Path } from "./reference-heap.js";

/** Loops that are not the policy's: kinds of `PathTrail.iterations`. */
export const SharedLoop = {
  /** Words of a payload copied to its new place. */
  copied: 12,
  /** The same, to where it may lie over its old place. */
  movedDown: 13,
  /** Words of a payload cleared. */
  cleared: 14,
} as const;

/** A payload of so many bytes is copied in words; one that is not whole is copied too. */
export function noteWordsCopied(
  trail: PathTrail,
  bytes: number,
  way: "copied" | "movedDown" = "copied",
): void {
  trail.iterations(SharedLoop[way], Math.ceil(bytes / 4));
}

/** Numbers that stand for keys with more digits than a number has room for; negative, so that they are none of those. */
const longKeys = new Map<number, number>();
const longest = 2 ** 46;

/** A key with one more choice. */
function joined(key: number, way: number, of: number): number {
  if (Math.abs(key) < longest) return key < 0 ? key * of - way : key * of + way;
  const known = longKeys.get(key) ?? -(longKeys.size + 1);
  longKeys.set(key, known);
  return joined(known, way, of);
}

/** A path that goes on with one of `of` ways, and with loops of further kinds. */
export function extendedPath(
  path: Path,
  choice: { readonly way: number; readonly of: number },
  iterations: Readonly<Record<number, number>> = {},
): Path {
  const counts = Object.entries(iterations).filter(([, count]) => count > 0);
  const loops = path.loops.slice();
  for (const [kind, count] of counts) {
    while (loops.length <= Number(kind)) loops.push(0);
    loops[Number(kind)] = (loops[Number(kind)] ?? 0) + count;
  }
  return { ...path, key: joined(path.key, choice.way, choice.of), loops };
}

const noLoops: readonly number[] = [];

export class PathTrail {
  /** Mixed-radix: each choice is a digit. */
  private key = 0;
  private loops: number[] | undefined;
  private coalescingPass = false;
  private group = 0;

  /** A new operation; `kind` tells operations apart. */
  begin(kind: number): void {
    this.key = kind;
    this.loops = undefined;
    this.coalescingPass = false;
    this.group = 0;
  }

  /** What an iteration costs depends on the group, a choice of its own too. */
  inGroup(group: number, of: number): void {
    this.choice(group, of);
    this.group = group;
  }

  /** The whole heap was gone over. */
  noteCoalescingPass(): void {
    this.coalescingPass = true;
  }

  /** One of `of` ways was taken: 0 to `of` - 1. */
  choice(way: number, of: number): void {
    this.key = joined(this.key, way, of);
  }

  /** A choice of two. Gives the answer back, to be acted on. */
  yesNo(answer: boolean): boolean {
    this.key = joined(this.key, answer ? 1 : 0, 2);
    return answer;
  }

  /** `count` more iterations of a loop's kind, numbered from 0. */
  iterations(kind: number, count: number): void {
    this.loops ??= [];
    while (this.loops.length <= kind) this.loops.push(0);
    this.loops[kind] = (this.loops[kind] ?? 0) + count;
  }

  path(): Path {
    return {
      key: this.key,
      loops: this.loops ?? noLoops,
      group: this.group,
      coalescingPass: this.coalescingPass,
    };
  }
}
