/** What the files of each kind are made of. */
import { render } from "../../csource/render.js";
import type { View } from "../../csource/view.js";
import type { Plan } from "../../plan/plan.js";
import type { GeneratedFile } from "../c/emit.js";
import type { GlueChoice, GlueKind } from "./config.js";

/** What all texts name. */
export interface GlueView extends View {
  readonly name: string;
  readonly NAME: string;
  readonly version: string;
  readonly configName: string;
}

/** What the files of one kind are made of; `all` is what the config asks for, this choice among it. */
export type GlueFiles<Kind extends GlueKind> = (
  choice: Extract<GlueChoice, { readonly kind: Kind }>,
  plan: Plan,
  view: GlueView,
  all: readonly GlueChoice[],
) => readonly GeneratedFile[];

/** One file of a template in `templates/glue`. */
export const glueFile = (name: string, template: string, view: View): GeneratedFile => ({
  name,
  text: render(`glue/${template}`, { ...view, file: name }),
});

/**
 * Whether others may allocate in the heap before a kernel or a library that would make it empty: then it must not, and
 * need not, for someone else calls init.
 */
export const isShared = ({ init }: Plan): boolean => init !== "explicit";
