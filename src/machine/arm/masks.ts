/** Masks of interrupts (ARMv7-M ARM, Arm DDI 0403E, B1.4.3). */
import type { InterruptMask } from "../interrupt-mask.js";

const primask = {
  kind: "primask",
  description: "All interrupts wait that can be masked.",
  example: '"primask"',
  threadSafety: () => "PRIMASK is set while a function works on the heap, and restored. Init is not locked.",
  lacking: () => undefined,
} as const satisfies InterruptMask;

const basepri = {
  kind: "basepri",
  description: "Interrupts of a priority and of all less urgent ones wait. Not on ARMv6-M.",
  example: '{ "kind": "basepri", "priority": 64 }',
  priority: {
    least: 1,
    most: 255,
    description:
      "What BASEPRI gets, as the register holds it: the priority, shifted up past the bits the chip lacks.",
    missing:
      'BASEPRI needs the priority from which on interrupts wait: { "kind": "basepri", "priority": 64 }',
  },
  threadSafety: (priority) =>
    `interrupts from priority ${priority} on wait while a function works on the heap. Init is not locked.`,
  lacking: (architecture) =>
    architecture === "ARMv6-M" ? 'ARMv6-M has no BASEPRI; PRIMASK is its only mask ("primask")' : undefined,
} as const satisfies InterruptMask;

export const masks = [primask, basepri] as const;
