import { expect } from 'chai';
import {
  aggregatorApi,
  api,
  community,
  httpWorlds,
  HOUSE,
  LOAD,
  METER,
  OTHER_LOAD,
  PV,
  uuidIn,
  uuids,
  type Json,
} from './httpClients.ts';

describe('single areas at the HTTP door', () => {
  const world = httpWorlds();

  it('registers an asset, which hears its events from the next slot on, and unregisters it', async () => {
    const { login, ticks, sandbox } = await world();
    const ada = await login('ada');
    const { like, heard } = await ada.listen(LOAD);
    ticks(1);
    const answer = await ada.post(api(`${LOAD}/register/`), { transaction_id: 'r' });
    expect([answer.statusCode, answer.body]).to.deep.equal([200, { transaction_id: 'r' }]);
    expect(await like({ command: 'register' })).to.deep.equal({
      ...{ command: 'register', status: 'ready', registered: true },
      ...{ transaction_id: 'r', device_uuid: LOAD },
    });
    ticks(10);
    expect(await like({ event: 'market' })).to.include({ area_uuid: LOAD, start_time: '2026-06-21T00:15' });
    expect(await like({ event: 'tick' })).to.include({ area_uuid: LOAD, slot_completion: '0%' });
    await ada.post(api(`${LOAD}/unregister/`), { transaction_id: 'u' });
    expect(await like({ command: 'unregister' })).to.deep.include({
      unregistered: true,
      transaction_id: 'u',
    });
    ticks(10);
    ticks(10);
    expect(heard.filter(({ event }) => event === 'market')).to.have.length(1);
    expect(sandbox.results().dangers).to.equal(0);
  });

  it('passes on the error of the exchange, which has neither command nor transaction', async () => {
    const ada = await (await world()).login('ada');
    const { like } = await ada.listen(LOAD);
    await ada.post(api(`${LOAD}/unregister/`));
    expect(Object.keys(await like({ status: 'error' }))).to.deep.equal(['status', 'error_message']);
  });

  it('registers a market at once, and tells it of the end', async () => {
    const { login, ticks } = await world();
    const ada = await login('ada');
    const { like } = await ada.listen(HOUSE);
    await ada.post(api(`${HOUSE}/register/`), { transaction_id: 'r' });
    expect(await like({ command: 'register' })).to.include({ device_uuid: HOUSE });
    ticks(31);
    expect(await like({ event: 'finish' })).to.deep.equal({ event: 'finish' });
    await ada.post(api(`${HOUSE}/unregister/`));
  });

  it('does not register the second of two assets of one name, whose name is the first one’s', async () => {
    const ada = await (await world()).login('ada');
    const { statusCode, body } = await ada.post(api(`${OTHER_LOAD}/register/`));
    expect([statusCode, body]).to.deep.equal([409, { detail: 'Another area answers to the name Load.' }]);
  });

  it('keeps areas in the hands of a user from others, until they have left', async () => {
    const { login, ticks } = await world();
    const [ada, ben] = [await login('ada'), await login('ben')];
    const { like } = await ada.listen(LOAD);
    const early = await ben.listen(LOAD);
    await ada.post(api(`${LOAD}/register/`));
    await like({ command: 'register' });
    for (const path of ['register', 'unregister', 'set-live-generation', 'set-energy-forecast'])
      expect((await ben.post(api(`${LOAD}/${path}/`))).statusCode).to.equal(403);
    expect((await ben.post(api(`${PV}/register/`))).statusCode).to.equal(200);
    ticks(11);
    await like({ event: 'market' });
    await ada.post(api(`${LOAD}/unregister/`));
    await like({ command: 'unregister' });
    const others = await ben.listen(PV);
    ticks(10);
    await others.like({ event: 'market' });
    expect(early.heard).to.be.empty;
    await ben.post(api(`${LOAD}/register/`), { transaction_id: 'b' });
    expect(await early.like({ transaction_id: 'b' })).to.include({ registered: true });
  });

  for (const kind of ['forecast', 'measurement'])
    it(`answers a ${kind} over the websocket as the exchange does for assets that take none`, async () => {
      const { login, ticks, sandbox } = await world();
      const ada = await login('ada');
      const { like } = await ada.listen(LOAD);
      const path = api(`${LOAD}/set-energy-${kind}/`);
      const body = { [`energy_${kind}`]: { '2026-06-21T00:15': 0.1 }, transaction_id: 'f' };
      expect((await ada.post(path, body)).statusCode).to.equal(200);
      ticks(1);
      expect(await like({ transaction_id: 'f' })).to.deep.equal({
        ...{ area_uuid: LOAD, command: `set_energy_${kind}`, status: 'error', transaction_id: 'f' },
        message: `Command type not supported for device ${LOAD}`,
      });
      expect((await ada.post(path)).statusCode).to.equal(400);
      expect(sandbox.results().dangers).to.equal(0);
    });

  it('passes forecasts and measurements on to assets that live on them, in both forms', async () => {
    const windmill = { type: 'pv', name: 'Windmill', forecast: true } as const;
    const grid = { ...community.grid, assets: [...community.grid.assets!, windmill] };
    const { login, ticks, sandbox } = await world({ community: { ...community, grid } });
    const ada = await login('ada');
    const uuid = uuidIn({ ...community, grid }, 'Windmill');
    const { like } = await ada.listen(uuid);
    const tell = (path: string, body: Json) => ada.post(api(`${uuid}/${path}/`), body);
    ticks(1);
    await tell('register', {});
    const energy_forecast = { '2026-06-21T00:30': 0.3 };
    await tell('set-energy-forecast', { energy_forecast, transaction_id: 'forecast' });
    const energy_measurement = { '2026-06-21T00:00': 0 };
    await tell('set-energy-measurement', { energy_measurement, transaction_id: 'measured' });
    await tell('set_energy_forecast', { energy_Wh: 250, transaction_id: 'older' });
    ticks(1);
    for (const transaction_id of ['forecast', 'measured', 'older'])
      expect(await like({ transaction_id })).to.include({ status: 'ready', area_uuid: uuid });
    ticks(20);
    for (const [start_time, available_energy_kWh] of [
      ['2026-06-21T00:15', 0.25],
      ['2026-06-21T00:30', 0.3],
    ])
      expect(await like({ event: 'market', start_time })).to.have.deep.nested.include({
        'device_info.available_energy_kWh': available_energy_kWh,
      });
    expect((await tell('set_energy_forecast', { energy_Wh: '250' })).statusCode).to.equal(400);
    expect(sandbox.results().dangers).to.equal(0);
  });

  it('accepts live data and the data of energy communities', async () => {
    const ada = await (await world()).login('ada');
    const { like } = await ada.listen(PV);
    const live = { live_data: { 'kWh/day': 1 }, transaction_id: 'l' };
    expect((await ada.post(api(`${PV}/set-live-generation/`), live)).statusCode).to.equal(200);
    expect(await like({ transaction_id: 'l' })).to.include({
      command: 'set-live-generation',
      status: 'ready',
    });
    expect((await ada.post(api(`${PV}/set-live-generation/`), { live_data: 1 })).statusCode).to.equal(400);
    expect((await ada.post(api(`${PV}/set-scm-timeseries-and-member-data/`))).statusCode).to.equal(200);
    expect((await ada.post(api('set-scm-global-data/'))).statusCode).to.equal(200);
  });

  it('changes the fee of a market that is in no aggregator, in one’s own or in another one’s', async () => {
    const { login, ticks, sandbox } = await world();
    const [ada, ben] = [await login('ada'), await login('ben')];
    const { like } = await ada.listen(HOUSE);
    const fee = async (fee_const: unknown, transaction_id: string) =>
      (await ada.post(api(`${HOUSE}/grid-fee/`), { fee_const, transaction_id })).statusCode;
    expect(await Promise.all([fee(2, '1'), fee(3, '2')])).to.deep.equal([200, 200]);
    ticks(1);
    expect(await like({ transaction_id: '1' })).to.deep.equal({
      ...{ area_uuid: HOUSE, command: 'grid_fees', status: 'ready' },
      ...{ market_fee_const: '2', market_fee_percent: 'None', transaction_id: '1' },
    });
    expect(await like({ transaction_id: '2' })).to.include({ market_fee_const: '3' });

    const aggregator = await ada.create('mine');
    expect((await ada.select(aggregator, HOUSE)).statusCode).to.equal(200);
    expect(await fee(5, '3')).to.equal(200);
    ticks(1);
    expect(await like({ transaction_id: '3' })).to.include({ market_fee_const: '5' });
    expect((await ben.post(api(`${HOUSE}/grid-fee/`), { fee_const: 9 })).statusCode).to.equal(403);
    expect(await fee('1', '4')).to.equal(400);
    expect(sandbox.results().dangers).to.equal(0);
  });

  it('gives the statistics of a market to a GET request with a body', async () => {
    const { login, ticks } = await world();
    const ada = await login('ada');
    const { like } = await ada.listen(uuids.Grid!);
    const path = api(`${uuids.Grid!}/dso-market-stats`);
    expect((await ada.get(path, { transaction_id: 'first' })).statusCode).to.equal(200);
    ticks(1);
    expect(await like({ transaction_id: 'first' })).to.deep.include({
      ...{ command: 'dso_market_stats', status: 'ready', name: 'Grid', market_stats: {} },
    });
    ticks(10);
    await ada.get(path, { transaction_id: 'second' });
    ticks(1);
    expect((await like({ transaction_id: 'second' })).market_stats).to.include.keys('market_fee_revenue');
    expect((await ada.get(api(`${LOAD}/dso-market-stats`))).statusCode).to.equal(400);
  });

  it('does not know areas that are none, and keeps those closed that are not for clients', async () => {
    const ada = await (await world()).login('ada');
    const status = async (uuid: string) => (await ada.post(api(`${uuid}/register/`))).statusCode;
    expect(await status('00000000-0000-4000-8000-000000000000')).to.equal(404);
    for (const closed of ['House 1/Fridge', 'Grid/House 2', 'Grid/Market Maker'])
      expect(await status(uuids[closed]!)).to.equal(403);
    expect((await ada.post(api(`${METER}/register/`), { transaction_id: null })).statusCode).to.equal(400);
    expect((await ada.post(aggregatorApi('register/'))).statusCode).to.equal(404);
  });
});
