/** The recorder: what it records is what was called, of main and of handlers of interrupts, on an emulated board. */
import { describe, expect, test } from "vitest";
import { contexts, record, recordedCalls, type Recorded, type Subject } from "./support/board/recorded.js";

/** The first call that was recorded otherwise: a list of thousands is no message. */
function difference(recorded: readonly string[], called: readonly string[]): string | undefined {
  const at = called.findIndex((call, index) => recorded[index] !== call);
  if (at >= 0) return `call ${at}: ${recorded[at] ?? "nothing"} in place of ${called[at] ?? "nothing"}`;
  return recorded.length > called.length
    ? `${recorded.length} calls in place of ${called.length}`
    : undefined;
}

/** Each context's calls in the order in which it made them, and nothing else. */
function expectWhole({ called, events, code }: Recorded): void {
  expect(code).toBe(0);
  const recorded = recordedCalls(events);
  expect(recorded.get("other")).toEqual([]);
  for (const context of contexts) {
    expect(called.get(context)?.length).toBeGreaterThan(1000);
    expect(difference(recorded.get(context) ?? [], called.get(context) ?? [])).toBeUndefined();
  }
}

describe("what was called is recorded", () => {
  test.each<Subject & { readonly name: string }>([
    { name: "in a ring of 4 KiB", config: {} },
    {
      name: "in the least ring, drained at each call",
      config: {},
      recorder: { ring: 512 },
      macros: { DRAINS: "1U" },
    },
    { name: "with link-time optimisation", config: {}, program: { flags: ["-flto"], apart: ["app_heap.c"] } },
  ])("$name", async (subject) => {
    expectWhole(await record(subject));
  });
});
