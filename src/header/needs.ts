/** What a policy asks of the header, and the fields it may ask for. */
import type { BoundaryTag } from "./boundary-tag.js";
import type { HeaderField } from "./field.js";
import { quick } from "./fields/quick.js";
import { used } from "./fields/used.js";

/** Blocks without a header: the policy keeps what it must know of them elsewhere. */
export interface HeaderlessNeeds {
  readonly headerless: true;
  /** The alignment, or a power of two times it. */
  readonly granuleBytes: number;
  /** Whether one link stands in front of each payload, in use or not. */
  readonly linkBefore: boolean;
  /** Width of the policy's own links; the narrowest that serves when left out. */
  readonly linkBytes?: 4;
}

/** A field that a policy reads. */
export interface FieldNeed {
  readonly field: HeaderField;
  /** "if-room": only where that makes no header larger. */
  readonly when: "always" | "if-room";
}

/** What a policy asks of the header, after the config's own wishes were held against it. */
export interface HeaderNeeds {
  readonly boundaryTag: BoundaryTag;
  /** Besides what the boundary tag takes. */
  readonly fields: readonly FieldNeed[];
  readonly links:
    | { readonly place: "slots"; readonly count: number }
    | {
        readonly place: "intrusive";
        readonly form: "single" | "double";
        /** Most bytes that a link may count in; a granule when left out. */
        readonly mostUnitBytes?: number;
        /** Links are addresses. */
        readonly addresses?: true;
      };
}

/** Every block says whether it is in use. */
export const usedFlag = (when: FieldNeed["when"] = "always"): FieldNeed => ({ field: used, when });

/** A block in a quick list says so. */
export const waitingFlag: FieldNeed = { field: quick, when: "always" };
