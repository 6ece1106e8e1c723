/**
 * Results of builds, kept by the hash of everything that went into them. A file holds the result the sha256 of key and
 * result; a file that was cut short, altered or put in the place of another counts as absent. The folder may be deleted at any time.
 */
import { createHash, randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

export interface BuildCache {
  /** Undefined where there is none, or it cannot be trusted. */
  read(key: string): Uint8Array | undefined;
  /** Never throws: a build must not fail for want of a cache. */
  write(key: string, data: Uint8Array): void;
}

const digestBytes = 32;

/** Lower-case hexadecimal. */
export function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

/** $ALLOC_GEN_CACHE, else $XDG_CACHE_HOME/alloc-gen, else ~/.cache/alloc-gen. Empty variables count as unset. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const own = environment["ALLOC_GEN_CACHE"] ?? "";
  const shared = environment["XDG_CACHE_HOME"] ?? "";
  return own !== "" ? own : join(shared !== "" ? shared : join(homedir(), ".cache"), "alloc-gen");
}

export function openCache(folder: string = cacheFolder()): BuildCache {
  return {
    read: (key) => readEntry(folder, key),
    write: (key, data) => writeEntry(folder, key, data),
  };
}

function readEntry(folder: string, key: string): Uint8Array | undefined {
  try {
    const entry = readFileSync(join(folder, key));
    const data = entry.subarray(0, Math.max(0, entry.length - digestBytes));
    return digest(key, data).equals(entry.subarray(data.length)) ? data : undefined;
  } catch {
    return undefined;
  }
}

/** Written beside its name and then renamed: another run never sees half an entry. */
function writeEntry(folder: string, key: string, data: Uint8Array): void {
  const temporary = join(folder, `${key}.${randomUUID()}`);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(temporary, Buffer.concat([data, digest(key, data)]));
    renameSync(temporary, join(folder, key));
  } catch {
    removeQuietly(temporary);
  }
}

function removeQuietly(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // The folder is not ours to write: then nothing was left behind either.
  }
}

function digest(key: string, data: Uint8Array): Buffer {
  return createHash("sha256").update(key).update(data).digest();
}
