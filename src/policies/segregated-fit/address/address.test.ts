import { describe, expect, it } from "vitest";
import { parseConfigText } from "../../../config/load.js";
import { inspect } from "../../../inspect/inspect.js";
import type { Plan } from "../../../plan/plan.js";
import { metadataImage } from "../../../reference/image.js";
import { loadTarget } from "../../../targets/load.js";
import { snapshotOfMemory, snapshotOfReference } from "../../../verify/snapshot.js";
import { makePlan } from "../../make-plan.js";

interface Keys {
  readonly heap?: object;
  readonly policy?: object;
  readonly [key: string]: unknown;
}

function planOf({ heap = {}, policy = {}, ...rest }: Keys = {}): Plan {
  const written = {
    name: "app_heap",
    target: "cortex-m4",
    heap: { size: "4KiB", ...heap },
    policy: { kind: "segregated-fit", links: "address", ...policy },
    ...rest,
  };
  const { config } = parseConfigText(JSON.stringify(written), "alloc-gen.json", { targets: ["cortex-m4"] });
  return makePlan(config, loadTarget("cortex-m4"));
}

const heapAddress = 0x20000040;

/** A heap with holes, and its memory where it begins at that address. */
function used(plan: Plan) {
  const heap = plan.rules.reference(plan);
  const payloads = [24, 100, 24, 300, 24, 60].map((size) => heap.malloc(size, 0).payload);
  for (const index of [1, 3]) heap.free(payloads[index] ?? -1);
  return { heap, ...metadataImage(plan, heap, heapAddress) };
}

const word = (bytes: Uint8Array, at: number): DataView => new DataView(bytes.buffer, at, 4);
const placeOf = (plan: Plan, name: string): number =>
  plan.control.find((field) => field.name === name)?.offset ?? NaN;

describe("links that are addresses", () => {
  it("stand in memory as the heap's address and the offset in it, and lists end with that of none", () => {
    const plan = planOf();
    const { bytes, heap } = used(plan);
    const [first] = heap.freeList();
    const none = placeOf(plan, "none");
    expect(none % 8).toBe(4);
    expect(placeOf(plan, "first") % 8).toBe(4);
    expect(word(bytes, none).getUint32(0, true)).toBe(heapAddress + none);
    const links = plan.header.links.place === "intrusive" ? plan.header.links : undefined;
    const next = word(bytes, (first?.start ?? 0) + (links?.nextOffset ?? 0)).getUint32(0, true);
    expect(next).toBe(heapAddress + none);
  });

  it("are read from a dump wherever the heap lay", () => {
    const plan = planOf();
    const { bytes, heap } = used(plan);
    expect(snapshotOfMemory(plan, bytes)).toEqual(snapshotOfReference(heap));
    expect(snapshotOfMemory(plan, metadataImage(plan, heap).bytes)).toEqual(snapshotOfReference(heap));
  });

  it("are told from what leads to no block", () => {
    const plan = planOf();
    const { bytes, heap } = used(plan);
    const [first] = heap.freeList();
    const at = (first?.start ?? 0) + plan.header.bytes;
    word(bytes, at).setUint32(0, heapAddress, true);
    expect(inspect(plan, bytes).damage.map(({ kind, offset }) => [kind, offset])).toContainEqual([
      "link",
      at,
    ]);
  });

  it("end with a block of no bytes, and damage of that is told", () => {
    const plan = planOf();
    const { bytes } = used(plan);
    bytes[placeOf(plan, "none_header")] = 8;
    expect(inspect(plan, bytes).damage.map(({ what }) => what)).toEqual(["none_header of the control data"]);
  });

  it.each([
    [{ heap: { alignment: 4 } }, "payloads at multiples of 4 bytes"],
    [{ policy: { probe: false } }, "without a probe"],
    [{ policy: { coalesce: "deferred" } }, 'coalesce "deferred" links by offsets'],
    [{ policy: { quickLists: {} } }, "quick lists link by offsets"],
    [{ hardening: "basic" }, "the checks of hardening are of offsets"],
    [{ header: { boundaryTag: "prevSize" } }, 'boundary tag "prevSize"'],
    [{ header: { boundaryTag: "bits" } }, 'boundary tag "bits"'],
    [{ header: { links: { width: 16 } } }, "an address has 32 bits"],
    [{ header: { fields: { magic: {} } } }, "header field magic"],
    [{ policy: { subdivisions: 16 } }, "more than one word of size classes"],
  ])("are refused for %j", (keys, reason) => {
    expect(() => planOf(keys)).toThrow(`found "address", but ${reason}`);
  });

  it("are the preset fast's, but where the config asks for what they have not", () => {
    const fast = { preset: "fast", links: undefined };
    const widthOf = (keys: Keys) => planOf(keys).header.links.bytes;
    expect(widthOf({ policy: fast })).toBe(4);
    expect(widthOf({ policy: { ...fast, quickLists: {} } })).toBe(2);
    expect(widthOf({ policy: fast, hardening: "basic" })).toBe(2);
    expect(widthOf({ policy: fast, heap: { alignment: 4 } })).toBe(2);
    expect(() => planOf({ policy: { ...fast, links: "offset" } })).toThrow('preset "fast" has "address"');
  });
});
