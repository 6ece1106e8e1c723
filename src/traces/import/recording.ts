/** What alloc-gen's own recorder writes (`src/traces/recording`). */
import { decodeRecording, recordingHeader } from "../recording/decode.js";
import { marker } from "../recording/layout.js";
import { wholeOf, type Importer } from "./source.js";

/** A text with a marker in it is none: it has one event less than any recording. */
const certain = 1_000_000;

export const recording: Importer = {
  name: "recording",
  holds: "frames of alloc-gen's recorder",
  recognise: ({ head }) =>
    Buffer.from(head.buffer, head.byteOffset, head.byteLength).includes(marker) ? certain : 0,
  events: (source) => decodeRecording(wholeOf(source)),
  header: (source) => recordingHeader(wholeOf(source)),
};
