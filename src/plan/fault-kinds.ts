/** What the C finds, in the order of the header's enumeration: the number of each. */
export const faultKinds = [
  "double free",
  "invalid pointer",
  "overflow",
  "underflow",
  "corrupt header",
  "corrupt link",
  "use after free",
  "use before init",
] as const;
export type FaultKind = (typeof faultKinds)[number];
