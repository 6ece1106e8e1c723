/** How a header field is read in a memory dump, and held against what stands around it. */

/** What is known of a block of a dump when its header is checked. Offsets and sizes are in bytes. */
export interface DumpFacts {
  /** Of the header, from the start of the heap. */
  readonly offset: number;
  /** Header included. */
  readonly size: number;
  readonly headerBytes: number;
  /** The left neighbour as the dump has it; undefined: none. Read by checks "of-left" alone. */
  readonly left: { readonly size: number; readonly free: boolean } | undefined;
  /** Width of the field. */
  readonly bits: number;
  /** The field's constant; undefined where it has none. */
  readonly constant: number | undefined;
}

/** What is wrong with a field's value. */
export interface FieldFault {
  readonly found: string;
  readonly expected: string;
}

export interface FieldInDump {
  /** Above the member of the generated module's `Header`; "" for none. */
  readonly doc: string;
  /**
   * What is wrong with a value. "of-left": it speaks of the left neighbour, and is checked in every block and in the
   * header that ends the heap; "of-block": it is checked in blocks in use.
   */
  readonly check?: {
    /** Of the damage, as the report names it. */
    readonly kind: string;
    readonly of: "left" | "block";
    /** @param value the number, in bytes where the field counts granules */
    readonly fault: (value: number, block: DumpFacts) => FieldFault | undefined;
  };
  /** That a sound header with it is no chance: "in-use" of blocks in use, "always" of free ones too. */
  readonly vouches?: "in-use" | "always";
  /** Whether inspection tells it of each block in use, under the field's name. */
  readonly told?: true;
}
