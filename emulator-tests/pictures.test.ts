/** Pictures of runs against what they are pictures of: every byte of a heap is of some kind, every cycle of a call of some line. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { buildProject, generate, prepare, type GivenSource } from "../src/pipeline.js";
import { drawRun } from "../src/pictures/draw-run.js";
import { policies } from "../src/policies/registry.js";
import { workloads } from "../src/workloads.js";
import { chooseSample } from "./support/sample.js";

/** Arenas do not run what frees one block. */
const kinds = policies.map(({ name }) => name).filter((name) => name !== "bump");

it.each(chooseSample(kinds, 3, "pictures"))("draws what is there: %s", { timeout: 240_000 }, async (kind) => {
  const folder = mkdtempSync(join(tmpdir(), "alloc-gen-pictures-"));
  try {
    const config = {
      name: "app_heap",
      target: "cortex-m4",
      heap: { size: "16KiB" },
      policy: { kind, ...(kind === "pool" ? { classes: [{ size: 64, count: 100 }] } : {}) },
      verify: { operations: 2000, workloads: ["uniform", "exhaustion"], traces: [] },
    };
    writeFileSync(join(folder, "alloc-gen.json"), JSON.stringify(config));
    const project = prepare(join(folder, "alloc-gen.json"), {});
    const files = generate(project);
    const image = await buildProject(project, files);
    const source: GivenSource | undefined = files.find(({ functions }) => functions !== undefined);
    if (source === undefined) throw new Error("no C was generated");
    const pictures = drawRun({ project, image, source });
    const { plan } = project;
    expect(pictures.workloads.map(({ name }) => name)).toEqual(workloads(project).map(({ name }) => name));
    for (const { kinds: codes, cycles, blocks, memory } of pictures.workloads) {
      expect(codes.length).toBe(cycles.length);
      expect(Math.min(...cycles)).toBeGreaterThan(0);
      for (const [index, payload] of memory.payload.entries()) {
        const used = payload + (memory.padding[index] ?? 0) + (memory.headers[index] ?? 0);
        const free = memory.free[index] ?? 0;
        expect(used + free).toBe(plan.endOfBlocks - plan.firstBlock);
        expect(memory.largestFree[index] ?? 0).toBeLessThanOrEqual(free);
      }
      // Blocks that are there at once share no byte: tried after some operations.
      for (let at = 0; at < codes.length; at += 97) {
        const there = Array.from(blocks.from.keys())
          .filter((block) => (blocks.from[block] ?? 0) <= at && (blocks.to[block] ?? 0) > at)
          .toSorted((left, right) => (blocks.offset[left] ?? 0) - (blocks.offset[right] ?? 0));
        for (const [index, block] of there.entries()) {
          const end = (blocks.offset[block] ?? 0) + (blocks.bytes[block] ?? 0);
          expect(end).toBeLessThanOrEqual(blocks.offset[there[index + 1] ?? -1] ?? plan.heapBytes);
        }
      }
    }
    expect(pictures.worst.map((call) => call.function)).toEqual(["malloc", "free"]);
    for (const { cycles, lines, workload, operation } of pictures.worst) {
      const drawn = pictures.workloads.find(({ name }) => name === workload);
      expect(cycles).toBe(drawn?.cycles[operation]);
      expect(lines.reduce((sum, line) => sum + line.cycles, 0)).toBe(cycles);
      expect(lines.filter(({ line, text }) => line > 0 && text.trim() !== "").length).toBeGreaterThan(2);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
