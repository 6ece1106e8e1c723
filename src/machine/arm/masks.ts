/** Masks of interrupts (ARMv7-M ARM, Arm DDI 0403E, B1.4.3). */
import type { InterruptMask } from "../interrupt-mask.js";

const primask = {
  kind: "primask",
  description: "Masks all maskable interrupts.",
  example: '"primask"',
  threadSafety: () => "PRIMASK is set while a function works on the heap, and restored. Init is not locked.",
  lacking: () => undefined,
} as const satisfies InterruptMask;

const basepri = {
  kind: "basepri",
  description:
    "Masks interrupts of this priority and all less urgent ones. Not on ARMv6-M and the Baseline of ARMv8-M.",
  example: '{ "kind": "basepri", "priority": 64 }',
  priority: {
    least: 1,
    most: 255,
    description:
      "The value of BASEPRI: the priority, shifted left past the priority bits that the chip does not implement.",
    missing: 'BASEPRI needs the most urgent priority to mask: { "kind": "basepri", "priority": 64 }',
  },
  threadSafety: (priority) =>
    `interrupts of priority ${priority} and below are masked during each call, except init.`,
  lacking: (architecture) =>
    architecture === "ARMv6-M" || architecture === "ARMv8-M Baseline"
      ? `${architecture} has no BASEPRI; PRIMASK is its only mask ("primask")`
      : undefined,
} as const satisfies InterruptMask;

export const masks = [primask, basepri] as const;
