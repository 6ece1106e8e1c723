/** Which target a chip's core is generated for; where there is none, which target is nearest to it. */

export type CoreTarget =
  | { readonly kind: "target"; readonly name: string }
  | {
      readonly kind: "none";
      /** A target. */
      readonly nearest: string;
      /** What the core and the nearest target have in common, as the end of a sentence. */
      readonly why: string;
      /** Whether the core can execute what the nearest target does. */
      readonly isCompatible: boolean;
    };

interface Core {
  /** Targets, the nearest first. */
  readonly nearest: readonly string[];
  readonly why: string;
  readonly isCompatible: boolean;
}

const mainline: Core = {
  nearest: ["cortex-m33", "cortex-m7", "cortex-m4", "cortex-m3"],
  why: "the core executes its instructions too, with other timing",
  isCompatible: true,
};
const baseline: Core = {
  nearest: ["cortex-m0plus", "cortex-m0"],
  why: "the core executes its instructions too, with other timing",
  isCompatible: true,
};
const riscv: Core = {
  nearest: ["cortex-m0"],
  why: "it is as simple a core, but with other instructions, so nothing that is proven for it holds",
  isCompatible: false,
};

/** Cores of chips. A target with a core's own name is for that core. */
const cores: Readonly<Record<string, Core>> = {
  "cortex-m0": baseline,
  "cortex-m0plus": baseline,
  "cortex-m23": baseline,
  "cortex-m3": mainline,
  "cortex-m4": mainline,
  "cortex-m7": mainline,
  "cortex-m33": mainline,
  "cortex-m55": mainline,
  "cortex-m85": mainline,
  hazard3: riscv,
  rv32ec: riscv,
  rv32imac: riscv,
  rv32imc: riscv,
  "sifive-e31": riscv,
};

/**
 * @param core of a chip
 * @param targets names of those that there are
 * @throws Error for a core of none of the chips
 */
export function targetOfCore(core: string, targets: readonly string[]): CoreTarget {
  if (targets.includes(core)) return { kind: "target", name: core };
  const known = Object.hasOwn(cores, core) ? cores[core] : undefined;
  const nearest = known?.nearest.find((name) => targets.includes(name)) ?? targets[0];
  if (known === undefined || nearest === undefined) throw new Error(`no target is known to be near ${core}`);
  return { kind: "none", nearest, why: known.why, isCompatible: known.isCompatible };
}
