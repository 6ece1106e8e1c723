/** Damage, in the order in which it is found. */
import type { Damage, DamageKind, Near } from "./inspection.js";

export class DamageList {
  readonly all: Damage[] = [];

  add(kind: DamageKind, offset: number, what: string, found: string, expected: string, near: Near): void {
    this.all.push({ kind, offset, what, found, expected, near });
  }
}
