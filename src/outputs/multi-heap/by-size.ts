/** What the C of a front that chooses by size says of its heaps: a request goes to the first that serves so much. */
import { render } from "../../csource/render.js";
import type { View } from "../../csource/view.js";
import type { MemberHeap } from "./plan.js";

/** Heaps for requests up to a size, in the order of trying, and the last, which takes all others. */
export function bySizeView(heaps: readonly MemberHeap[]): View {
  const small = heaps.slice(0, -1);
  const last = heaps.at(-1);
  if (last === undefined) throw new Error("a front over no heaps");
  const places = small.map(
    ({ plan: { name } }) => `is_in(${name}_start, ${name.toUpperCase()}_SIZE_BYTES, pointer)`,
  );
  const sized = small.map(({ plan: { name } }, index) => ({
    heap: name,
    HEAP: name.toUpperCase(),
    untilServed: index === 0 ? "" : "(payload == NULL) && ",
    orIf: index === 0 ? "if" : "} else if",
  }));
  return {
    sized,
    firstSized: sized.slice(0, 1),
    otherSized: sized.slice(1),
    rest: [
      { heap: last.plan.name, inSized: places.length === 1 ? places.join("") : `(${places.join(" || ")})` },
    ],
    malloc: ask(small, last, "malloc(size)"),
    alignedAlloc: ask(
      small.filter(({ plan }) => plan.api.alignedAlloc),
      last,
      "aligned_alloc(alignment, size)",
    ),
  };
}

/** Statements that make `payload` what the first heap gives: those that are asked, and the last. */
function ask(asked: readonly MemberHeap[], last: MemberHeap, call: string): string {
  const views = asked.map(({ plan: { name } }) => ({
    call: `${name}_${call}`,
    condition: `size <= ${name.toUpperCase()}_MAX_REQUEST`,
  }));
  const rest = `${last.plan.name}_${call}`;
  if (asked.length === 0) return statements("ask-last", { rest });
  const most = asked.reduce((larger, heap) =>
    heap.plan.maximumRequestBytes > larger.plan.maximumRequestBytes ? heap : larger,
  );
  return statements(asked.length === 1 ? "ask-one" : "ask-several", {
    most: `${most.plan.name.toUpperCase()}_MAX_REQUEST`,
    first: views.slice(0, 1),
    others: views.slice(1),
    rest,
  });
}

const statements = (template: string, view: View): string =>
  render(`multi-heap/by-size/${template}.c`, view).trimEnd();
