/** Text of the user's in messages and reports: what a terminal or a page takes for a command is shown, not obeyed. */

/** Controls of ASCII and Latin-1, separators of lines, and what turns the direction of text round. */
const controls = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;
const controlsOfLines = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;
/** A change of colour: ESC, "[", numbers, "m". */
const colors = /(\u001b\[[0-9;]*m)/;

const escape = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** One line: "a\u001bb" for an ESC between a and b. */
export const printable = (text: string): string => text.replace(controls, escape);

/** The same of text of several lines, with tabs. */
export const printableLines = (text: string): string => text.replace(controlsOfLines, escape);

/** The same of text with colours. */
export const printableColors = (text: string): string =>
  text
    .split(colors)
    .map((part, index) => (index % 2 === 1 ? part : printableLines(part)))
    .join("");
