import { describe, expect, test } from "vitest";
import { sequential, testConfig } from "../../emulator-tests/support/configs.js";
import type { Image } from "../toolchain/image.js";
import { makeDirty } from "../emulators/image-regions.js";
import type { BatchResult, Engine, Fault, Session } from "../emulators/engine.js";
import { makePlan } from "../policies/make-plan.js";
import { metadataImage } from "../reference/image.js";
import { loadTarget } from "../targets/load.js";
import { OperationCode, type HeapOperations } from "../traces/operation.js";
import { address, bytes } from "../units.js";
import { ReferenceRunner, type Bench } from "./equivalence.js";
import { gapsOf } from "./gaps.js";
import { distribution, verifyWorkload } from "./workload.js";

const config = testConfig({ policy: sequential(), size: 512 });
const target = loadTarget(config.target);
const plan = makePlan(config, target);
const heapAddress = 0x2000_0000;

const image: Image = {
  elf: new Uint8Array(),
  segments: [],
  symbols: new Map(),
  heapAddress: address(heapAddress),
  heapBytes: plan.heapBytes,
  code: { start: address(0), end: address(0) },
  entries: { init: address(0), malloc: address(0), free: address(0) },
  size: { flashBytes: bytes(0), ramBytes: bytes(0), functions: {} },
  toolchain: "none",
};

/** What a pretended core does otherwise than the reference. */
interface Flaw {
  /** Bytes added to what a malloc of this size returns. */
  readonly shift?: { readonly size: number; readonly by: number };
  /** Flips a bit of this byte of the heap once a block of this size was asked for. */
  readonly stray?: { readonly size: number; readonly offset: number };
  readonly fault?: { readonly size: number };
}

/** A core that is the reference itself, but for the flaw: what verify says of it is verify's own doing. */
function engineWith(flaw: Flaw): Engine {
  return {
    name: "pretended",
    version: "0",
    isCheap: true,
    open: (_image, _target, operations) => new PretendedSession(operations, flaw),
  };
}

class PretendedSession implements Session {
  readonly results: Uint32Array;
  readonly instructions: Uint32Array;
  readonly cycles: Uint32Array;
  readonly maskingCycles: Uint32Array;
  readonly heap = new Uint8Array(plan.heapBytes);
  private runner: ReferenceRunner;

  constructor(
    private readonly operations: HeapOperations,
    private readonly flaw: Flaw,
  ) {
    this.results = new Uint32Array(operations.length);
    this.instructions = Uint32Array.from({ length: operations.length }, (_, index) => index + 1);
    this.maskingCycles = new Uint32Array(operations.length);
    this.cycles = this.instructions.map((count) => 2 * count);
    this.runner = new ReferenceRunner(plan, operations);
  }

  reset(): Fault | undefined {
    this.runner = new ReferenceRunner(plan, this.operations);
    makeDirty(this.heap);
    this.#write();
    return undefined;
  }

  /** What the reference owns of the heap. */
  #write(): void {
    const { bytes: written, mask } = metadataImage(plan, this.runner.heap);
    for (const [offset, wanted] of mask.entries()) if (wanted !== 0) this.heap[offset] = written[offset] ?? 0;
  }

  execute(from: number, to: number): BatchResult {
    const { flaw, operations } = this;
    const asked = (size: number | undefined, before: number): number | undefined => {
      const at = operations.argument.findIndex(
        (value, index) => value === size && operations.kind[index] === OperationCode.malloc,
      );
      return at >= 0 && at < before ? at : undefined;
    };
    const faulted = asked(flaw.fault?.size, to);
    const end = faulted ?? to;
    this.runner.advance(end);
    for (let index = from; index < end; index++) {
      const payload = this.runner.outcomes[index] ?? -1;
      const shifted = operations.argument[index] === flaw.shift?.size ? (flaw.shift?.by ?? 0) : 0;
      this.results[index] = payload < 0 ? 0 : heapAddress + payload + shifted;
    }
    this.#write();
    if (flaw.stray !== undefined && asked(flaw.stray.size, end) !== undefined) {
      this.heap[flaw.stray.offset] = (this.heap[flaw.stray.offset] ?? 0) ^ 1;
    }
    if (faulted === undefined) return { completed: to - from };
    const message = "the pretended core stopped";
    return { completed: end - from, fault: { cause: "other", operation: end, message } };
  }

  executed(): readonly number[] {
    return [];
  }

  stackBytes() {
    return { malloc: 8, free: 16 };
  }

  coverage() {
    return new Map<number, number>();
  }

  close(): void {
    // Nothing is held.
  }
}

const benchWith = (flaw: Flaw): Bench => ({ plan, image, engine: engineWith(flaw), target });

/** 1500 requests of 8 bytes, each freed at once, and one of 24 in the middle. */
function operations(): HeapOperations {
  const kind = new Uint8Array(3000);
  const argument = new Uint32Array(3000);
  for (let index = 0; index < 3000; index += 2) {
    kind[index] = OperationCode.malloc;
    argument[index] = index === 1600 ? 24 : 8;
    kind[index + 1] = OperationCode.free;
    argument[index + 1] = index;
  }
  return { length: 3000, kind, argument };
}

describe("a sound core", () => {
  const outcome = verifyWorkload(benchWith({}), "sound", operations());

  test("shows no difference, in all that was compared", () => {
    expect(outcome.result).toMatchObject({ name: "sound", operations: 3000 });
    expect(outcome.result.mismatch).toBeUndefined();
    // Once after init, and once every 1024 operations.
    expect(outcome).toMatchObject({ addresses: 1500, metadata: 4, payloadBytes: 1499 * 8 + 24 });
    expect(outcome.stackBytes).toEqual({ malloc: 8, free: 16 });
  });

  test("has figures of each function", () => {
    const { malloc, free } = outcome.result;
    expect(malloc).toMatchObject({ calls: 1500, failed: 0 });
    expect(malloc.instructions).toEqual({ mean: 1500, p50: 1499, p99: 2969, max: 2999 });
    expect(free.cycles).toEqual({ mean: 3002, p50: 3000, p99: 5940, max: 6000 });
  });

  test("counts requests that fail", () => {
    const full = { length: 2, kind: new Uint8Array([1, 1]), argument: new Uint32Array([480, 480]) };
    expect(verifyWorkload(benchWith({}), "full", full).result.malloc).toMatchObject({ calls: 2, failed: 1 });
  });

  test("tells how far it is", () => {
    const seen: number[] = [];
    verifyWorkload(benchWith({}), "", operations(), { onProgress: (done) => seen.push(done) });
    expect(seen).toEqual([1024, 2048, 3000]);
  });
});

describe("a difference", () => {
  const mismatchWith = (flaw: Flaw) =>
    verifyWorkload(benchWith(flaw), "flawed", operations()).result.mismatch;

  test("of an address is told at its operation", () => {
    expect(mismatchWith({ shift: { size: 24, by: 8 } })).toMatchObject({
      kind: "address",
      operation: 1600,
      message: "malloc(24) returns offset 16 in the reference, offset 24 on the core",
      minimal: ["a 0 24"],
    });
  });

  test("of the metadata is told at the operation after which it shows", () => {
    const mismatch = mismatchWith({ stray: { size: 24, offset: 4 } });
    expect(mismatch).toMatchObject({
      kind: "metadata",
      operation: 1600,
      message: "first (offset 4) is 0x0000 in the reference, 0x0001 on the core",
      minimal: ["a 0 24"],
    });
    expect(mismatch?.referenceDrawing).toContain("14   32 B  in use");
    expect(mismatch?.emulatedDrawing).toContain("14   32 B");
  });

  test("of a byte that is nobody's is told", () => {
    const [gap] = gapsOf(plan);
    expect(gap).toBeDefined();
    const offset = gap?.start ?? 0;
    expect(mismatchWith({ stray: { size: 24, offset } })).toMatchObject({
      kind: "metadata",
      message: `byte ${offset} of the heap belongs to nothing, and was written`,
      minimal: ["a 0 24"],
    });
  });

  test("that is a fault is told with its cause", () => {
    expect(mismatchWith({ fault: { size: 24 } })).toMatchObject({
      kind: "fault",
      operation: 1600,
      message: "other: the pretended core stopped",
      minimal: ["a 0 24"],
      minimalMessage: "other: the pretended core stopped",
    });
  });
});

test("order statistics are the nearest rank", () => {
  expect(distribution(new Uint32Array())).toEqual({ mean: 0, p50: 0, p99: 0, max: 0 });
  expect(distribution(new Uint32Array([5]))).toEqual({ mean: 5, p50: 5, p99: 5, max: 5 });
  expect(distribution(new Uint32Array([4, 1, 3, 2]))).toEqual({ mean: 2.5, p50: 2, p99: 4, max: 4 });
});
