/** The pictures of cases/seed.md, from the C on the emulated core and from the reference. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { blockBytesFor } from "../src/plan/plan.js";
import { Equivalence } from "../src/verify/equivalence.js";
import { drawPicture, type PictureForm } from "../src/verify/picture.js";
import { snapshotOfMemory, snapshotOfReference } from "../src/verify/snapshot.js";
import { OperationCode, type HeapOperations } from "../src/traces/operation.js";
import { benchFor } from "./support/bench.js";
import { seed } from "./support/configs.js";

interface PictureStep {
  readonly title: string;
  /** Operations up to and with this step. */
  readonly operations: number;
  readonly form: PictureForm;
  readonly picture: string;
}

interface PictureCase {
  readonly steps: readonly PictureStep[];
  readonly operations: HeapOperations;
  /** Trace id of each operation that allocates. */
  readonly labels: ReadonlyMap<number, string>;
}

function readCase(text: string): PictureCase {
  const kind: number[] = [];
  const argument: number[] = [];
  const labels = new Map<number, string>();
  const allocated = new Map<string, number>();
  const steps = text
    .split(/^## /m)
    .slice(1)
    .map((section): PictureStep => {
      const title = section.slice(0, section.indexOf("\n"));
      const trace = /```trace\n([^`]*)```/.exec(section)?.[1] ?? "";
      for (const line of trace.split("\n").filter((line) => line !== "")) {
        const [letter, id = "", size] = line.split(" ");
        if (letter === "a") {
          labels.set(kind.length, id);
          allocated.set(id, kind.length);
          kind.push(OperationCode.malloc);
          argument.push(Number(size));
        } else {
          kind.push(OperationCode.free);
          argument.push(allocated.get(id) ?? -1);
        }
      }
      const [, form, picture] = /```(long|short)\n([^`]*?)\n```/.exec(section) ?? [];
      if (picture === undefined) throw new Error(`no picture in "${title}"`);
      return { title, operations: kind.length, form: form as PictureForm, picture };
    });
  return {
    steps,
    operations: { length: kind.length, kind: Uint8Array.from(kind), argument: Uint32Array.from(argument) },
    labels,
  };
}

const { steps, operations, labels } = readCase(
  readFileSync(join(import.meta.dirname, "cases", "seed.md"), "utf8"),
);

describe.each(["cortex-m0", "cortex-m4"])("the seed on %s", (target) => {
  let comparison: Equivalence;
  let headerBytes: number;
  let heapAddress: number;

  beforeAll(async () => {
    const bench = await benchFor({ policy: seed, size: 512, links: { place: "slots", slots: 4 }, target });
    headerBytes = bench.plan.header.bytes;
    heapAddress = bench.image.heapAddress;
    expect(blockBytesFor(bench.plan, 60)).toBe(64);
    comparison = new Equivalence(bench, operations);
    expect(comparison.start()).toBeUndefined();
  });
  afterAll(() => comparison.close());

  test("has seven pictures, 6.a and 6.b being two", () => {
    expect(steps.map((step) => step.title.split(" ")[0])).toEqual([
      "1.",
      "2.",
      "3.",
      "4.",
      "5.",
      "6.a",
      "6.b",
    ]);
  });

  test.each(steps)("$title", (step) => {
    if (step.operations > 0) expect(comparison.advance(step.operations)).toBeUndefined();
    const named = new Map<number, string>();
    for (const [operation, label] of labels) {
      const address = comparison.emulated.results[operation] ?? 0;
      if (operation < step.operations && address !== 0) named.set(address - heapAddress - headerBytes, label);
    }
    const plan = comparison.plan;
    expect(drawPicture(snapshotOfReference(comparison.reference), named, step.form)).toBe(step.picture);
    expect(drawPicture(snapshotOfMemory(plan, comparison.emulated.heap), named, step.form)).toBe(
      step.picture,
    );
  });
});
