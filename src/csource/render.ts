/** Handlebars with its traps closed: a typo or a number in a view is an error, not an empty string. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import Handlebars from "handlebars";
import { compiledTemplates } from "./compiled-templates.js";
import { compileOptions, templateName } from "./compile-options.js";
import { packageFolder } from "../package-folder.js";
import type { View } from "./view.js";

/**
 * Handlebars takes an unknown path inside a block helper for false, and adds two numbers that stand side by side. The
 * guard throws on both.
 */
function guarded<T extends object>(view: T, path: string): T {
  return new Proxy(view, {
    // Handlebars asks before it gets, and would word the message itself.
    has: () => true,
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      if (typeof key === "symbol" || Array.isArray(target)) return guardedValue(value, `${path}[]`);
      const place = path === "" ? key : `${path}.${key}`;
      if (!Object.hasOwn(target, key))
        throw new Error(`a template asks for "${place}", which its view has not`);
      return guardedValue(value, place);
    },
  });
}

function guardedValue(value: unknown, place: string): unknown {
  if (typeof value === "number" && !place.endsWith("[]"))
    throw new Error(`the view's "${place}" is a number`);
  return typeof value === "object" && value !== null ? guarded(value, place) : value;
}

function templateFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".hbs"))
    .map((entry) => join(entry.parentPath, entry.name));
}

type Template = Handlebars.TemplateDelegate<View>;
type Named = readonly (readonly [name: string, template: Template])[];
type Renderer = (template: string, view: View) => string;

function makeRenderer(more: string): Renderer {
  const environment = Handlebars.create();
  /** Those of a folder, compiled when they are used. */
  const templatesOf = (folder: string): Named =>
    templateFiles(folder).map((file) => [
      templateName(relative(folder, file)),
      environment.compile<View>(readFileSync(file, "utf8"), compileOptions),
    ]);
  const compiled = Object.entries(compiledTemplates);
  const own: Named =
    compiled.length === 0
      ? templatesOf(join(packageFolder(), "templates"))
      : compiled.map(([name, specification]) => [name, environment.template<View>(specification)]);
  const templates = new Map([...own, ...(more === "" ? [] : templatesOf(more))]);
  for (const [name, template] of templates) environment.registerPartial(name, template);
  return (name, view) => {
    const template = templates.get(name);
    if (template === undefined) throw new Error(`no template ${name}`);
    return template(guarded(view, ""), { allowProtoPropertiesByDefault: false });
  };
}

const renderers = new Map<string, Renderer>();

/**
 * The template `templates/<name>.hbs` with this view.
 * @param more a folder with further templates, an absolute path
 * @throws Error when it asks for what the view has not.
 */
export function render(name: string, view: View, more = ""): string {
  const renderer = renderers.get(more) ?? makeRenderer(more);
  renderers.set(more, renderer);
  return renderer(name, view);
}
