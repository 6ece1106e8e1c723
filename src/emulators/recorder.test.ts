import { describe, expect, it } from "vitest";
import { arm } from "../machine/arm/index.js";
import { Code } from "../machine/code.js";
import { coreModel } from "../targets/core-model.js";
import { loadTarget } from "../targets/load.js";
import { OperationCode } from "../traces/operation.js";
import { BlockTable } from "./block-table.js";
import { Recorder } from "./recorder.js";

const target = loadTarget("cortex-m4");
const start = 0x1000;
// MOVS r0, #0; BX lr; MOVS r0, #1; BX lr; an encoding that no core defines; CMP; IT NE; MOVNE; BX lr
const halfwords = [0x2000, 0x4770, 0x2001, 0x4770, 0xf7ff, 0x0000, 0x4280, 0xbf18, 0x2101, 0x4770];
const undefinedAt = start + 8;
const conditionalAt = start + 16;

/** One malloc. */
function recorder() {
  const data = new Uint8Array(Uint16Array.from(halfwords).buffer);
  const range = { start, end: start + data.length };
  const code = new Code(arm, [{ address: start, data }], [range]);
  const table = new BlockTable(range, code, coreModel(target), target.architecture);
  const operations = {
    length: 1,
    kind: Uint8Array.of(OperationCode.malloc),
    argument: Uint32Array.of(8),
  };
  const state = { stopped: 0 };
  const made = new Recorder(table, operations, { malloc: 0, free: 2 }, 1000, {
    current: () => 0,
    begins: () => undefined,
    stop: () => (state.stopped += 1),
  });
  made.begin(0, 1);
  return { recorder: made, state };
}

describe("a block that cannot be executed", () => {
  it("ends the run and is charged to nobody", () => {
    const { recorder: made, state } = recorder();
    made.block(start, 4);
    made.block(undefinedAt, 4);
    expect(state.stopped).toBe(1);
    // An emulator may tell of more before it stops.
    made.conditional(conditionalAt);
    expect(made.finish()).toMatchObject({ cause: "not-understood", operation: 0, pc: undefinedAt });
    expect([...made.instructions]).toEqual([2]);
  });

  it("may be the first", () => {
    const { recorder: made } = recorder();
    made.block(undefinedAt, 4);
    made.conditional(conditionalAt);
    expect(made.finish()).toMatchObject({ cause: "not-understood", pc: undefinedAt });
  });
});

describe("the block that began last", () => {
  it("is none before a run", () => {
    const { recorder: made } = recorder();
    expect(made.lastBlock).toBeUndefined();
    made.block(start, 4);
    made.begin(0, 1);
    expect(made.lastBlock).toBeUndefined();
  });

  it("is known whether it was priced or not, and whatever executed in it", () => {
    const { recorder: made } = recorder();
    made.block(start, 4);
    expect(made.lastBlock).toBe(start);
    // The first of a length prices what was logged.
    made.block(start + 4, 4);
    expect(made.lastBlock).toBe(start + 4);
    made.block(start + 12, 8);
    made.conditional(conditionalAt);
    expect(made.lastBlock).toBe(start + 12);
    // As many as the log has room for: all are priced.
    for (let count = 0; count < 1 << 14; count++) made.block(start, 4);
    expect(made.lastBlock).toBe(start);
  });
});
