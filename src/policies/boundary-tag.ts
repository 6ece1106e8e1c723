/** What the policies share in choosing a header: the boundary tag, and refusals. */
import type { Api, HeaderConfig } from "../config/config.js";
import { diagnose, type ConfigPath, type Diagnostic } from "../diagnostics.js";

/** The refusal of a wish of the header config. */
export const refuse = (what: string, reason: string, path: ConfigPath): Diagnostic =>
  diagnose("header-refused", { what, reason }, { path: ["header", ...path] });

/**
 * The boundary tag the config asks for; `automatic` where it leaves the choice. A field that only another tag would
 * keep is refused.
 */
export function chooseBoundaryTag(
  header: HeaderConfig,
  automatic: "none" | "footer",
): { readonly boundaryTag: "none" | "prevSize" | "footer"; readonly refusals: readonly Diagnostic[] } {
  const { prevSize, prevFree } = header.fields;
  const wished = header.boundaryTag === "auto" && prevSize !== undefined ? "prevSize" : header.boundaryTag;
  const boundaryTag = wished === "auto" ? automatic : wished;
  const refusals: Diagnostic[] = [];
  if (prevSize !== undefined && boundaryTag !== "prevSize") {
    refusals.push(refuse("field prevSize", `the boundary tag is "${boundaryTag}"`, ["fields", "prevSize"]));
  }
  if (prevFree !== undefined && boundaryTag !== "footer") {
    refusals.push(
      refuse("field prevFree", 'only the boundary tag "footer" reads it', ["fields", "prevFree"]),
    );
  }
  return { boundaryTag, refusals };
}

/** Whether functions go over all blocks: each then says whether it is free. */
export const readsBlocks = ({ walk, check, stats }: Api): boolean => walk || check || stats;
