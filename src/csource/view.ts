/** What templates are given: text, switches and lists of them. TypeScript formats every number. */
export interface View {
  readonly [key: string]: string | boolean | View | readonly (string | View)[];
}
