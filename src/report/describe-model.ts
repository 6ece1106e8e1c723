/** A cycle model's name in reports. */

/** The name, with "(estimate)" where the model is one and the name does not say so itself. */
export function describeModel({
  cycleModel: { name, estimate },
}: {
  readonly cycleModel: { readonly name: string; readonly estimate: boolean };
}): string {
  return estimate && !name.includes("estimate") ? `${name} (estimate)` : name;
}
