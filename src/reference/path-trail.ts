/** Notes the choices of one operation, as one number. */
import type { Path } from "./reference-heap.js";

const noLoops: readonly number[] = [];

export class PathTrail {
  /** Mixed-radix: each choice is a digit. Exact below 2^53. */
  private key = 0;
  private loops: number[] | undefined;
  private swept = false;

  /** A new operation; `kind` tells operations apart. */
  begin(kind: number): void {
    this.key = kind;
    this.loops = undefined;
    this.swept = false;
  }

  /** The whole heap was gone over. */
  sweeps(): void {
    this.swept = true;
  }

  /** One of `of` ways was taken: 0 to `of` - 1. */
  choice(way: number, of: number): void {
    this.key = this.key * of + way;
  }

  /** A choice of two. Gives the answer back, to be acted on. */
  yesNo(answer: boolean): boolean {
    this.key = this.key * 2 + (answer ? 1 : 0);
    return answer;
  }

  /** `count` more iterations of a loop's kind, numbered from 0. */
  iterations(kind: number, count: number): void {
    this.loops ??= [];
    while (this.loops.length <= kind) this.loops.push(0);
    this.loops[kind] = (this.loops[kind] ?? 0) + count;
  }

  path(): Path {
    if (this.key > Number.MAX_SAFE_INTEGER)
      throw new Error("a path has more choices than a number can tell apart");
    return { key: this.key, loops: this.loops ?? noLoops, swept: this.swept };
  }
}
