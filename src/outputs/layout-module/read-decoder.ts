/** The decoders that layout modules are made of: the same files that `inspect` runs. */
import { existsSync, readFileSync } from "node:fs";
import { decoderSchema, type Declaration } from "./decoder.js";

const read = new Map<string, Promise<readonly Declaration[]>>();

/**
 * The declarations of some files.
 * @param files from src/, without their ending: "layout/decode/numbers"
 */
export async function readDecoder(files: readonly string[]): Promise<readonly Declaration[]> {
  const parts = files.map((file) => {
    const part = read.get(file) ?? readPart(file);
    read.set(file, part);
    return part;
  });
  return (await Promise.all(parts)).flat();
}

/** Split when the package was built; where the program runs from its sources, now. */
async function readPart(file: string): Promise<readonly Declaration[]> {
  const split = new URL(`../../${file}.json`, import.meta.url);
  if (existsSync(split)) return decoderSchema.parse(JSON.parse(readFileSync(split, "utf8")));
  // Takes longer to load than all the rest.
  const { splitDecoder } = await import("./split-decoder.js");
  return splitDecoder(readFileSync(new URL(`../../${file}.ts`, import.meta.url), "utf8"));
}
