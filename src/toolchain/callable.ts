/** An ELF file whose functions can be called: linked as it is, or an object file that is linked here. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AllocGenError, diagnose } from "../diagnostics.js";
import { machineOf } from "../machine/registry.js";
import type { Target } from "../targets/target.js";
import { parseElf } from "./elf.js";
import type { Elf } from "./elf.js";
import { families } from "./families.js";
import { findToolchain } from "./toolchain.js";

export interface Callable {
  readonly file: Uint8Array;
  readonly elf: Elf;
}

/**
 * The ELF file at `path`. An object file is linked into the target's memory: code and constants from the start of flash,
 * data from the start of RAM, with the compiler's support library and nothing else.
 * @throws AllocGenError: exit code 2 where the file cannot be read or leaves symbols undefined, 3 where the linker fails.
 */
export function loadCallable(path: string, entry: string, target: Target): Callable {
  const file = readElf(path);
  const elf = parseElf(file);
  if (elf.executable) return { file, elf };
  if (!elf.symbols.some(({ name, defined }) => name === entry && defined)) return { file, elf };
  const linked = link(file, entry, target, path);
  return { file: linked, elf: parseElf(linked) };
}

/** The compiler that links where no config names one. */
const gccOf = (target: Target): string => `${machineOf(target).toolchain.prefix}${families.gcc.program}`;

function readElf(path: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(path));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new AllocGenError(2, [diagnose("file-unreadable", { file: path, why })]);
  }
}

function link(object: Uint8Array, entry: string, target: Target, path: string): Uint8Array {
  const { flash, ram } = target.memory;
  const name = gccOf(target);
  const compiler = findToolchain(name);
  const folder = mkdtempSync(join(tmpdir(), "alloc-gen-link-"));
  try {
    writeFileSync(join(folder, "object.o"), object);
    const linker = [`--entry=${entry}`, "--nmagic", `-Ttext=${flash.origin}`, `-Tdata=${ram.origin}`];
    const flags = [...target.compilerFlags, "-nostdlib", ...linker.map((flag) => `-Wl,${flag}`)];
    execFileSync(compiler.path, [...flags, "object.o", "-lgcc", "-o", "linked.elf"], {
      cwd: folder,
      env: { ...process.env, LC_ALL: "C" },
      stdio: ["ignore", "ignore", "pipe"],
    });
    return new Uint8Array(readFileSync(join(folder, "linked.elf")));
  } catch (error) {
    throw linkError(error, path, name);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function linkError(error: unknown, path: string, compiler: string): AllocGenError {
  const output = String((error as { readonly stderr?: unknown }).stderr ?? error).trimEnd();
  const missing = [...output.matchAll(/undefined reference to [`'](\S+)'/g)].map(([, name]) => name ?? "");
  if (missing.length > 0) {
    const symbols = [...new Set(missing)].sort().join(", ");
    return new AllocGenError(2, [diagnose("undefined-symbols", { symbols }, { file: path })]);
  }
  const parameters = { compiler, step: `link ${path}`, output };
  return new AllocGenError(3, [diagnose("compiler-failed", parameters)]);
}
