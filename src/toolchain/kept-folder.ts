/** A build folder that is kept: many builds that differ in one file compile only that one, and link. */
import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { sha256 } from "./cache.js";
import { compileUnit, link, writeFiles, type Compile, type CompileJob, type CompileUnit } from "./compile.js";
import { makeWorkFolder } from "./work-folder.js";

export interface TemporaryFolder {
  readonly path: string;
  readonly remove: () => void;
}

/** @param parent by default the system's folder for temporary files */
export function temporaryFolder(parent: string = tmpdir()): TemporaryFolder {
  const path = makeWorkFolder("alloc-gen-", parent);
  return {
    path,
    remove: () => {
      rmSync(path, { recursive: true, force: true });
    },
  };
}

/** Compiles in one folder, a job at a time. Nothing goes into the cache. */
export function compilerIn(folder: string): Compile {
  /** By object, what it was compiled from. */
  const compiled = new Map<string, string>();
  return async (job) => {
    writeFiles(folder, job.files);
    for (const unit of job.units) {
      const key = inputsOf(job, unit);
      if (compiled.get(unit.object) === key) continue;
      compiled.delete(unit.object);
      await compileUnit(folder, job.toolchain, unit);
      compiled.set(unit.object, key);
    }
    return link(folder, job);
  };
}

/** What a unit is compiled from: its flags, its source, and whatever it may include. */
function inputsOf({ toolchain, files, units }: CompileJob, { source, flags }: CompileUnit): string {
  const others = units.map((unit) => unit.source).filter((name) => name !== source);
  const read = files.filter(({ name }) => !others.includes(name));
  return sha256(JSON.stringify([toolchain.path, toolchain.version, flags, read]));
}
