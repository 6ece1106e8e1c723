/** What a call is given, of what `--arg` says. */
import { resolve } from "node:path";
import type { CallArgument } from "../emulators/core/call.js";
import { mostBytes, readInput } from "../input-file.js";
import { parseArgument } from "./argument.js";

/**
 * Undefined where the text is no argument; files are relative to `folder`.
 * @throws AllocGenError with exit code 2 where a file cannot be read.
 */
export function callArgument(text: string, folder: string): CallArgument | undefined {
  const words = parseArgument(text);
  switch (words?.kind) {
    case undefined:
    case "number":
      return words;
    case "buffer":
      return { kind: "buffer", data: new Uint8Array(words.bytes) };
    case "file":
      return {
        kind: "buffer",
        data: readInput(resolve(folder, words.path), { file: words.path, mostBytes: mostBytes.argument }),
      };
  }
}
