import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as t from 'io-ts';
import type { DecodeFailure } from '../model/failures.ts';
import type { FeeUnit } from '../model/grid.ts';
import { jsonText, strict } from './combinators.ts';
import { present } from './present.ts';
import { toRegisteredArea, WireRegisteredArea, type RegisteredArea } from './registry.ts';
import { reportErrors } from './report.ts';
import { DurationS, optional } from './scalars.ts';

/** How a run's spot market works. */
export type SpotMarketType = 'no-market' | 'one-sided' | 'two-sided' | 'coefficients';

/** A simulation config file, as downloaded from the web interface (exchange protocol, simulation config file). */
export interface SimulationConfig {
  readonly username: string;
  readonly name: string;
  readonly uuid: string;
  /** With scheme. */
  readonly domainName: string;
  /** With scheme. */
  readonly webSocketDomainName: string;
  readonly spotMarketType?: SpotMarketType;
  readonly feeUnit?: FeeUnit;
  /** `YYYY-MM-DD`. */
  readonly startDate?: string;
  /** Simulated time. */
  readonly slotLengthS?: number;
  /** Simulated time. */
  readonly tickLengthS?: number;
  /** Real time that a slot takes; 0 is as fast as it goes. */
  readonly slotLengthRealtimeS?: number;
  readonly registry: RegisteredArea;
}

/** One of a few meanings, each of which stands for a number that is written as a text. */
const numbered = <A extends string>(
  name: string,
  meanings: Readonly<Record<string, A>>,
): t.Type<A, string> => {
  const codes = Object.keys(meanings);
  return new t.Type(
    `${name} out of ${codes.join(', ')}`,
    (u): u is A => codes.some((code) => meanings[code] === u),
    (u, context) => {
      const meaning = meanings[codes.find((code) => code === u || Number(code) === u) ?? ''];
      return meaning === undefined ? t.failure(u, context) : t.success(meaning);
    },
    (meaning) => codes.find((code) => meanings[code] === meaning) ?? '',
  );
};

const GlobalSettings = strict(
  {
    spot_market_type: optional(
      numbered<SpotMarketType>('a spot market type', {
        0: 'no-market',
        1: 'one-sided',
        2: 'two-sided',
        3: 'coefficients',
      }),
    ),
    grid_fee_type: optional(numbered<FeeUnit>('a grid fee type', { 1: 'cents/kWh', 2: 'percent' })),
    start_date: optional(t.string),
    slot_length: optional(DurationS),
    tick_length: optional(DurationS),
    slot_length_realtime: optional(DurationS),
  },
  'the global settings',
);

const ConfigFile = strict(
  {
    username: t.string,
    name: t.string,
    uuid: t.string,
    domain_name: t.string,
    web_socket_domain_name: t.string,
    global_settings: GlobalSettings,
    registry: WireRegisteredArea,
  },
  'a simulation config file',
);

/** The typed content of a simulation config file, or what is wrong with it. */
export const decodeSimulationConfig = (text: string): E.Either<DecodeFailure, SimulationConfig> =>
  pipe(
    jsonText(ConfigFile).decode(text),
    E.bimap((errors) => reportErrors('simulation config file', errors), toConfig),
  );

const toConfig = (file: t.TypeOf<typeof ConfigFile>): SimulationConfig => {
  const settings = file.global_settings;
  return present({
    username: file.username,
    name: file.name,
    uuid: file.uuid,
    domainName: file.domain_name,
    webSocketDomainName: file.web_socket_domain_name,
    spotMarketType: settings.spot_market_type,
    feeUnit: settings.grid_fee_type,
    startDate: settings.start_date,
    slotLengthS: settings.slot_length,
    tickLengthS: settings.tick_length,
    slotLengthRealtimeS: settings.slot_length_realtime,
    registry: toRegisteredArea(file.registry),
  });
};
