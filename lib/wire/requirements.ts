import * as t from 'io-ts';
import type { OrderRequirement } from '../model/commands.ts';
import { closed, listOf, mapOf } from './combinators.ts';
import { EnergyType } from './commandDecoding.ts';
import { present } from './present.ts';
import { errorsLine } from './report.ts';
import { NotNegative, optional } from './scalars.ts';

/** What each asset requires of those with whom it trades; assets by name, and their partners too. */
export type RequirementsByAsset = ReadonlyMap<string, readonly OrderRequirement[]>;

const Requirements = mapOf(
  listOf(
    closed(
      {
        tradingPartners: optional(listOf(t.string)),
        energyTypes: optional(listOf(EnergyType)),
        energyKWh: optional(NotNegative),
        rate: optional(NotNegative),
      },
      'a requirement',
    ),
  ),
);

/**
 * Requirements as a file has them, `{"Load": [{"tradingPartners": ["PV"], "rate": 20}]}`: the names of the model.
 * @throws Error that names the first thing that is wrong with its JSON path; a key of another name is wrong too, for an
 * asset that requires nothing trades with everybody
 */
export const readRequirements = (json: string): RequirementsByAsset => {
  const result = Requirements.decode(JSON.parse(json));
  if (result._tag === 'Left') throw new Error(errorsLine(result.left));
  return new Map([...result.right].map(([asset, wishes]) => [asset, wishes.map((wish) => present(wish))]));
};

/** Whether these are such requirements. */
export const areRequirements = (u: unknown): u is RequirementsByAsset => Requirements.is(u);
