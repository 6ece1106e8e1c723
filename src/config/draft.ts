/** A config between its shape, which was checked, and its meaning, which was not. */
import type { ConfigInput } from "./schema.js";

/** A config whose faulty values were taken out, so that the rest can still be checked. */
export type ConfigDraft = Partial<Omit<ConfigInput, "heap" | "target">> & {
  heap?: Partial<ConfigInput["heap"]>;
  /** Of any type: only what resolves it knows which names there are. */
  target?: unknown;
};
