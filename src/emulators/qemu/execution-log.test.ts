import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readExecutionLog } from "./execution-log.js";

const folder = mkdtempSync(join(tmpdir(), "alloc-gen-log-"));
afterAll(() => rmSync(folder, { recursive: true }));

const trace = (pc: number): string =>
  `Trace 0: 0x7f6c90000100 [00000000/${pc.toString(16).padStart(8, "0")}/00000110/ff000201] app_heap_malloc\n`;
const registers = (xpsr: number): string =>
  `R00=20000000 R01=00000001 R02=00000002 R03=00000003\nXPSR=${xpsr.toString(16).padStart(8, "0")} -ZC- T priv-thread\n`;
const stopped = (pc: number): string =>
  `Stopped execution of TB chain before 0x7f6c90000100 [${pc.toString(16).padStart(8, "0")}] app_heap_malloc\n`;

function read(text: string, most = Infinity): readonly (readonly [number, number])[] {
  const file = join(folder, "log");
  writeFileSync(file, text);
  const found: (readonly [number, number])[] = [];
  readExecutionLog({
    file,
    statusRegister: "XPSR",
    listener: (pc, xpsr) => found.push([pc, xpsr]),
    goOn: () => found.length < most,
  });
  return found;
}

describe("readExecutionLog", () => {
  it("gives the addresses in order, with the flags that stand behind each", () => {
    expect(read(trace(0x1000) + trace(0x1002) + registers(0x61000000) + trace(0x10001fc0))).toEqual([
      [0x1000, 0],
      [0x1002, 0x61000000],
      [0x10001fc0, 0],
    ]);
  });

  it("takes back an instruction that QEMU did not come to execute", () => {
    const text =
      trace(0x1000) +
      trace(0x1002) +
      registers(1) +
      stopped(0x1002) +
      trace(0x1002) +
      registers(2) +
      trace(0x1004);
    expect(read(text)).toEqual([
      [0x1000, 0],
      [0x1002, 2],
      [0x1004, 0],
    ]);
  });

  it("leaves out a last line that is cut off", () => {
    expect(read(trace(0x1000) + trace(0x1002).slice(0, 40))).toEqual([[0x1000, 0]]);
  });

  it("reads logs longer than its buffer", () => {
    const count = 50_000;
    const text = Array.from({ length: count }, (_, index) => trace(2 * index) + registers(index)).join("");
    expect(read(text)).toEqual(Array.from({ length: count }, (_, index) => [2 * index, index]));
  });

  it("ends when it is told to", () => {
    expect(read(trace(0x1000) + trace(0x1002) + trace(0x1004) + trace(0x1006), 2)).toHaveLength(2);
  });

  it("gives nothing of an empty log", () => {
    expect(read("")).toEqual([]);
  });
});
