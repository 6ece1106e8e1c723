/** Generated C inlined into the code that uses it, as link-time optimisation does. */
import { expect, test } from "vitest";
import { drawnPolicies, portableHeap, type DrawnHeap } from "./support/drawn-heaps.js";
import { inlinedBuilds, runInlined } from "./support/run-inlined.js";
import { chooseSample } from "./support/sample.js";

/** A heap of each policy that init is given no memory for: those in a static variable, of one instance. */
function sample(): readonly DrawnHeap[] {
  const indexes = [...drawnPolicies.keys()];
  return [...new Set(drawnPolicies)].flatMap((policy) => {
    const own = indexes.filter((index) => drawnPolicies[index] === policy);
    const heaps = chooseSample(own, 20, `inlined, ${policy}`).flatMap((index) => portableHeap(index) ?? []);
    return heaps.filter(isStatic).slice(0, process.env["ALLOC_GEN_SAMPLE"] === "all" ? undefined : 1);
  });
}

const isStatic = ({ name, files }: DrawnHeap): boolean =>
  files.some(({ text }) => text.includes(`\nvoid ${name}_init(void)\n`));

test.each(sample())(
  "payloads of any types around malloc and free of $title are as without optimisation",
  async (heap) => {
    const results = await runInlined(heap, inlinedBuilds);
    const told = inlinedBuilds.map(({ name }, index) => `${name}: ${results[index] ?? ""}`);
    expect(results[0]).toMatch(/^[0-9a-f]{16}$/);
    expect(told).toEqual(inlinedBuilds.map(({ name }) => `${name}: ${results[0] ?? ""}`));
  },
);
