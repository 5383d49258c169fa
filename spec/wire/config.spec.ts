import { expect } from 'chai';
import { isLeft } from 'fp-ts/lib/Either.js';
import { decodeSimulationConfig } from '../../lib/wire/config.ts';
import { failureLine } from '../../lib/wire/report.ts';

const load = {
  name: 'Load',
  type: 'Load',
  uuid: 'load-1',
  attributes: null,
  registered: true,
  aggregator_name: 'mine',
};

const file = {
  username: 'someone@example.org',
  name: 'my collaboration',
  uuid: '3f0c8a52',
  domain_name: 'https://exchange.example.org',
  web_socket_domain_name: 'wss://exchange.example.org/external-ws',
  global_settings: {
    start_date: '2026-01-31',
    spot_market_type: '2',
    slot_length: '0:15:00',
    tick_length: '0:00:15',
    grid_fee_type: '1',
    slot_length_realtime: '0:00:00',
    progress_info: "{'eta_seconds': 18, 'percentage_completed': 21}",
  },
  registry: {
    name: 'Grid',
    type: 'Area',
    uuid: 'grid',
    registered: null,
    aggregator_name: null,
    children: [{ name: 'House 1', type: 'Area', uuid: 'house-1', registered: false, children: [load] }],
  },
};

const decodeFile = (content: object) => decodeSimulationConfig(JSON.stringify(content));

const withSettings = (settings: object) => decodeFile({ ...file, global_settings: settings });

describe('decodeSimulationConfig', () => {
  it('gives typed settings and the registry as a tree', () => {
    expect(decodeFile(file)).to.deep.include({
      right: {
        username: 'someone@example.org',
        name: 'my collaboration',
        uuid: '3f0c8a52',
        domainName: 'https://exchange.example.org',
        webSocketDomainName: 'wss://exchange.example.org/external-ws',
        spotMarketType: 'two-sided',
        feeUnit: 'cents/kWh',
        startDate: '2026-01-31',
        slotLengthS: 900,
        tickLengthS: 15,
        slotLengthRealtimeS: 0,
        registry: {
          uuid: 'grid',
          name: 'Grid',
          type: 'Area',
          children: [
            {
              uuid: 'house-1',
              name: 'House 1',
              type: 'Area',
              registered: false,
              children: [
                {
                  uuid: 'load-1',
                  name: 'Load',
                  type: 'Load',
                  registered: true,
                  aggregatorName: 'mine',
                  children: [],
                },
              ],
            },
          ],
        },
      },
    });
  });

  it('knows all market types and both fee units', () => {
    const market = (spot_market_type: unknown) => withSettings({ spot_market_type });
    expect(market('1')).to.have.nested.property('right.spotMarketType', 'one-sided');
    expect(market(2)).to.have.nested.property('right.spotMarketType', 'two-sided');
    expect(market('3')).to.have.nested.property('right.spotMarketType', 'coefficients');
    expect(withSettings({ grid_fee_type: '2' })).to.have.nested.property('right.feeUnit', 'percent');
  });

  it('does without settings that the file does not have', () => {
    expect(withSettings({}))
      .to.have.property('right')
      .that.does.not.have.any.keys('spotMarketType', 'slotLengthS');
  });

  it('fails for a setting that means nothing, and for a key that is missing', () => {
    const places: readonly (readonly [object, string])[] = [
      [{ ...file, global_settings: { spot_market_type: '7' } }, '$.global_settings.spot_market_type'],
      [{ ...file, global_settings: { spot_market_type: [['2']] } }, '$.global_settings.spot_market_type'],
      [{ ...file, global_settings: { spot_market_type: '__proto__' } }, '$.global_settings.spot_market_type'],
      [{ ...file, global_settings: { slot_length: '15m' } }, '$.global_settings.slot_length'],
      [{ ...file, global_settings: undefined }, '$.global_settings'],
      [{ ...file, domain_name: null }, '$.domain_name'],
      [
        { ...file, registry: { ...file.registry, children: [{ ...load, uuid: 1 }] } },
        '$.registry.children[0].uuid',
      ],
    ];
    for (const [content, at] of places) expect(decodeFile(content)).to.have.nested.property('left.at', at);
  });

  it('fails in one line for a text that is no config file at all', () => {
    const result = decodeSimulationConfig('username: someone\n');
    expect(isLeft(result) && failureLine(result.left)).to.equal(
      String.raw`"simulation config file" $: expected a simulation config file, as JSON in a string, got "username: someone\n"`,
    );
  });
});
