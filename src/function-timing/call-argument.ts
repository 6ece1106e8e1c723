/** What calls are given, of what `--arg` and `--before` say. */
import { resolve } from "node:path";
import type { CallArgument } from "../emulators/core/call-arguments.js";
import { mostBytes, readInput } from "../input-file.js";
import type { ArgumentWords } from "./argument.js";

/**
 * Files are relative to `folder`.
 * @throws AllocGenError with exit code 2 where a file cannot be read.
 */
export function callArgument(words: ArgumentWords, folder: string): CallArgument {
  switch (words.kind) {
    case "number":
    case "same":
    case "returned":
      return words;
    case "buffer":
      return { kind: "buffer", data: new Uint8Array(words.bytes), offset: words.offset };
    case "file":
      return {
        kind: "buffer",
        data: readInput(resolve(folder, words.path), { file: words.path, mostBytes: mostBytes.argument }),
      };
    case "words":
      return { kind: "words", words: words.words.map((word) => callArgument(word, folder)) };
  }
}
