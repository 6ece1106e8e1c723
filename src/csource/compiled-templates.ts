/**
 * The package's templates, compiled: by name, as Handlebars' own precompiler gives them. The program that the build makes has
 * them (`scripts/bundle.mjs`); without it there are none, and each is compiled from its file.
 */
export const compiledTemplates: Readonly<Record<string, object>> = {};
