import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { HeapEvent } from "../import/event.js";
import { packageFolder } from "../../package-folder.js";
import { decodeRecording, recordingHeader } from "./decode.js";
import { encodeFrames, encodeRecording } from "./encode.fixture.js";

const place = { byte: 0 };
const mallocs = (count: number, from = 0): HeapEvent[] =>
  Array.from({ length: count }, (_, index) => ({
    kind: "malloc",
    address: 0x2000_0000 + (from + index) * 64,
    size: 40,
    place,
  }));

/** Events without where they stand, and what is said besides, in short. */
function decode(bytes: Buffer) {
  const all = [...decodeRecording(bytes)];
  const told = all.filter(
    ({ kind }) => kind === "unreadable" || kind === "notice" || kind === "lost" || kind === "restart",
  );
  return {
    addresses: all.flatMap((event) => (event.kind === "malloc" ? [event.address] : [])),
    told: told.map((event) => {
      const at = "byte" in event.place ? event.place.byte : -1;
      if (event.kind === "lost") return `${at}: ${event.count ?? "some"} lost`;
      return `${at}: ${event.kind === "unreadable" || event.kind === "notice" ? event.what : event.kind}`;
    }),
  };
}

const addresses = (...indexes: readonly number[]): number[] =>
  indexes.map((index) => 0x2000_0000 + index * 64);
const notStopped = "the recording was not stopped: what happened behind its last byte is not known";

describe("decodeRecording", () => {
  it("reads the example of docs/traces.md", () => {
    const page = readFileSync(join(packageFolder(), "docs", "traces.md"), "utf8");
    const rows = [...page.matchAll(/^((?:[0-9a-f]{2} )+) {2,}/gm)].map(([, bytes]) => bytes ?? "");
    const bytes = Buffer.from(rows.join("").replaceAll(" ", ""), "hex");
    const at = (byte: number) => ({ place: { byte } });
    expect([...decodeRecording(bytes)]).toEqual([
      { kind: "malloc", address: 0x2000_0100, size: 24, ...at(18) },
      { kind: "malloc", address: 0x2000_0120, size: 100, ...at(21) },
      { kind: "free", address: 0x2000_0100, ...at(24) },
      { kind: "failed", request: "malloc", size: 4000, ...at(25) },
    ]);
  });

  it("takes few bytes an operation", () => {
    const events = mallocs(1000).flatMap((event, index): HeapEvent[] =>
      index % 2 === 0 || event.kind !== "malloc" ? [event] : [event, { ...event, kind: "free" }],
    );
    const bytes = encodeRecording(events, { frame: 128 }).length / events.length;
    expect(bytes).toBeGreaterThan(2);
    expect(bytes).toBeLessThan(3);
  });

  it("leaves out a frame that its check refutes, and counts what it had", () => {
    const [first, second, third] = encodeFrames(mallocs(12), { frame: 4 });
    const damaged = Buffer.from(second ?? []);
    damaged[damaged.length - 1] = (damaged.at(-1) ?? 0) ^ 1;
    const start = first?.length ?? 0;
    const { addresses: found, told } = decode(Buffer.concat([first ?? damaged, damaged, third ?? damaged]));
    expect(found).toEqual(addresses(0, 1, 2, 3, 8, 9, 10, 11));
    expect(told).toEqual([
      `${start}: the frame of bytes ${start} to ${start + damaged.length} is damaged, and left out`,
      `${start + damaged.length}: 4 lost`,
    ]);
  });

  it("counts what is lost between frames, and what the recorder says is lost", () => {
    const frames = encodeFrames([...mallocs(4), { kind: "lost", count: 90, place }, ...mallocs(3, 4)], {
      frame: 2,
    });
    const { addresses: found, told } = decode(
      Buffer.concat([frames[0], frames[2], frames[3]].flatMap((frame) => frame ?? [])),
    );
    expect(found).toEqual(addresses(0, 1, 4, 5, 6));
    const start = frames[0]?.length ?? 0;
    expect(told.map((line) => line.replace(/^\d+/, "N"))).toEqual(["N: 2 lost", "N: 90 lost"]);
    expect(told[0]).toBe(`${start}: 2 lost`);
  });

  it("goes on behind bytes that are no frame", () => {
    const [first, second] = encodeFrames(mallocs(8), { frame: 4 });
    const noise = Buffer.from([0x55, 0x66, 0, 0x77, 0, 0]);
    const { addresses: found, told } = decode(
      Buffer.concat([noise, first ?? noise, Buffer.from([0]), noise, second ?? noise]),
    );
    expect(found).toEqual(addresses(0, 1, 2, 3, 4, 5, 6, 7));
    const tail = (first?.length ?? 0) + 7;
    expect(told).toEqual([
      "0: bytes 0 to 4 are not within a frame, and left out",
      `${tail}: bytes ${tail} to ${tail + 4} are not within a frame, and left out`,
    ]);
  });

  it("says where a recording begins and ends that is not whole", () => {
    const bytes = encodeRecording(mallocs(2), { sequence: 700, end: false });
    expect(decode(bytes).told).toEqual([
      "0: the recording begins after 700 events: blocks that were allocated before are not known",
      `${bytes.length}: ${notStopped}`,
    ]);
    const cut = bytes.subarray(0, bytes.length - 1);
    expect(decode(cut)).toMatchObject({ addresses: addresses(0) });
    expect(decode(cut).told[1]).toMatch(/^\d+: the recording ends within a record, which is left out$/);
    expect(decode(bytes.subarray(0, 9)).told).toEqual([
      "0: the frame at byte 0 ends within its head, and is left out",
    ]);
  });

  it("knows a start of the device by its sequence", () => {
    const twice = Buffer.concat([encodeRecording(mallocs(2)), encodeRecording(mallocs(1))]);
    const { addresses: found, told } = decode(twice);
    expect(found).toEqual(addresses(0, 1, 0));
    expect(told).toEqual([`${encodeRecording(mallocs(2)).length}: restart`]);
  });

  it("turns a ring round that was dumped as memory, wherever it began to be written over", () => {
    const frames = encodeFrames(mallocs(40), { frame: 4, end: false });
    const stream = Buffer.concat(frames);
    const size = Math.floor(stream.length * 0.6);
    for (let written = size + 1; written <= stream.length; written++) {
      const ring = Buffer.alloc(size);
      for (let at = 0; at < written; at++) ring[at % size] = stream[at] ?? 0;
      // The recorder keeps a 0 behind what it has written.
      ring[written % size] = 0;
      const { addresses: found, told } = decode(ring);
      const first = found[0] ?? 0;
      expect(found).toEqual(found.map((_, index) => first + index * 64));
      expect(found.length).toBeGreaterThan(12);
      expect(told.filter((line) => /lost|restart|damaged/.test(line))).toEqual([]);
      expect(told.every((line) => Number.parseInt(line) <= size)).toBe(true);
    }
  });

  it("leaves out extensions that it does not know, and gives tags to the record behind them", () => {
    const bytes = encodeRecording([{ kind: "malloc", address: 0x2000_0000, size: 1, tag: "7", place }]);
    expect([...decodeRecording(bytes)]).toEqual([
      {
        kind: "malloc",
        address: 0x2000_0000,
        size: 1,
        tag: "7",
        place: { byte: expect.any(Number) as number },
      },
    ]);
    const unknown = Buffer.from(bytes);
    // The extension "tag", 2 * 8 + 7 + 1, becomes 3 * 8 + 7 + 1, which nobody knows.
    unknown[unknown.lastIndexOf(24)] = 32;
    expect([...decodeRecording(unknown)][0]).not.toHaveProperty("tag");
  });

  it("refuses addresses that a pointer does not hold", () => {
    const bytes = encodeRecording([{ kind: "malloc", address: 0x1_0000_0000, size: 1, place }]);
    expect(decode(bytes).told[0]).toMatch(/^\d+: bytes \d+ to \d+ cannot be read$/);
  });

  it("never fails on bytes of any kind", () => {
    const frame = encodeRecording(mallocs(3));
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.constant(frame),
      fc.constant(frame.subarray(0, 30)),
    );
    fc.assert(fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => void decode(Buffer.concat(pieces))));
  });
});

describe("recordingHeader", () => {
  it("has what the frames say of the device", () => {
    expect([...recordingHeader(encodeRecording(mallocs(1)))]).toEqual([
      ["pointer_bytes", "4"],
      ["granule", "8"],
      ["clock_hz", "1000"],
    ]);
    expect([...recordingHeader(Buffer.alloc(0))]).toEqual([]);
  });
});
