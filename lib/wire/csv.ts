import { parse } from 'csv-parse/sync';

/** A line of a file of figures. */
export interface CsvRow {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/**
 * The lines of a file as spreadsheets write them: columns parted by `;`, empty lines left out.
 * @throws Error that names the first line that has another number of columns or a quote that does not end
 */
export const readCsv = (csv: string): readonly CsvRow[] =>
  parse(csv, {
    bom: true,
    delimiter: ';',
    trim: true,
    skip_empty_lines: true,
    info: true,
  }) as unknown as readonly CsvRow[];

/** A number from 0 on, its decimals after a comma or a point; undefined for any other text. */
export const readDecimal = (text: string): number | undefined =>
  /^\d{1,15}([.,]\d+)?$/.test(text) ? Number(text.replace(',', '.')) : undefined;
