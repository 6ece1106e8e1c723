/** What the policies without block headers share: they refuse every wish for one. */
import type { HeaderConfig } from "../config/config.js";
import type { Diagnostic } from "../diagnostics.js";
import { refuse, refuseFields } from "../header/wishes.js";

/** @param links whether the policy keeps links, whose width may be chosen. */
export function refuseHeader(header: HeaderConfig, links: boolean): readonly Diagnostic[] {
  const reason = "the policy's blocks are headerless";
  const diagnostics: Diagnostic[] = [];
  if (header.boundaryTag !== "auto" && header.boundaryTag !== "none") {
    diagnostics.push(refuse(`boundary tag "${header.boundaryTag}"`, reason, ["boundaryTag"]));
  }
  diagnostics.push(...refuseFields(header, reason));
  const { place, form, width } = header.links;
  if (place === "slots") {
    diagnostics.push(
      refuse("a side table of slots", "the policy has no list to keep in it", ["links", "place"]),
    );
  }
  if (form !== "auto") {
    diagnostics.push(refuse(`links of form "${form}"`, "the policy chooses the form", ["links", "form"]));
  }
  if (width !== "auto" && !links) {
    diagnostics.push(refuse(`links of ${width} bits`, "the policy has no links", ["links", "width"]));
  }
  return diagnostics;
}
