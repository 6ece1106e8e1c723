/** What of the damage to a heap is noticed: the figures of docs/inspect.md, measured anew. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { inspect } from "../src/inspect/inspect.js";
import { packageFolder } from "../src/package-folder.js";
import { benchFor } from "./support/bench.js";
import { HeapCaller } from "./support/call.js";
import { checkered, dumpedHeaps, dumpOf, shareFound } from "./support/dumps.js";

const docs = readFileSync(join(packageFolder(), "docs", "inspect.md"), "utf8");

describe("of all bits of the metadata, flipped one at a time, so many are noticed", () => {
  test.each(Object.entries(dumpedHeaps))("%s", async (name, config) => {
    const dumped = dumpOf(config, checkered);
    const inspected = shareFound(dumped, (memory) => inspect(dumped.plan, memory).damage.length > 0);
    const checked = config.api?.check === true ? await checkedShare(config, dumped) : "-";
    expect(docs.split("\n")).toContain(`| ${name} | ${inspected} | ${checked} |`);
  });
});

/** By the generated check, on the core. */
async function checkedShare(
  config: (typeof dumpedHeaps)[string],
  dumped: ReturnType<typeof dumpOf>,
): Promise<string> {
  const bench = await benchFor(config, undefined, ["app_heap_check"]);
  const caller = new HeapCaller(bench.image, bench.target);
  try {
    const isSound = (memory: Uint8Array) =>
      ((caller.call("app_heap_check", memory, 0).result ?? 0) & 1) === 1;
    expect(isSound(dumped.bytes)).toBe(true);
    return shareFound(dumped, (memory) => !isSound(memory));
  } finally {
    caller.close();
  }
}
