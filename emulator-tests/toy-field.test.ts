/** One more header field, added in one place: the palette that a run is given. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { drawHeader } from "../src/header/draw.js";
import { findField } from "../src/header/layout.js";
import { inspect } from "../src/inspect/inspect.js";
import { generateAll, prepare, run, type Project } from "../src/pipeline.js";
import { metadataImage } from "../src/reference/image.js";
import { paletteWithToy, place } from "./support/toy-field.js";

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "alloc-gen-toy-"))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function prepared(fields: object, others: object = {}): Project {
  const policy = { kind: "sequential-fit" };
  const config = { name: "app_heap", target: "cortex-m4", heap: { size: 4096 }, policy, header: { fields } };
  const file = join(folder, "alloc-gen.json");
  writeFileSync(file, JSON.stringify({ ...config, verify: { operations: 500 }, ...others }));
  return prepare(file, { palette: paletteWithToy });
}

describe("one more header field", () => {
  test("has its key in the config, with its faults", () => {
    expect(prepared({ place: { bits: 7 } }).loaded.config.header.fields).toMatchObject({
      place: { bits: 7 },
    });
    expect(() => prepared({ place: { bits: 17 } })).toThrow("header.fields.place.bits");
    expect(() => prepared({ plase: { bits: 7 } })).toThrow('did you mean "place"?');
  });

  test("is unknown where the palette has no such field", () => {
    prepared({ place: { bits: 7 } });
    expect(() => prepare(join(folder, "alloc-gen.json"), {})).toThrow('unknown key "place"');
  });

  test("is packed and drawn, and has its text in the C and in the layout module", async () => {
    const project = prepared({ place: { bits: 7 } });
    expect(findField(project.plan.header, place)?.placement.bits).toBe(7);
    expect(drawHeader(project.plan.header)).toContain("place     where the block stands (blocks in use)");
    const [, source, module] = await generateAll(project);
    expect(source?.text).toContain("(offset_of(block) & 0x7FU)");
    expect(module?.text).toContain("  readonly place: number;");
    expect(module?.text).toContain("place: readField(heap, offset, layout.header.fields.place),");
  });

  test.each([
    ["beside no other", { place: { bits: 7 } }, {}],
    ["made of the request", { odd: true }, { api: { realloc: true, alignedAlloc: true } }],
    [
      "beside every other, and resized",
      { place: { bits: 5 }, magic: {}, tag: true, requested: true, checksum: true },
      { api: { realloc: true, alignedAlloc: true, check: true, walk: true } },
    ],
  ])("is built, emulated and proven: %s", async (_name, fields, others) => {
    const { verification } = await run(prepared(fields, others));
    expect(verification.workloads.filter(({ mismatch }) => mismatch !== undefined)).toEqual([]);
  });

  test("is told and checked in a dump", () => {
    const { plan } = prepared({ place: { bits: 16 } });
    const heap = plan.rules.reference(plan);
    heap.malloc(40, 0);
    const { payload } = heap.malloc(24, 0);
    const start = payload - plan.header.bytes;
    const memory = metadataImage(plan, heap).bytes;
    const found = inspect(plan, memory);
    expect(found.damage).toEqual([]);
    expect(found.blocks.find(({ offset }) => offset === start)?.labels).toEqual({ place: start });
    const at = start + (findField(plan.header, place)?.unit.offset ?? 0);
    memory[at] = (memory[at] ?? 0) ^ 1;
    expect(inspect(plan, memory).damage).toMatchObject([
      { kind: "place", offset: at, found: String(start ^ 1) },
    ]);
  });
});
