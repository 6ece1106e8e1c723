/** From a test's config to something that can be compared: plan, image, engine. */
import type { Bench } from "../../src/verify/equivalence.js";
import type { TestConfig } from "./configs.js";
import { drawnEngine } from "./core-engines.js";
import { imageFor, type Edit } from "./image-for.js";

export type { Edit } from "./image-for.js";

/** @param keep functions that the replay does not call, to be called by the test. */
export async function benchFor(test: TestConfig, edit?: Edit, keep?: readonly string[]): Promise<Bench> {
  return { ...(await imageFor(test, edit, keep)), engine: drawnEngine() };
}
