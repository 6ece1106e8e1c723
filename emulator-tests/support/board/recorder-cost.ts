/** What a recorder costs: modelled cycles and bytes an operation, of a mix of malloc, realloc and free. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { timeFunction } from "../../../src/function-timing/time-function.js";
import { loadTarget } from "../../../src/targets/load.js";
import { loadCallable } from "../../../src/toolchain/callable.js";
import { runCommand } from "../run-on-host.js";
import { filesFor, supportFile } from "./generated.js";

export interface RecorderCost {
  /** Modelled cycles that an operation takes more than without. */
  readonly cycles: number;
  /** Of flash, without its ring and what the compiler's library has. */
  readonly codeBytes: number;
  readonly cycleModel: string;
}

const calls = 2000;

export async function recorderCost(targetName: string, optimize: string): Promise<RecorderCost> {
  const target = loadTarget(targetName);
  const folder = await mkdtemp(join(tmpdir(), "alloc-gen-recorder-"));
  try {
    const files = await filesFor({
      name: "app_heap",
      target: targetName,
      heap: { size: "16KiB" },
      policy: { kind: "segregated-fit" },
      api: { realloc: true },
      // Large enough for the whole, so that nothing is lost.
      outputs: [{ kind: "recorder", ring: 16384 }],
    });
    for (const { name, text } of [...files, supportFile("recorder-cost.c")])
      await writeFile(join(folder, name), text);
    const header = files.find(({ name }) => name === "app_heap_recorder.h")?.text ?? "";
    const word = /-Wl,--wrap\S*/.exec(header)?.[0] ?? "";
    const gcc = (...words: readonly string[]): Promise<string> =>
      runCommand("arm-none-eabi-gcc", [...target.compilerFlags, optimize, ...words], folder);
    const { flash, ram } = target.memory;
    const cyclesOf = async (program: string, ...link: readonly string[]) => {
      const place = [`-Wl,-Ttext=${hex(flash.origin)},-Tdata=${hex(ram.origin)},-e_start`, "-nostdlib"];
      const sources = ["recorder-cost.c", "app_heap.c"];
      const words = ["-std=c11", "-ffreestanding", `-DCALLS=${calls}U`, ...place, ...sources, ...link];
      const said = await gcc(...words, "-lgcc", "-o", program);
      if (said !== "") throw new Error(said);
      const callable = await loadCallable({
        path: join(folder, program),
        file: program,
        entry: "work",
        target,
      });
      return timeFunction({
        ...{ callable, file: program, function: "work", target },
        ...{ engine: "auto", given: [], repeat: 1, withCall: false, annotate: false, limit: 10_000_000 },
        onProgress: () => undefined,
      });
    };
    const drained = "-Wl,--defsym=app_heap_recorder_drain=0";
    const without = await cyclesOf("without.elf", drained);
    const recorded = await cyclesOf("recorded.elf", "app_heap_recorder.c", word);
    await gcc("-std=c11", "-ffunction-sections", "-c", "app_heap_recorder.c", "-o", "recorder.o");
    const sizes = await runCommand("arm-none-eabi-size", ["recorder.o"], folder);
    return {
      cycles: (recorded.first.cycles - without.first.cycles) / calls,
      codeBytes: Number(/\n\s*(\d+)/.exec(sizes)?.[1]),
      cycleModel: recorded.cycleModel,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const hex = (address: number): string => `0x${address.toString(16)}`;
