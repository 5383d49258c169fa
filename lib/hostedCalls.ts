import { map, mergeMap, throwError, zip, type Observable } from 'rxjs';
import { setEnergyForecast, setEnergyMeasurement } from './commands.ts';
import { GsyError } from './errors.ts';
import { simulationAggregators, userAggregators } from './lookups.ts';
import type { EnergyProfileKWh, SetEnergyForecast, SetEnergyMeasurement } from './model/commands.ts';
import { once } from './once.ts';
import { findNamed } from './registry.ts';
import { invalid } from './sink/invalid.ts';
import type { HostedSession } from './transport/hostedSession.ts';
import { segment } from './transport/restPath.ts';
import { encodeContent } from './wire/commandEncoding.ts';

/** Which asset on a hosted exchange. */
export interface HostedAssetAddress {
  /** The uuid of the simulation, collaboration or canary network. */
  readonly simulationId: string;
  /** The uuid of the asset; see `simulationAreas`. */
  readonly areaUuid: string;
}

/**
 * What an asset can tell a hosted exchange without an aggregator and without a websocket. Each is sent when it is
 * called, once; `undefined` comes when the server has taken it.
 *
 * What the exchange makes of it is told over the asset's websocket only, so that a server can take what the exchange
 * refuses. Errors with a `GsyError`: `ERR_GSY_OPTIONS`, with nothing sent, for values that make no sense.
 */
export interface HostedAsset {
  /** What a forecast load or forecast PV will consume or produce: kWh by slot, `YYYY-MM-DDTHH:mm`, UTC. */
  setEnergyForecast(energyKWh: EnergyProfileKWh): Observable<void>;
  /** What a forecast load or forecast PV has consumed or produced: kWh by slot. */
  setEnergyMeasurement(energyKWh: EnergyProfileKWh): Observable<void>;
  /** What the asset will consume or produce in the next slot, in Wh: the older form, which the server may not know any more. */
  forecastNextSlot(energyWh: number): Observable<void>;
  /** Live data of a canary network; what stands in it is the server's affair. */
  setLiveGeneration(liveData: object): Observable<void>;
  /** Time series and member data of an energy community; what stands in it is the server's affair. */
  setScmTimeseriesAndMemberData(data: object): Observable<void>;
}

/**
 * One asset on a hosted exchange, for forecasts, measurements and live data (exchange protocol, REST requests). It is
 * neither registered nor selected by this.
 *
 * @throws GsyError `ERR_GSY_OPTIONS` when a uuid is empty, or one that a path cannot hold
 *
 * @example
 * const pv = hostedAsset(session, { simulationId, areaUuid });
 * await firstValueFrom(pv.setEnergyForecast({ '2026-06-21T12:15': 0.75 }));
 */
export const hostedAsset = (
  session: HostedSession,
  { simulationId, areaUuid }: HostedAssetAddress,
): HostedAsset => {
  const area = `external-connection/api/${segment(simulationId)}/${segment(areaUuid)}`;
  const path = (verb: string) => `${area}/${verb}/`;
  const unsound = (reason: string) =>
    throwError(() => new GsyError('ERR_GSY_OPTIONS', `Not sent for the asset ${areaUuid}: ${reason}.`));
  const tell = (verb: string, command: SetEnergyForecast | SetEnergyMeasurement): Observable<void> => {
    const reason = invalid(command);
    return reason === undefined ? session.call(path(verb), encodeContent(command)) : unsound(reason);
  };
  return {
    setEnergyForecast: (energyKWh) => tell('set-energy-forecast', setEnergyForecast(areaUuid, energyKWh)),
    setEnergyMeasurement: (energyKWh) =>
      tell('set-energy-measurement', setEnergyMeasurement(areaUuid, energyKWh)),
    forecastNextSlot: (energyWh) =>
      Number.isFinite(energyWh) && energyWh >= 0
        ? session.call(path('set_energy_forecast'), { energy_Wh: energyWh })
        : unsound(`the energy in Wh must be a number from 0 on, not ${energyWh}`),
    setLiveGeneration: (liveData) => session.call(path('set-live-generation'), { live_data: liveData }),
    setScmTimeseriesAndMemberData: (data) => session.call(path('set-scm-timeseries-and-member-data'), data),
  };
};

/** Tells an energy community what concerns all its members; what stands in it is the server's affair. */
export const setScmGlobalData = (
  session: HostedSession,
  simulationId: string,
  data: object,
): Observable<void> =>
  session.call(`external-connection/api/${segment(simulationId)}/set-scm-global-data/`, data);

/**
 * Deletes an aggregator of the user, by its name or uuid, when it is called, if it holds no areas: to delete one that
 * holds some can end the simulation, so `run` has to let them go before (`stop({ release: true })`).
 *
 * Errors with a `GsyError`, nothing being deleted: `ERR_GSY_UNKNOWN_AGGREGATOR` when there is none,
 * `ERR_GSY_AMBIGUOUS_NAME` when there are several, `ERR_GSY_AREA_HELD` when it holds areas or the server does not tell.
 */
export const deleteAggregator = (
  session: HostedSession,
  simulationId: string,
  nameOrUuid: string,
): Observable<void> =>
  once(
    zip(simulationAggregators(session, simulationId), userAggregators(session)).pipe(
      map(([all, users]) => {
        const aggregator = findNamed(new Map(all.map(({ uuid, name }) => [uuid, name])), nameOrUuid, NAMING);
        const areasOf = users.filter(
          (each) => each.simulationId === simulationId && each.name === aggregator.name,
        );
        assertEmpty(
          aggregator.name,
          areasOf.map(({ areaUuids }) => areaUuids),
        );
        return aggregator;
      }),
      mergeMap(({ uuid }) =>
        session.call(`external-connection/aggregator-api/${segment(simulationId)}/delete-aggregator/`, {
          aggregator_uuid: uuid,
        }),
      ),
    ),
  );

const NAMING = {
  one: 'aggregator',
  whole: 'the simulation',
  unknown: 'ERR_GSY_UNKNOWN_AGGREGATOR',
} as const;

/** Whether the server knows that the aggregator holds nothing; of several of one name, that none holds anything. */
const assertEmpty = (name: string, areas: readonly (readonly string[])[]): void => {
  if (areas.length === 0)
    throw new GsyError(
      'ERR_GSY_AREA_HELD',
      `the server does not tell what the aggregator ${name} holds; it may be another user's`,
    );
  const held = areas.flat();
  if (held.length > 0)
    throw new GsyError(
      'ERR_GSY_AREA_HELD',
      `the aggregator ${name} still holds ${held.length} areas: ${held.slice(0, 10).join(', ')}; let them go first, to delete it now can end the simulation`,
    );
};
