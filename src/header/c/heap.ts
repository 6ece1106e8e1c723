/** What of a heap the C of its headers depends on: a plan is one. */
import type { HeaderLayout } from "../layout.js";

export interface HeaderHeap {
  /** Prefix of the C functions. */
  readonly name: string;
  readonly header: HeaderLayout;
  readonly granuleBytes: number;
  readonly endHeader: "none" | "tag" | "block";
  /** "none": free looks at no neighbour, and trusts none. */
  readonly coalescing: "immediate" | "if-listed" | "none";
  /** Members of the control data. */
  readonly control: readonly { readonly name: string }[];
  readonly api: { readonly realloc: boolean; readonly check: boolean };
}
