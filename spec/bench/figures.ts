/** What was measured: how long, or how much, or how many, beside the floor where there is one. */
export interface Figure {
  /** Unique among all figures: the baseline knows it by its name. */
  readonly name: string;
  readonly unit: string;
  readonly ours: number;
  /** The same work without the library, in the same run, on the same data. */
  readonly floor?: number;
  /** Ours by floor, lower is better: the median of several, where the two took turns. */
  readonly ratio?: number;
  /** The most that the ratio shall be. */
  readonly ratioAtMost?: number;
  /** The most that the figure itself shall be. */
  readonly atMost?: number;
  /** The least that the figure itself shall be. */
  readonly atLeast?: number;
  /** Of the extremes of a few, which a pause of the machine moves: not compared with the baseline. */
  readonly volatile?: boolean;
}

/** How thorough to be. */
export interface Effort {
  /** Fewer rounds, for a first impression. */
  readonly quick: boolean;
  /** The folder of another state of this project, whose client takes the place of the floor's. */
  readonly beside?: string | undefined;
}

/** One benchmark. */
export type Measure = (effort: Effort) => Promise<readonly Figure[]>;

/** Numbers of owned assets. */
export const SIZES = [10, 100, 1_000, 10_000] as const;

/** A number of assets as it stands in the name of a figure. */
export const assetsOf = (assets: number): string => `${assets.toLocaleString('en')} assets`;

/** The value below which this share of all lies. */
export const quantile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
};

/** The value in the middle. */
export const median = (values: readonly number[]): number => quantile(values, 0.5);

const rounded = (value: number): number => Number(value.toPrecision(3));

const targetOf = ({ ours, ratio = NaN, ratioAtMost, atMost, atLeast }: Figure): string => {
  const verdict = (isMet: boolean) => (isMet ? 'met' : 'MISSED');
  if (ratioAtMost !== undefined) return `ratio ≤ ${ratioAtMost} ${verdict(ratio <= ratioAtMost)}`;
  if (atMost !== undefined) return `≤ ${atMost} ${verdict(ours <= atMost)}`;
  return atLeast === undefined ? '' : `≥ ${atLeast} ${verdict(ours >= atLeast)}`;
};

/** The figures as rows of a table; of ratios to something else than the floor no target says anything. */
export const tableOf = (figures: readonly Figure[], beside?: string): readonly object[] =>
  figures.map((figure) => ({
    figure: figure.name,
    ours: rounded(figure.ours),
    [beside ?? 'floor']: figure.floor === undefined ? '' : rounded(figure.floor),
    unit: figure.unit,
    ratio: figure.ratio === undefined ? '' : Number(figure.ratio.toFixed(2)),
    target: beside === undefined ? targetOf(figure) : '',
  }));
