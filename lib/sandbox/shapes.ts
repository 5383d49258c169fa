const DAY_HOURS = 24;

interface Bump {
  readonly atHour: number;
  readonly widthHours: number;
  readonly height: number;
}

/** A bell around an hour of the day, wrapped at midnight. */
const bell = (hour: number, { atHour, widthHours, height }: Bump): number => {
  const away = Math.abs(hour - atHour);
  const distance = Math.min(away, DAY_HOURS - away) / widthHours;
  return height * Math.exp(-0.5 * distance * distance);
};
const bells =
  (base: number, ...bumps: readonly Bump[]) =>
  (hour: number): number =>
    bumps.reduce((sum, bump) => sum + bell(hour, bump), base);

/** The sine of the sun's height at a latitude, for a day whose declination is given, 0 at night. */
const sunHeight = (latitudeDegrees: number, declinationDegrees: number) => {
  const [latitude, declination] = [latitudeDegrees, declinationDegrees].map(
    (degrees) => (degrees * Math.PI) / 180,
  ) as [number, number];
  return (hour: number): number => {
    const hourAngle = ((hour - 12) * Math.PI) / 12;
    const sine =
      Math.sin(latitude) * Math.sin(declination) +
      Math.cos(latitude) * Math.cos(declination) * Math.cos(hourAngle);
    return Math.max(0, sine);
  };
};

/**
 * Relative power by hour of the day; only the form counts, the scale comes from `energyKWhPerDay`. All are our own
 * smooth curves: households after the well-known form of standard load profiles (a morning and a higher evening
 * peak over a night base), the sun after its height at 48° N in late June (declination 23.4°) to the power 1.15,
 * which stands for the longer way through the air when it is low.
 */
const SHAPES = {
  household: bells(
    0.35,
    { atHour: 7.5, widthHours: 1.3, height: 0.5 },
    { atHour: 12.5, widthHours: 1.5, height: 0.4 },
    { atHour: 19.3, widthHours: 1.9, height: 1 },
  ),
  'home-office': bells(
    0.4,
    { atHour: 8.5, widthHours: 1.5, height: 0.45 },
    { atHour: 13, widthHours: 3, height: 0.6 },
    { atHour: 19, widthHours: 2, height: 0.7 },
  ),
  'early-bird': bells(
    0.3,
    { atHour: 5.8, widthHours: 1, height: 0.8 },
    { atHour: 17.5, widthHours: 1.8, height: 0.9 },
  ),
  evening: bells(
    0.25,
    { atHour: 8, widthHours: 1, height: 0.2 },
    { atHour: 20.8, widthHours: 1.7, height: 1.1 },
  ),
  'heat-pump': bells(
    0.7,
    { atHour: 6, widthHours: 2, height: 0.5 },
    { atHour: 21.5, widthHours: 2.5, height: 0.35 },
  ),
  'night-charging': bells(0.01, { atHour: 1.5, widthHours: 1.6, height: 1 }),
  solar: (hour: number): number => sunHeight(48, 23.4)(hour) ** 1.15,
} as const satisfies Readonly<Record<string, (hour: number) => number>>;

/** A built-in power curve. */
export type ShapeName = keyof typeof SHAPES;
/** Every built-in power curve by name. */
export const SHAPE_NAMES = Object.keys(SHAPES) as readonly ShapeName[];

/** Steps in which a shape is summed up: a multiple of every usual slot length. */
const SHAPE_STEPS = 1440;

/** Each built-in curve at the middle of every step, 1 on average. */
const RELATIVE: Readonly<Record<ShapeName, readonly number[]>> = (() => {
  const hours = Array.from({ length: SHAPE_STEPS }, (_, step) => ((step + 0.5) * DAY_HOURS) / SHAPE_STEPS);
  const relative = (shape: ShapeName): readonly number[] => {
    const values = hours.map(SHAPES[shape]);
    const sum = values.reduce((total, value) => total + value, 0);
    return values.map((value) => (value * SHAPE_STEPS) / sum);
  };
  return Object.fromEntries(SHAPE_NAMES.map((shape) => [shape, relative(shape)])) as Record<
    ShapeName,
    number[]
  >;
})();

/** A built-in curve as powers in W, spread evenly over the day, that come to this energy. */
export const shapedPowersW = (shape: ShapeName, energyKWhPerDay: number): readonly number[] => {
  const averageW = (energyKWhPerDay * 1000) / DAY_HOURS;
  return RELATIVE[shape].map((value) => value * averageW);
};

/**
 * The energy of one PV panel in a slot, kWh, after its peak power: the curve that the exchange uses where it knows
 * nothing but the panels. A bell around 12:16, taken at the time when the slot begins, in steps of 5 minutes and to a
 * tenth of a watt-hour; nothing before 8:00 and after 16:30.
 */
export const panelKWh = (peakPowerKW: number, minuteOfDay: number, slotLengthMinutes: number): number => {
  if (minuteOfDay < 8 * 60 || minuteOfDay > 16.5 * 60) return 0;
  const distance = (Math.round(minuteOfDay / 5) - 147.2) / 38.6;
  return Math.round(((peakPowerKW * Math.exp(-distance * distance) * slotLengthMinutes) / 60) * 1e4) / 1e4;
};
