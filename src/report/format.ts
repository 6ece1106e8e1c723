/** What a format of a report is. */

/**
 * A report as the text of one format, with a final line break.
 * @param width characters that a line for people has at most; 100 where left out
 */
export type Print<Report> = (report: Report, width?: number) => string;

export interface Format<Report> {
  readonly print: Print<Report>;
  /** The same for a terminal that shows colours; absent where the format has none. */
  readonly printColored?: Print<Report>;
  /** Whether it shows pictures of the runs, which are drawn for such formats alone. */
  readonly drawsRuns?: true;
  /** What the format adds to the page on which a CI service sums up a job. */
  readonly summary?: Print<Report>;
}

/** The formats of one kind of report by name. Each is loaded when it is used. */
export type Formats<Report> = Readonly<Record<string, () => Promise<Format<Report>>>>;

/** Of a command that prints no report. */
export const noFormats: Formats<never> = {};
