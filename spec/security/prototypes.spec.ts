import { expect } from 'chai';
import { memoryBus, memoryTransport, parameter, parametrised, run, type Outcome } from 'gsy-rx';
import { openSandbox, parseCommunity } from 'gsy-rx/sandbox';
import { NEVER, VirtualTimeScheduler } from 'rxjs';
import { ledger, type Ledger } from '../../lib/report/ledger.ts';
import { readParameters } from '../../lib/parameters.ts';
import basic from '../../strategies/basic.ts';
import { gsyRx } from '../cli/terminal.ts';

/** What every object inherits. */
const INHERITED = Object.getOwnPropertyNames(Object.prototype);

const asset = (name: string, index: number) =>
  index % 2 === 0 ? { type: 'load', name, powerW: [400] } : { type: 'pv', name, powerW: [400] };

/** A community whose areas and assets bear the names of what every object inherits. */
const community = parseCommunity(
  JSON.stringify({
    startDate: '2026-06-21',
    slots: 3,
    slotLengthMinutes: 15,
    tickLengthSeconds: 90,
    grid: {
      name: '__proto__',
      assets: [{ type: 'market-maker', name: 'valueOf', buyRate: 8, sellRate: 30 }],
      areas: [{ name: 'constructor', assets: INHERITED.map(asset) }],
    },
  }),
);

describe('names of what every object inherits', () => {
  afterEach(() => {
    expect(Object.getOwnPropertyNames(Object.prototype)).to.deep.equal(INHERITED);
  });

  it('are as good as any, for areas and assets: those trade a day and stand in the books', async () => {
    const scheduler = new VirtualTimeScheduler();
    const bus = memoryBus(scheduler);
    const sandbox = openSandbox(community, { scheduler, bus });
    const running = run({
      transport: memoryTransport(bus),
      strategy: basic,
      aggregator: '__proto__',
      scheduler,
    });
    const outcomes: Outcome[] = [];
    let books: Ledger | undefined;
    running.outcome$.subscribe((outcome) => outcomes.push(outcome));
    ledger(running.market.event$, running.outcome$).subscribe((each) => (books = each));
    sandbox.start();
    scheduler.flush();
    expect(await running.done).to.deep.equal({ reason: 'finished' });
    expect(outcomes.filter(({ kind }) => kind === 'accepted').length).to.be.above(100);
    const named = books?.accounts.map(({ name }) => name);
    expect(named).to.include.members(INHERITED.filter((name) => name !== 'valueOf'));
    expect(books?.accounts.find(({ name }) => name === '__proto__')?.bought.energyKWh).to.be.a('number');
  });

  it('are no parameters unless a strategy has them, and then none that is given by inheritance', () => {
    const none = parametrised({}, () => () => NEVER);
    for (const name of INHERITED)
      expect(() =>
        readParameters(none.parameters, JSON.parse(`{"${name}": 1}`) as Record<string, unknown>),
      ).to.throw(`there is no parameter ${name}`);
    const parameters = { constructor: parameter.number({ byDefault: 5, about: 'odd' }) };
    expect(readParameters(parameters, {})).to.deep.equal({ constructor: 5 });
  });

  it('are no options of the runner', async () => {
    for (const name of ['__proto__', 'constructor'])
      for (const option of [
        ['--param', `${name}=1`],
        ['--log-level', name],
      ])
        expect(await gsyRx('run', 'basic', ...option)).to.have.property('code', 2);
  });
});
