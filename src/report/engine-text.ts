/** An engine and its witness, as reports name them. */
import type { Engine } from "../emulators/engine.js";

/** "js 20.20.2" */
export const engineTitle = ({ name, version }: Pick<Engine, "name" | "version">): string =>
  `${name} ${version}`;

/** Who witnesses a share of the operations; undefined where nobody was to. */
export function witnessTitle({ witness }: Engine): string | undefined {
  switch (witness?.kind) {
    case undefined:
      return undefined;
    case "engine":
      return `${engineTitle(witness.engine)}, of every path and a drawn share`;
    case "none":
      return `none: ${witness.reason}`;
  }
}
