/** The banner's list of deviations from MISRA C:2012, against what cppcheck's addon reports. */
import { expect, test } from "vitest";
import { drawnHeap, drawnPolicies, type DrawnHeap } from "./support/drawn-heaps.js";
import { reportedRules, statedRules } from "./support/misra.js";
import { hooksOf } from "./support/run-on-host.js";
import { chooseSample } from "./support/sample.js";

/** Between them they deviate from every rule that any of the drawn heaps deviates from. */
const covering = [41, 109, 151, 174] as const;

async function rulesOf({
  name,
  files,
}: DrawnHeap): Promise<{ reported: readonly string[]; stated: readonly string[] }> {
  const [header, source] = files;
  if (header === undefined || source === undefined) throw new Error(`${name} has not two files`);
  return {
    reported: await reportedRules(source, [header, ...hooksOf({ name, files })]),
    stated: statedRules(source.text),
  };
}

const sample = chooseSample([...drawnPolicies.keys()], 16, "MISRA");

test.concurrent.each(sample.map(drawnHeap))("$title states what it deviates from", async (heap) => {
  const { reported, stated } = await rulesOf(heap);
  expect(reported.filter((rule) => !stated.includes(rule))).toEqual([]);
});

test("no deviation is stated that is never reported", async () => {
  const all = await Promise.all(covering.map((index) => rulesOf(drawnHeap(index))));
  const reported = new Set(all.flatMap((each) => each.reported));
  expect(new Set(all.flatMap(({ stated }) => stated))).toEqual(reported);
});

test("a deviation that the banner leaves out is found", async () => {
  const heap = drawnHeap(0);
  const { reported } = await rulesOf({
    ...heap,
    files: heap.files.map(({ name, text }) => ({
      name,
      text: `${text}${name.endsWith(".c") ? "int left_out(int a);\nint left_out(int a) { goto end; end: return a; }\n" : ""}`,
    })),
  });
  expect(reported).toContain("15.1");
});
