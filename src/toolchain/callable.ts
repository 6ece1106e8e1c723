/** An ELF file whose functions can be called: linked as it is, or an object file that is linked here. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AllocGenError, diagnose } from "../diagnostics.js";
import { mostBytes, readInput } from "../input-file.js";
import { openCache } from "./cache.js";
import { machineOf } from "../machine/registry.js";
import type { Target } from "../targets/target.js";
import { parseElf } from "./elf.js";
import type { Elf } from "./elf.js";
import { families } from "./families.js";
import { runTool } from "./run-tool.js";
import { findToolchain } from "./toolchain.js";
import { inWorkFolder } from "./work-folder.js";

export interface Callable {
  readonly file: Uint8Array;
  readonly elf: Elf;
}

/** What is to be called. */
export interface CallableRequest {
  readonly path: string;
  /** As messages name it. */
  readonly file: string;
  readonly entry: string;
  readonly target: Target;
  /** Link the C library too, with stubs for the system calls it makes. */
  readonly libc?: boolean;
  /** Bytes from the start of flash to the code, even; its own alignment may ask for more. */
  readonly place?: number;
}

/**
 * The ELF file at `path`. An object file is linked into the target's memory: code and constants from the start of flash,
 * data from the start of RAM, with the compiler's support library, the C library where asked, and nothing else.
 * @throws AllocGenError: exit code 2 where the file cannot be read, is no ELF file of the target's machine or leaves
 *   symbols undefined, 3 where the linker fails.
 */
export async function loadCallable(request: CallableRequest): Promise<Callable> {
  const { path, file: name, entry } = request;
  const file = new Uint8Array(readInput(path, { file: name, mostBytes: mostBytes.image }));
  const elf = parseGiven(file, request);
  if (elf.executable) {
    const option = request.libc === true ? "--libc" : request.place === undefined ? undefined : "--place";
    if (option === undefined) return { file, elf };
    throw new AllocGenError(2, [diagnose("linked-already", { option }, { file: name })]);
  }
  if (!elf.symbols.some(({ name: symbol, defined }) => symbol === entry && defined)) return { file, elf };
  const linked = await link(file, request);
  return { file: linked, elf: parseElf(linked) };
}

/** A file of the user's that is no ELF file is the user's error, not the compiler's. */
function parseGiven(file: Uint8Array, { file: name, target }: CallableRequest): Elf {
  const refuse = (what: string): never => {
    const parameters = { what, compiler: gccOf(target) };
    throw new AllocGenError(2, [diagnose("not-this-elf", parameters, { file: name })]);
  };
  try {
    const elf = parseElf(file);
    const { title } = machineOf(target).elf;
    return elf.machine.elf.title === title
      ? elf
      : refuse(`it is for ${elf.machine.elf.title}, and ${target.name} is ${title}`);
  } catch (error) {
    if (!(error instanceof AllocGenError) || error.exitCode === 2) throw error;
    return refuse(error.diagnostics.map(({ message }) => message).join("; "));
  }
}

/** The compiler that links where no config names one. */
const gccOf = (target: Target): string => `${machineOf(target).toolchain.prefix}${families.gcc.program}`;

/** Where the linker puts code and data. It reads these numbers as hexadecimal, with 0x or without. */
export function placeFlags({ flash, ram }: Target["memory"], place = 0): readonly string[] {
  const hexadecimal = (address: number): string => `0x${address.toString(16)}`;
  return [`-Ttext=${hexadecimal(flash.origin + place)}`, `-Tdata=${hexadecimal(ram.origin)}`];
}

function link(
  object: Uint8Array,
  { entry, target, file, libc = false, place = 0 }: CallableRequest,
): Promise<Uint8Array> {
  const name = gccOf(target);
  const { toolchain } = machineOf(target);
  const compiler = findToolchain(name, openCache(), machineOf(target));
  const linker = [`--entry=${entry}`, "--nmagic", ...placeFlags(target.memory, place)];
  const flags = [
    ...toolchain.linkFlags(target.compilerFlags),
    "-nostdlib",
    ...linker.map((flag) => `-Wl,${flag}`),
  ];
  const libraries = libc ? ["-Wl,--start-group", "-lc", "-lnosys", "-lgcc", "-Wl,--end-group"] : ["-lgcc"];
  return inWorkFolder("alloc-gen-link-", async (folder) => {
    writeFileSync(join(folder, "object.o"), object);
    const result = await runTool({
      program: compiler.path,
      name,
      flags: [...flags, "object.o", ...libraries, "-o", "linked.elf"],
      folder,
      step: `link ${file}`,
    });
    if (result.kind === "failed") throw linkError(result.output, file, name);
    return new Uint8Array(readFileSync(join(folder, "linked.elf")));
  });
}

function linkError(output: string, file: string, compiler: string): AllocGenError {
  const missing = [...output.matchAll(/undefined reference to [`'](\S+)'/g)].map(([, name]) => name ?? "");
  if (missing.length > 0) {
    const symbols = [...new Set(missing)].sort().join(", ");
    return new AllocGenError(2, [diagnose("undefined-symbols", { symbols }, { file })]);
  }
  const parameters = { compiler, step: `link ${file}`, output };
  return new AllocGenError(3, [diagnose("compiler-failed", parameters)]);
}
