/** The text of the decoders: the same files that `inspect` runs, which the package holds as TypeScript too. */
import { readFileSync } from "node:fs";

/** @param name a file of src/layout/decode/, without its ending. */
export function decoderSource(name: string): string {
  return readFileSync(new URL(`../../layout/decode/${name}.ts`, import.meta.url), "utf8");
}
