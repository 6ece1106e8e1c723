/** A C file that someone hands in to be proven in place of the generated one. */
import { placedFunctions } from "../../csource/source-lines.js";
import type { GeneratedFile } from "./emit.js";

export interface GivenSource {
  /** As messages name it: a file name without a folder. */
  readonly name: string;
  readonly text: string;
}

/** The files with `given` as their C. What cannot be read of its functions has no bounds; it is proven nevertheless. */
export const withSource = (files: readonly GeneratedFile[], given: GivenSource): readonly GeneratedFile[] =>
  files.map((file) => (file.functions === undefined ? file : { ...given, functions: functionsIn(given) }));

/** Any text is handed in: it may not be C as the generated C is written, or no C at all, which the compiler tells. */
function functionsIn({ text }: GivenSource): NonNullable<GeneratedFile["functions"]> {
  try {
    return placedFunctions(text);
  } catch {
    return [];
  }
}
