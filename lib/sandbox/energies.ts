import { startOf, type HoursProfile, type PanelProfile, type Profile, type Slots } from './community.ts';
import { DAY_MS, stepsOf, type Step, type TimedProfile } from './profile.ts';
import { panelKWh, shapedPowersW } from './shapes.ts';

const HOUR_MS = 3_600_000;

/** The energy of each slot of a day, or of the run where a profile is dated, kWh: its powers over the slot. */
export const energiesBySlot = (profile: Profile, slots: Slots): readonly number[] => {
  if ('profile' in profile) return measured(profile.profile, slots);
  const powerW = 'powerW' in profile ? profile.powerW : shapedPowersW(profile.shape, profile.energyKWhPerDay);
  return energies(evenly(powerW), dayOf(slots), POWER);
};

/** The energy of each slot of a day of a device that runs in certain hours, kWh. */
export const hourlyEnergies = (
  { averagePowerW, hoursOfDay }: HoursProfile,
  slots: Slots,
): readonly number[] => {
  const runs = hoursOfDay === undefined ? undefined : new Set(hoursOfDay);
  return slotsOf(dayOf(slots)).map((fromMs) => {
    const isOn = runs?.has(Math.floor(fromMs / HOUR_MS)) ?? true;
    return isOn ? (averagePowerW * slots.slotLengthMinutes) / 60 / 1000 : 0;
  });
};

/** The energy of each slot of a day that panels produce, kWh. */
export const panelEnergies = (
  { peakPowerKW, panelCount = 1 }: PanelProfile,
  slots: Slots,
): readonly number[] =>
  slotsOf(dayOf(slots)).map(
    (fromMs) => panelKWh(peakPowerKW, fromMs / 60_000, slots.slotLengthMinutes) * panelCount,
  );

/** Slots in a row. */
interface Row {
  readonly firstMs: number;
  readonly slotMs: number;
  readonly count: number;
}

const dayOf = ({ slotLengthMinutes }: Slots): Row => {
  const slotMs = slotLengthMinutes * 60_000;
  return { firstMs: 0, slotMs, count: Math.round(DAY_MS / slotMs) };
};
const runOf = (slots: Slots): Row => ({ ...dayOf(slots), firstMs: startOf(slots), count: slots.slots });
const slotsOf = ({ firstMs, slotMs, count }: Row): readonly number[] =>
  Array.from({ length: count }, (_, slot) => firstMs + slot * slotMs);

const evenly = (values: readonly number[]): readonly Step[] => {
  const stepMs = DAY_MS / values.length;
  return values.map((value, at) => ({ fromMs: at * stepMs, untilMs: (at + 1) * stepMs, value }));
};

/** What a part of a step comes to, in a unit of which a kWh has so many. */
interface Unit {
  readonly amount: (step: Step, partMs: number) => number;
  readonly perKWh: number;
}
const POWER: Unit = { amount: ({ value }, partMs) => value * (partMs / HOUR_MS), perKWh: 1000 };
const ENERGY: Unit = {
  amount: ({ value, fromMs, untilMs }, partMs) => value * (partMs / (untilMs - fromMs)),
  perKWh: 1,
};

const measured = (profile: TimedProfile, slots: Slots): readonly number[] => {
  const [values, unit] = 'powerW' in profile ? [profile.powerW, POWER] : [profile.energyKWh, ENERGY];
  const { daily, steps } = stepsOf(values);
  return energies(steps, daily ? dayOf(slots) : runOf(slots), unit);
};

const energies = (steps: readonly Step[], row: Row, { amount, perKWh }: Unit): readonly number[] => {
  let first = 0;
  return slotsOf(row).map((fromMs) => {
    const untilMs = fromMs + row.slotMs;
    while ((steps[first]?.untilMs ?? Infinity) <= fromMs) first += 1;
    let sum = 0;
    for (let at = first; at < steps.length; at++) {
      const step = steps[at];
      if (step === undefined || step.fromMs >= untilMs) break;
      sum += amount(step, Math.min(step.untilMs, untilMs) - Math.max(step.fromMs, fromMs));
    }
    return sum / perKWh;
  });
};
