import { expect, it } from "vitest";
import { decoderSchema } from "./decoder.js";
import { readDecoder } from "./read-decoder.js";

it("reads of the package's files what the sources are split into", async () => {
  const decoder = await readDecoder(["layout/decode/numbers", "layout/decode/headerless-block"]);
  expect(decoder.map(({ name }) => name)).toEqual(expect.arrayContaining(["readNumber", "Block"]));
  const kept: unknown = JSON.parse(JSON.stringify(decoder));
  expect(decoderSchema.parse(kept)).toEqual(decoder);
  expect(() => decoderSchema.parse([{ name: "blocks" }])).toThrow();
});
