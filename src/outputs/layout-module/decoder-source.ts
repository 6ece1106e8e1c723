/** The text of the decoders: the same files that `inspect` runs, which the package holds as TypeScript too. */
import { readFileSync } from "node:fs";

/** @param path a file from src/, without its ending: "layout/decode/numbers". */
export function decoderSource(path: string): string {
  return readFileSync(new URL(`../../${path}.ts`, import.meta.url), "utf8");
}
