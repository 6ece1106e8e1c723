/** What a long run has done so far, kept in a file so that the next one goes on from there. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";

const stateSchema = z.strictObject({
  /** Of the configs and the operations. */
  seed: z.number().int().nonnegative(),
  /** Number of the config that comes next; configs are numbered from 0. */
  next: z.number().int().nonnegative(),
  /** Configs that were run. */
  configs: z.number().int().nonnegative(),
  operations: z.number().nonnegative(),
});

export type SoakState = z.infer<typeof stateSchema>;

/** The state in the file, or that of a run that begins. @throws Error where the file is no state, or of another seed. */
export function readState(file: string, seed: number): SoakState {
  if (!existsSync(file)) return { seed, next: 0, configs: 0, operations: 0 };
  const read = stateSchema.safeParse(parsed(readFileSync(file, "utf8")));
  if (!read.success) throw new Error(`${file} is not the state of a soak: delete it, or name another file`);
  if (read.data.seed !== seed)
    throw new Error(`${file} is the state of seed ${read.data.seed}, not ${seed}: name another file`);
  return read.data;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Either the old state or the new one is in the file, whenever the process ends. */
export function writeState(file: string, state: SoakState): void {
  mkdirSync(dirname(file), { recursive: true });
  const temporary = `${file}.tmp`;
  writeFileSync(temporary, `${JSON.stringify(state)}\n`);
  renameSync(temporary, file);
}
