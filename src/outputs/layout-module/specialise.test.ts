import { describe, expect, it } from "vitest";
import { specialise } from "./specialise.js";
import { splitDecoder } from "./split-decoder.js";

const source = `
/** One of two. */
export function choose(layout: Layout, heap: DataView, at: number): Header {
  if (layout.form === "wide") {
    // A reason.
    const wide = read(layout, heap, at);
    return { wide };
  } else {
    return { narrow: at };
  }
}

export function read(layout: Layout, heap: DataView, at: number): number {
  return layout.tag === undefined ? at : heap.getUint8(at + layout.tag.offset);
}

export function both(layout: Layout): object {
  return {
    one: 1,
    ...(layout.tag === undefined ? {} : { tag: layout.tag.offset }),
    ...(layout.none === undefined ? {} : { none: layout.none.offset }),
  };
}

export function logic(layout: Layout, x: boolean): boolean {
  return layout.tag !== undefined && x;
}

interface Header {
  readonly wide: number;
}

function unused(): void {}
`;

function specialised(layout: object, ...roots: string[]): string {
  return specialise(splitDecoder(source), layout, roots);
}

describe("a decoder made for one layout", () => {
  const layout = { form: "wide", tag: { offset: 2 } };

  it("keeps the branch that the layout takes, and what it calls", () => {
    expect(specialised(layout, "choose")).toBe(`/** One of two. */
export function choose(heap: DataView, at: number): Header {
  // A reason.
  const wide = read(heap, at);
  return { wide };
}

export function read(heap: DataView, at: number): number {
  return heap.getUint8(at + layout.tag.offset);
}

interface Header {
  readonly wide: number;
}`);
  });

  it("drops what only the other branch called, and marks the parameter that is left over", () => {
    expect(specialised({ form: "narrow" }, "choose")).toBe(`/** One of two. */
export function choose(_heap: DataView, at: number): Header {
  return { narrow: at };
}

interface Header {
  readonly wide: number;
}`);
  });

  it("makes conditional members members, or nothing", () => {
    expect(specialised(layout, "both")).toBe(`export function both(): object {
  return {
    one: 1,
    tag: layout.tag.offset,
  };
}`);
  });

  it("decides what a known operand decides", () => {
    expect(specialised(layout, "logic")).toContain("  return x;");
    expect(specialised({}, "logic")).toContain("(_x: boolean): boolean {\n  return false;");
  });
});
