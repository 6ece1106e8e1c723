/** Which outputs are packages: a manifest that makes the folder of all heaps' files one of a build system's packages. */
import type { GlueChoice } from "../glue/config.js";

export const packageKinds = ["zephyr", "esp-idf", "platformio", "arduino", "cmsis-pack"] as const;
export type PackageKind = (typeof packageKinds)[number];
/** One kind of package with its options, as a config states it. */
export type PackageChoice = Extract<GlueChoice, { readonly kind: PackageKind }>;

export const isPackage = (choice: GlueChoice): choice is PackageChoice =>
  packageKinds.some((kind) => kind === choice.kind);
