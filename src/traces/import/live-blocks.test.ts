import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LiveBlocks } from "./live-blocks.js";

const place = { line: 1 };

describe("LiveBlocks", () => {
  it("finds what a search through all of them finds", () => {
    const step = fc.record({ address: fc.nat(3000), size: fc.nat(20) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const blocks = new LiveBlocks();
        const known: { id: number; address: number; size: number; place: typeof place }[] = [];
        for (const [id, { address, size }] of steps.entries()) {
          const end = address + Math.max(1, size);
          const near = known.filter((b) => b.address < end && b.address + Math.max(1, b.size) > address);
          const last = near.toSorted((left, right) => right.address - left.address)[0];
          expect(blocks.overlapping(address, size)).toEqual(last);
          expect(blocks.at(address)).toEqual(known.find((block) => block.address === address));
          for (const block of near) {
            blocks.remove(block);
            known.splice(known.indexOf(block), 1);
          }
          if (near.length > 0 && id % 2 === 0) continue;
          const block = { id, address, size, place };
          blocks.add(block);
          known.push(block);
        }
        expect(blocks.all()).toEqual(known.toSorted((left, right) => left.address - right.address));
      }),
    );
  });

  it("keeps its order over many more blocks than a run has", () => {
    const blocks = new LiveBlocks();
    for (let index = 0; index < 5000; index++) {
      const address = ((index * 2377) % 5000) * 16;
      blocks.add({ id: index, address, size: 16, place });
    }
    expect(blocks.all().map(({ address }) => address)).toEqual(
      Array.from({ length: 5000 }, (_, i) => i * 16),
    );
    for (let slot = 0; slot < 5000; slot += 2) blocks.remove({ id: 0, address: slot * 16, size: 16, place });
    expect(blocks.all()).toHaveLength(2500);
    expect(blocks.overlapping(32, 16)).toBeUndefined();
    expect(blocks.overlapping(32, 17)?.address).toBe(48);
    for (const block of blocks.all()) blocks.remove(block);
    expect(blocks.all()).toEqual([]);
    expect(blocks.overlapping(0, 1_000_000)).toBeUndefined();
  });
});
