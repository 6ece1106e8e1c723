/** A mask of interrupts that a core has: what the `lock` of a config may name. */
export interface InterruptMask {
  /** As the config names it. */
  readonly kind: string;
  /** Of the key, for editors. */
  readonly description: string;
  /** As `init` shows it in a config. */
  readonly example: string;
  /** What the config must say beside the kind; undefined: nothing. */
  readonly priority?: MaskPriority;
  /** What the generated header says of it. @param priority as C writes it, where there is one */
  threadSafety(priority: string): string;
  /** Why a core lacks it: the rest of a sentence. Undefined: it has it. @param architecture one of the machine's */
  lacking(architecture: string): string | undefined;
}

export interface MaskPriority {
  /** Inclusive. */
  readonly least: number;
  readonly most: number;
  readonly description: string;
  /** What is said where the config names none. */
  readonly missing: string;
}
