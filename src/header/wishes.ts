/** The wishes of a header's config, held against what a policy can do with them. */
import { diagnose, type ConfigPath, type Diagnostic } from "../diagnostics.js";
import { boundaryBits, tagInHeader, type BoundaryTag } from "./boundary-tag.js";
import { choiceOf, isNamed, type HeaderConfig } from "./config.js";
import type { HeaderField } from "./field.js";
import { prevFree } from "./fields/prev-free.js";
import { prevSize } from "./fields/prev-size.js";

/** The refusal of a wish of the header config. */
export const refuse = (what: string, reason: string, path: ConfigPath): Diagnostic =>
  diagnose("header-refused", { what, reason }, { path: ["header", ...path] });

/** The refusal of a field that the config asks for. */
function refuseField({ name, config }: HeaderField, reason: string): Diagnostic {
  const key = config?.key ?? name;
  return refuse(`field ${key}`, reason, ["fields", key]);
}

/** Refusals of all fields that the config asks for by name: of a policy whose blocks have no header. */
export const refuseFields = (header: HeaderConfig, reason: string): readonly Diagnostic[] =>
  header.palette.fields.filter((field) => isNamed(header, field)).map((field) => refuseField(field, reason));

/**
 * The boundary tag the config asks for; `automatic` where it leaves the choice. A field that only another tag would
 * keep is refused.
 */
export function chooseBoundaryTag(
  header: HeaderConfig,
  automatic: "none" | "footer",
): { readonly boundaryTag: BoundaryTag; readonly refusals: readonly Diagnostic[] } {
  const asksForSize = choiceOf(header, prevSize) !== undefined;
  const wished = header.boundaryTag === "auto" && asksForSize ? tagInHeader : header.boundaryTag;
  const boundaryTag = wished === "auto" || wished === boundaryBits ? automatic : wished;
  const refusals: Diagnostic[] = [];
  if (wished === boundaryBits) {
    const reason = "the policy finds its blocks by their headers: size classes alone can do with bits";
    refusals.push(refuse(`boundary tag "${boundaryBits}"`, reason, ["boundaryTag"]));
  }
  if (asksForSize && boundaryTag !== tagInHeader) {
    refusals.push(refuseField(prevSize, `the boundary tag is "${boundaryTag}"`));
  }
  if (choiceOf(header, prevFree) !== undefined && boundaryTag !== "footer") {
    refusals.push(refuseField(prevFree, 'only the boundary tag "footer" reads it'));
  }
  return { boundaryTag, refusals };
}

/** Whether the config asks for a field that free verifies before it trusts a header. */
export const asksToVerify = (header: HeaderConfig): boolean =>
  header.palette.fields.some((field) => field.verifiedBy === "free" && choiceOf(header, field) !== undefined);
