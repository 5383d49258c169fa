import { expect } from 'chai';
import fc from 'fast-check';
import { firstValueFrom, lastValueFrom } from 'rxjs';
import { deleteAggregator, hostedAsset, setScmGlobalData } from '../lib/hostedCalls.ts';
import { hostedSession, type HostedSession } from '../lib/transport/hostedSession.ts';
import { simulationAggregators } from '../lib/lookups.ts';
import { hostedSessions } from './hostedSessions.ts';
import { community, httpWorlds, LOAD, SIMULATION, USERS, uuidIn } from './sandbox/httpClients.ts';
import { failure } from './transport/restClients.ts';

const AREA = { simulationId: 'sim', areaUuid: 'the/area' };
const PROFILE = { '2026-06-21T12:15': 0.75, '2026-06-21T12:30': 0 };

describe('hostedAsset', () => {
  const { at, connect, heard, logins } = hostedSessions();
  const asset = () => hostedAsset(connect(), AREA);

  it('posts what it is told, where the exchange wants it, and does nothing else', async () => {
    const pv = asset();
    const answers = [
      pv.setEnergyForecast(PROFILE),
      pv.setEnergyMeasurement(PROFILE),
      pv.forecastNextSlot(750),
      pv.setLiveGeneration({ power: [1, 2] }),
      pv.setScmTimeseriesAndMemberData({ member: { tariff: 0.3 } }),
    ];
    for (const answer$ of answers) await lastValueFrom(answer$);
    const told = heard().map(({ method, path, body }) => [
      `${method} ${path.replace('/external-connection/api/sim/the%2Farea/', '')}`,
      Object.fromEntries(Object.entries(body).filter(([key]) => key !== 'transaction_id')),
    ]);
    expect(told).to.have.deep.members([
      ['POST set-energy-forecast/', { energy_forecast: PROFILE }],
      ['POST set-energy-measurement/', { energy_measurement: PROFILE }],
      ['POST set_energy_forecast/', { energy_Wh: 750 }],
      ['POST set-live-generation/', { live_data: { power: [1, 2] } }],
      ['POST set-scm-timeseries-and-member-data/', { member: { tariff: 0.3 } }],
    ]);
    expect(logins()).to.equal(1);
  });

  it('sends when it is called, once', async () => {
    const told$ = asset().setEnergyForecast(PROFILE);
    await firstValueFrom(at.server.heard$);
    await lastValueFrom(told$);
    await lastValueFrom(told$);
    expect(heard()).to.have.length(1);
  });

  const bad: readonly unknown[] = [
    {},
    null,
    [],
    { '2026-06-21T12:15': -1 },
    { '2026-06-21T12:15': Number.NaN },
    { '2026-06-21T12:15': Number.POSITIVE_INFINITY },
    { '2026-06-21T12:15': '1' },
    { '2026-06-21T12:15:00': 1 },
    { '2026-06-31T12:15': 1 },
    { '2026-06-21 12:15': 1 },
    { '2026-06-21T12:15+02:00': 1 },
    { ...PROFILE, tomorrow: 1 },
  ];

  it('sends no profile that makes no sense, and names the asset', async () => {
    const pv = asset();
    for (const profile of bad)
      for (const told$ of [
        pv.setEnergyForecast(profile as never),
        pv.setEnergyMeasurement(profile as never),
      ]) {
        const error = await failure(told$);
        expect(error).to.include({ code: 'ERR_GSY_OPTIONS' });
        expect(error.message).to.match(/^Not sent for the asset the\/area: /);
      }
    for (const energyWh of [-1, Number.NaN, Number.POSITIVE_INFINITY, '5' as never])
      expect(await failure(pv.forecastNextSlot(energyWh))).to.include({ code: 'ERR_GSY_OPTIONS' });
    expect(at.server.heard).to.be.empty;
  });

  it('sends every sound profile as it is', async () => {
    const pv = asset();
    const slot = fc
      .date({ min: new Date('2026-01-01'), max: new Date('2027-01-01'), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 16));
    const profiles = fc.dictionary(slot, fc.double({ min: 0, max: 1e6, noNaN: true }), { minKeys: 1 });
    await fc.assert(
      fc.asyncProperty(profiles, async (profile) => {
        await lastValueFrom(pv.setEnergyForecast(profile));
        const sent = JSON.parse(JSON.stringify(profile)) as unknown;
        expect(heard().at(-1)?.body.energy_forecast).to.deep.equal(sent);
      }),
      { numRuns: 30 },
    );
  });

  for (const [told, status] of [
    ['that the asset is not known', 404],
    ['that it is another user’s', 403],
    ['trouble of its own', 500],
  ] as const)
    it(`errors when the server tells ${told}`, async () => {
      at.server.answer('set-energy-forecast/', () => ({ status, body: { detail: 'no' } }));
      const error = await failure(asset().setEnergyForecast(PROFILE));
      expect(error).to.include({ code: 'ERR_GSY_TRANSPORT', status });
      expect(error.message).to.include(`status ${status}`).and.include('the%2Farea/set-energy-forecast/');
    });
});

describe('setScmGlobalData', () => {
  const { connect, heard } = hostedSessions();

  it('posts to the simulation', async () => {
    await lastValueFrom(setScmGlobalData(connect(), 'sim', { fees: { tax: 0.1 } }));
    const [{ path, body }] = heard() as [ReturnType<typeof heard>[0]];
    expect(path).to.equal('/external-connection/api/sim/set-scm-global-data/');
    expect(body).to.deep.include({ fees: { tax: 0.1 } });
  });
});

describe('deleteAggregator', () => {
  const { at, connect, heard } = hostedSessions();
  const DELETE = '/delete-aggregator/';
  const list = (...aggregators: readonly { uuid: string; name: string }[]) =>
    at.server.answer('/list-aggregators/', () => ({ body: aggregators }));
  const own = (...aggregatorsList: readonly { configUuid: string; name: string; devices: string[] }[]) =>
    at.server.answer('/graphql/', () => ({
      body: {
        data: {
          aggregatorsList: aggregatorsList.map(({ devices, ...aggregator }) => ({
            ...aggregator,
            devicesList: devices.map((deviceUuid) => ({ deviceUuid })),
          })),
        },
      },
    }));
  const deletions = () => heard().filter(({ path }) => path.endsWith(DELETE));

  for (const called of ['crew', 'u'])
    it(`deletes one that holds nothing, by ${called}`, async () => {
      list({ uuid: 'u', name: 'crew' }, { uuid: 'v', name: 'other' });
      own(
        { configUuid: 'sim', name: 'crew', devices: [] },
        { configUuid: 'elsewhere', name: 'crew', devices: ['a'] },
      );
      const deleted$ = deleteAggregator(connect(), 'sim', called);
      await lastValueFrom(deleted$);
      await lastValueFrom(deleted$);
      expect(deletions().map(({ body }) => body.aggregator_uuid)).to.deep.equal(['u']);
    });

  for (const [told, prepare, code, text] of [
    [
      'one that holds areas',
      () => own({ configUuid: 'sim', name: 'crew', devices: ['a', 'b'] }),
      'ERR_GSY_AREA_HELD',
      'a, b',
    ],
    ['one of which it is not told what it holds', () => own(), 'ERR_GSY_AREA_HELD', 'does not tell'],
    [
      'one that is not there',
      () => list({ uuid: 'v', name: 'other' }),
      'ERR_GSY_UNKNOWN_AGGREGATOR',
      'other',
    ],
    [
      'one of several of a name',
      () => list({ uuid: 'u', name: 'crew' }, { uuid: 'v', name: 'crew' }),
      'ERR_GSY_AMBIGUOUS_NAME',
      'u, v',
    ],
  ] as const)
    it(`does not delete ${told}`, async () => {
      list({ uuid: 'u', name: 'crew' });
      own({ configUuid: 'sim', name: 'crew', devices: [] });
      prepare();
      const error = await failure(deleteAggregator(connect(), 'sim', 'crew'));
      expect(error).to.include({ code });
      expect(error.message).to.include(text);
      expect(deletions()).to.be.empty;
    });

  it('does not delete when the server does not answer', async () => {
    list({ uuid: 'u', name: 'crew' });
    at.server.answer('/graphql/', () => ({ status: 502 }));
    expect(await failure(deleteAggregator(connect(), 'sim', 'crew'))).to.include({ status: 502 });
    expect(deletions()).to.be.empty;
  });
});

describe('without an aggregator, on the embedded exchange', () => {
  const world = httpWorlds();
  const sessions: HostedSession[] = [];
  afterEach(() => {
    for (const session of sessions.splice(0)) session.close();
  });
  const windmill = { type: 'pv', name: 'Windmill', forecast: true } as const;
  const windy = { ...community, grid: { ...community.grid, assets: [...community.grid.assets!, windmill] } };
  const open = async () => {
    const here = await world({ community: windy });
    const session = hostedSession({ domainName: here.address.url, username: 'ada', password: USERS.ada });
    sessions.push(session);
    return { ...here, session };
  };

  it('forecasts, measures, and tells live data and what an energy community wants', async () => {
    const { session, ticks, sandbox, login } = await open();
    const areaUuid = uuidIn(windy, 'Windmill');
    const asset = hostedAsset(session, { simulationId: SIMULATION, areaUuid });
    const { like } = await (await login('ada')).listen(areaUuid);
    ticks(1);
    await lastValueFrom(asset.setEnergyForecast({ '2026-06-21T00:15': 0.25 }));
    await lastValueFrom(asset.setEnergyMeasurement({ '2026-06-21T00:00': 0 }));
    await lastValueFrom(asset.forecastNextSlot(500));
    ticks(1);
    for (const command of ['set_energy_forecast', 'set_energy_measurement'])
      expect(await like({ command })).to.include({ status: 'ready' });
    await lastValueFrom(asset.setLiveGeneration({ power: 1 }));
    await lastValueFrom(asset.setScmTimeseriesAndMemberData({ member: 1 }));
    await lastValueFrom(setScmGlobalData(session, SIMULATION, { tax: 1 }));
    expect(sandbox.results().dangers).to.equal(0);
  });

  it('deletes an aggregator when it has let go of its areas, and not before', async () => {
    const { session, login, sandbox } = await open();
    const ada = await login('ada');
    const uuid = await ada.create('crew');
    await ada.create('empty');
    await ada.select(uuid, LOAD);
    const refusal = await failure(deleteAggregator(session, SIMULATION, 'crew'));
    expect(refusal).to.include({ code: 'ERR_GSY_AREA_HELD' });
    await lastValueFrom(deleteAggregator(session, SIMULATION, 'empty'));
    const left = await firstValueFrom(simulationAggregators(session, SIMULATION));
    expect(left.map(({ name }) => name)).to.deep.equal(['crew']);
    expect(sandbox.results().dangers).to.equal(0);
  });
});
