/** A user's main program + generated C + the machine's start-up -> an ELF to flash. */
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Machine } from "../machine/machine.js";
import { machineOf } from "../machine/registry.js";
import type { Target } from "../targets/target.js";
import { address, type Address } from "../units.js";
import { readDriver } from "./build-image.js";
import { symbolTable } from "./symbol-table.js";
import { openCache, type BuildCache } from "./cache.js";
import { compile, type CompileUnit, type SourceFile } from "./compile.js";
import { parseElf } from "./elf.js";
import { families } from "./families.js";
import { languageFlags } from "./flags.js";
import type { Image } from "./image.js";
import { describeToolchain, findToolchain } from "./toolchain.js";

export interface ProgramRequest {
  /** The generated .c and .h. */
  readonly sources: readonly SourceFile[];
  /** The user's own: main.c, and what else the program needs. Names must differ from the generated ones. */
  readonly program: readonly SourceFile[];
  readonly target: Target;
  /** "arm-none-eabi-gcc", or a path. */
  readonly compiler: string;
  /** "-Os", "-O2", "-O3" */
  readonly optimize: string;
}

export interface Program {
  readonly elf: Uint8Array;
  readonly segments: Image["segments"];
  readonly symbols: Image["symbols"];
  /** Address of the first instruction: the reset handler. */
  readonly entry: Address;
  /** Where the core loops once main has returned; the result is where a call's is. */
  readonly mainReturned: Address;
  /** "arm-none-eabi-gcc 12.2.1 -O2" */
  readonly toolchain: string;
}

/**
 * Link a complete bare-metal program with the machine's start-up and the target's link.ld.
 *
 * Unlike the image of the replay it has its assertions, and libc and libgcc for what the user calls. Segments stand
 * where the program is stored (initial values of .data in flash), as a programmer would flash them.
 * @throws AllocGenError, exit code 3: no compiler, or it refuses the program.
 */
export async function buildProgram(
  request: ProgramRequest,
  cache: BuildCache = openCache(),
): Promise<Program> {
  const { sources, program, target, optimize } = request;
  const toolchain = findToolchain(request.compiler, cache, machineOf(target));
  const { warnings, code, smallLibrary } = families[toolchain.family].flags;
  const core = [...target.compilerFlags, optimize];
  const c = [...core, ...languageFlags, ...code];
  const machine = machineOf(target);
  const startup = `${machine.name}/startup.S`;
  const file = await compile(
    {
      toolchain,
      files: [...sources, ...program, ...startupFiles(target, machine)],
      units: [
        ...unitsOf(sources, "generated", [...c, ...warnings]),
        ...unitsOf(program, "program", [...c, ...(machine.toolchain.smallLibrary ?? []), "-Wall", "-Wextra"]),
        { source: startup, object: "startup.o", flags: [...core, "-g"] },
      ],
      linkFlags: [
        ...machine.toolchain.linkFlags(target.compilerFlags),
        optimize,
        "-nostartfiles",
        ...(machine.toolchain.smallLibrary ?? smallLibrary),
        "-Wl,--gc-sections,-z,max-page-size=4096",
        "-Ltarget",
        "-Ttarget/link.ld",
      ],
    },
    cache,
  );
  const elf = parseElf(file);
  const symbols = symbolTable(elf);
  const mainReturned = symbols.get("main_returned")?.address;
  if (mainReturned === undefined) {
    throw new Error("startup.S defines no main_returned");
  }
  return {
    elf: file,
    segments: elf.segments
      .filter(({ data }) => data.length > 0)
      .map(({ loadAddress, data }) => ({
        address: address(loadAddress),
        data,
        memoryBytes: data.length,
        writable: false,
      })),
    symbols,
    entry: address(elf.entry),
    mainReturned,
    toolchain: describeToolchain(toolchain, optimize),
  };
}

function unitsOf(
  files: readonly SourceFile[],
  prefix: string,
  flags: readonly string[],
): readonly CompileUnit[] {
  return files
    .filter(({ name }) => name.endsWith(".c"))
    .map(({ name }, index) => ({
      source: name,
      object: `${prefix}-${index}-${basename(name, ".c")}.o`,
      flags: [...flags, "-I."],
    }));
}

/** Kept in the places that the INCLUDE line names. */
function startupFiles({ folder }: Target, machine: Machine): readonly SourceFile[] {
  const driver = ["startup.S", "program.ld"].map((name) => ({
    name: `${machine.name}/${name}`,
    text: readDriver(machine, name),
  }));
  return [{ name: "target/link.ld", text: readFileSync(join(folder, "link.ld"), "utf8") }, ...driver];
}
