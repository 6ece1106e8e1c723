/** One malloc and one free over several heaps, and their proof. */
import { z } from "zod";
import { frontChoices, multiHeapFunctions, type MultiHeapConfig } from "./config.js";
import { defineOutput, type OutputHeap } from "../output.js";
import { emitMultiHeap } from "./emit.js";
import { planMultiHeap } from "./plan.js";
import { proveMultiHeap } from "./prove.js";
import { proofOf } from "./report.js";

const planOf = (heaps: readonly OutputHeap[], config: MultiHeapConfig) =>
  planMultiHeap(
    config,
    heaps.map(({ plan }) => plan),
  );

function filesOf(heaps: readonly OutputHeap[], config: MultiHeapConfig) {
  const [first] = heaps;
  if (first === undefined) throw new Error("one malloc over no heaps");
  return emitMultiHeap(planOf(heaps, config), first.provenance);
}

export const multiHeap = defineOutput<MultiHeapConfig>({
  name: "multi-heap",
  when: "asked",
  options: z.strictObject({
    name: z.string(),
    by: z.enum(frontChoices),
    capabilities: z.array(z.string()),
    heaps: z.array(z.strictObject({ name: z.string(), capabilities: z.array(z.string()) })),
    regions: z
      .strictObject({ name: z.string(), capabilities: z.array(z.string()), most: z.number() })
      .optional(),
    api: z.record(z.enum(multiHeapFunctions), z.boolean()),
  }),
  scope: "heaps",
  files: filesOf,
  prove: async (heaps, config, bench) => {
    const plan = planOf(heaps, config);
    const files = [...bench.files, ...filesOf(heaps, config)];
    return proofOf(plan, await proveMultiHeap(plan, { ...bench, files }));
  },
});
