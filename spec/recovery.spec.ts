import { expect } from 'chai';
import { concatMap, filter, map, merge, NEVER, Subject } from 'rxjs';
import {
  aggregatorUuidOf,
  bidEnergy,
  bidEnergyRate,
  deleteOffer,
  isLoad,
  offerEnergy,
  type Command,
  type Strategy,
} from 'gsy-rx';
import basic from '../strategies/basic.ts';
import { AGGREGATOR_COMMANDS, batchChannel } from '../lib/wire/channels.ts';
import { chance } from './cutDay.ts';
import { auditor, community, heardOn, openWorld, SLOT_MS, TICK_MS, type Client } from './recoveryWorld.ts';

const namesOf = (client: Client) =>
  client.controls.map((areas) => areas.map(({ name, status }) => `${name} ${status}`));
const uuidOf = (client: Client, name: string): string =>
  client.controls.at(-1)!.find((area) => area.name === name)!.uuid;
const ALL_HELD = ['Grid held', 'House held', 'Load held', 'PV held'];
const causesOf = (client: Client) => client.reconciliations.map(({ cause }) => cause);
const typesIn = (texts: readonly string[]) =>
  texts.map((text) => (JSON.parse(text) as { type: string }).type);

/** Gives what a spec tells it to give. */
const byHand = () => {
  const commandSubject = new Subject<Command>();
  const strategy: Strategy = () => commandSubject;
  return {
    strategy,
    give: (...commands: readonly Command[]) => commands.forEach((each) => commandSubject.next(each)),
  };
};

/** In each slot one bid, and at half time another one that adds to it. */
const inTwoParts: Strategy = ({ marketSlot$, tick$ }) =>
  merge(
    marketSlot$.pipe(map((event) => ({ event, replaceExisting: true }))),
    tick$.pipe(
      filter(({ progress }) => progress === 0.5),
      map((event) => ({ event, replaceExisting: false })),
    ),
  ).pipe(
    concatMap(({ event, replaceExisting }) =>
      event.grid.assets.filter(isLoad).map(({ uuid }) => bidEnergyRate(uuid, 0.04, 1, { replaceExisting })),
    ),
  );

describe('a client that is killed', () => {
  it('asks nothing of the order book when it starts for the first time', () => {
    const w = openWorld();
    const batches = heardOn(w.bus, batchChannel());
    w.startExchange();
    const client = w.startClient(() => NEVER);
    w.pass(2 * SLOT_MS);
    expect(namesOf(client)).to.deep.equal([ALL_HELD]);
    expect(batches).to.be.empty;
    expect(client.reconciliations).to.be.empty;
  });

  it('finds its open orders when it comes back, and asks for them in one batch', () => {
    const w = openWorld();
    const batches = heardOn(w.bus, batchChannel());
    w.startExchange();
    const killed = w.startClient(inTwoParts);
    w.pass(1.35 * SLOT_MS);
    killed.kill();
    const before = batches.length;
    const client = w.startClient(() => NEVER);
    w.pass(3 * TICK_MS);
    expect(batches).to.have.length(before + 1);
    const [reconciliation] = client.reconciliations;
    expect(reconciliation).to.deep.include({
      cause: 'restart',
      slot: '2026-06-21T00:15',
      gone: [],
      kept: 0,
      untold: [],
    });
    expect(reconciliation?.found.map(({ side, energyKWh }) => [side, energyKWh])).to.deep.equal([
      ['bid', 0.04],
    ]);
    w.pass(2 * SLOT_MS);
    expect(client.reconciliations).to.have.length(1);
  });

  it('puts its first order in the place of what stands from before, even one that adds', () => {
    const w = openWorld();
    const hand = byHand();
    w.startExchange();
    const killed = w.startClient(inTwoParts);
    w.pass(1.35 * SLOT_MS);
    killed.kill();
    const client = w.startClient(hand.strategy);
    w.pass(TICK_MS);
    const load = client.controls[0]!.find(({ name }) => name === 'Load')!.uuid;
    hand.give(
      bidEnergy(load, 0.01, 0.01, { replaceExisting: false }),
      bidEnergy(load, 0.02, 0.02, { replaceExisting: false }),
    );
    const audit = auditor(w.bus);
    w.pass(TICK_MS);
    audit.ask(load);
    w.pass(TICK_MS);
    expect(client.outcomes.map(({ kind }) => kind)).to.deep.equal(['accepted', 'accepted']);
    expect(audit.open(load)).to.deep.equal([0.01, 0.02]);
  });

  /** Restarts a client in the middle of a slot, after a sale, and tells what becomes of its first offers. */
  const offerAfterSale = (offeredKWh: number, soldKWh: number, laterKWh: number) => {
    const w = openWorld();
    w.startExchange();
    const first = byHand();
    const killed = w.startClient(first.strategy);
    w.pass(1.15 * SLOT_MS);
    const [load, pv] = ['Load', 'PV'].map((name) => uuidOf(killed, name)) as [string, string];
    first.give(bidEnergy(load, soldKWh, 25 * soldKWh), offerEnergy(pv, offeredKWh, 15 * offeredKWh));
    w.pass(3 * TICK_MS);
    killed.kill();
    const second = byHand();
    const client = w.startClient(second.strategy);
    w.pass(2 * TICK_MS);
    second.give(offerEnergy(pv, laterKWh, 0.5));
    w.pass(TICK_MS);
    return client;
  };

  it('offers on for an asset that was sold out in this slot before', () => {
    const { reconciliations, outcomes } = offerAfterSale(0.02, 0.02, 0.01);
    expect(reconciliations[0]?.found).to.be.empty;
    expect(outcomes.map(({ kind }) => kind)).to.deep.equal(['accepted']);
  });

  it('offers all that is left of what was sold in part before', () => {
    const { reconciliations, outcomes } = offerAfterSale(0.04, 0.01, 0.04);
    expect(reconciliations[0]?.found.map(({ energyKWh }) => energyKWh.toFixed(2))).to.deep.equal(['0.03']);
    expect(outcomes.map(({ kind }) => kind)).to.deep.equal(['accepted']);
  });

  it('is in control of all within a slot, reconciled, and has doubled nothing, at 50 points of a day', function () {
    this.timeout(60_000);
    const w = openWorld();
    const sandbox = w.startExchange();
    const random = chance(7);
    const slots = Array.from({ length: 95 }, (_, slot) => slot)
      .map((slot) => ({ slot, lot: random() }))
      .sort((one, other) => one.lot - other.lot)
      .slice(0, 50)
      .map(({ slot }) => slot)
      .sort((one, other) => one - other);
    let client = w.startClient(basic);
    w.pass(1);
    const assets = client.controls[0]!.map(({ uuid }) => uuid);
    const audit = auditor(w.bus);
    const passAudited = (untilMs: number) => {
      while (w.scheduler.now() < untilMs) {
        audit.ask(...assets);
        w.pass(Math.min(TICK_MS, untilMs - w.scheduler.now()));
      }
    };
    for (const slot of slots) {
      passAudited(slot * SLOT_MS + random() * SLOT_MS);
      client.kill();
      passAudited(w.scheduler.now() + random() * TICK_MS);
      const sinceMs = w.scheduler.now();
      client = w.startClient(basic);
      passAudited(sinceMs + TICK_MS);
      expect(client.heldAtMs).to.be.within(sinceMs, sinceMs + SLOT_MS);
      expect(client.failures.filter(({ kind }) => kind !== 'unexpected-reply')).to.be.empty;
      passAudited(Math.max(w.scheduler.now(), sinceMs + 2 * TICK_MS));
      expect(causesOf(client), `slot ${slot}`).to.deep.equal(['restart']);
    }
    // Of each asset one order may stand, in whole or the rest of it.
    expect(audit.most()).to.equal(1);
    expect(sandbox.results().dangers).to.equal(0);
  });
});

/** A client that does as it is told, in the second slot: the tariffs are known, and nothing stands yet. */
const inSecondSlot = (how?: Parameters<ReturnType<typeof openWorld>['startExchange']>[0]) => {
  const w = openWorld();
  const { strategy, give } = byHand();
  const commands = heardOn(w.bus, AGGREGATOR_COMMANDS);
  const sandbox = w.startExchange(how);
  const client = w.startClient(strategy);
  w.pass(1.15 * SLOT_MS);
  const [load, pv] = ['Load', 'PV'].map((name) => uuidOf(client, name)) as [string, string];
  return { w, give, commands, sandbox, client, load, pv };
};

describe('a client whose connection had a gap', () => {
  it('tells which orders are gone, and which stand as it knew them', () => {
    const { w, give, client, load, pv } = inSecondSlot();
    give(bidEnergy(load, 0.1, 3.2), offerEnergy(pv, 0.05, 1.4));
    w.pass(TICK_MS);
    client.cut();
    w.pass(0.2 * SLOT_MS);
    client.restore();
    w.pass(2 * TICK_MS);
    const [reconciliation, ...others] = client.reconciliations;
    expect(others).to.be.empty;
    expect(reconciliation).to.deep.include({ cause: 'gap', slot: '2026-06-21T00:15', found: [], untold: [] });
    // The bid is above what the grid asks.
    expect(reconciliation?.gone.map(({ areaUuid, side }) => [areaUuid, side])).to.deep.equal([[load, 'bid']]);
    expect(reconciliation?.kept).to.equal(1);
    expect(client.statuses).to.deep.equal(['open', 'gap', 'open']);
  });

  it('takes orders that ended with their slot as gone', () => {
    const { w, give, client, load } = inSecondSlot();
    give(bidEnergy(load, 0.1, 0.1));
    w.pass(2 * TICK_MS);
    client.cut();
    w.pass(SLOT_MS);
    client.restore();
    w.pass(2 * TICK_MS);
    expect(client.reconciliations).to.have.length(1);
    expect(client.reconciliations[0]).to.deep.include({ slot: '2026-06-21T00:30', found: [], kept: 0 });
    expect(client.reconciliations[0]?.gone.map(({ slot }) => slot)).to.deep.equal(['2026-06-21T00:15']);
  });

  it('tells that a bid whose reply was lost stands in the market', () => {
    const { w, give, client, load } = inSecondSlot();
    const bid = bidEnergy(load, 0.1, 0.1);
    give(bid);
    w.pass(1);
    client.cut();
    w.pass(2 * TICK_MS);
    client.restore();
    w.pass(2 * TICK_MS);
    const [reconciliation] = client.reconciliations;
    expect(reconciliation?.found).to.have.length(1);
    expect(reconciliation?.found[0]).to.have.property('command', bid);
    w.pass(SLOT_MS);
    expect(client.outcomes.map(({ kind }) => kind)).to.deep.equal(['unanswered']);
  });

  it('follows an order that was traded in part unheard', () => {
    const { w, give, client, load, pv } = inSecondSlot();
    give(bidEnergy(load, 0.1, 2.5));
    w.pass(1);
    give(offerEnergy(pv, 0.03, 0.6));
    w.pass(3 * TICK_MS);
    expect(client.outcomes.map(({ kind }) => kind)).to.deep.equal(['accepted', 'accepted']);
    client.cut();
    w.pass(1);
    client.restore();
    w.pass(2 * TICK_MS);
    expect(client.reconciliations[0]).to.deep.include({ found: [], gone: [], kept: 1 });
  });

  it('deletes no offer by its id until it is sure again of the slot and of the offer', () => {
    const { w, give, sandbox, client, pv } = inSecondSlot({ strict: true });
    sandbox.progress$.subscribe({ error: () => expect.fail('the exchange died') });
    give(offerEnergy(pv, 0.05, 1.4));
    w.pass(2 * TICK_MS);
    const [offered] = client.outcomes;
    const id = offered?.kind === 'accepted' && 'order' in offered.granted ? offered.granted.order.id : '';
    client.cut();
    w.pass(SLOT_MS);
    client.restore();
    give(deleteOffer(pv, id));
    w.pass(2 * TICK_MS);
    expect(client.outcomes.at(-1))
      .to.include({ kind: 'refused' })
      .and.to.have.property('reason')
      .that.includes('all');
  });

  it('deletes by its id an offer that it was told of by a listing', () => {
    const { w, give, client, pv } = inSecondSlot();
    give(offerEnergy(pv, 0.05, 1.4));
    w.pass(TICK_MS);
    client.cut();
    w.pass(TICK_MS);
    client.restore();
    w.pass(3 * TICK_MS);
    const [offered] = client.outcomes;
    const id = offered?.kind === 'accepted' && 'order' in offered.granted ? offered.granted.order.id : '';
    give(deleteOffer(pv, id));
    w.pass(2 * TICK_MS);
    expect(client.outcomes.at(-1)).to.deep.include({ kind: 'accepted' });
  });

  it('keeps its areas and adds to its own orders as before', () => {
    const { w, give, commands, client, load } = inSecondSlot();
    const audit = auditor(w.bus);
    give(bidEnergy(load, 0.01, 0.01));
    w.pass(2 * TICK_MS);
    client.cut();
    w.pass(TICK_MS);
    client.restore();
    w.pass(2 * TICK_MS);
    give(bidEnergy(load, 0.02, 0.02, { replaceExisting: false }));
    w.pass(TICK_MS);
    audit.ask(load);
    w.pass(TICK_MS);
    expect(audit.open(load)).to.deep.equal([0.01, 0.02]);
    expect(typesIn(commands)).to.deep.equal(['CREATE', 'SELECT', 'SELECT', 'SELECT', 'SELECT', 'CREATE']);
  });
});

describe('a client whose exchange is started anew', () => {
  it('takes its areas again by itself, and says that the exchange has returned', () => {
    const w = openWorld();
    const first = w.startExchange({ realTimePerSlotMs: SLOT_MS });
    const client = w.startClient(basic);
    w.pass(2.5 * SLOT_MS);
    first.stop();
    w.pass(60_000);
    w.startExchange({ realTimePerSlotMs: SLOT_MS });
    const since = client.outcomes.length;
    w.pass(2.5 * SLOT_MS);
    expect(client.statuses).to.deep.equal(['open', 'alive', 'lost', 'alive', 'returned', 'alive']);
    expect(namesOf(client)).to.deep.equal([ALL_HELD, ALL_HELD]);
    expect(causesOf(client)).to.deep.equal(['returned']);
    expect(client.outcomes.slice(since).filter(({ kind }) => kind === 'accepted')).not.to.be.empty;
    expect(client.end).to.equal(undefined);
  });

  it('notices it too when the exchange was away for a moment only', () => {
    const w = openWorld();
    w.startExchange({ realTimePerSlotMs: SLOT_MS }).stop();
    const client = w.startClient(() => NEVER);
    const first = w.startExchange({ realTimePerSlotMs: SLOT_MS });
    w.pass(SLOT_MS);
    first.stop();
    w.startExchange({ realTimePerSlotMs: SLOT_MS });
    w.pass(20_000);
    expect(client.statuses).to.include('returned').and.not.to.include('lost');
    expect(namesOf(client)).to.deep.equal([ALL_HELD, ALL_HELD]);
  });

  it('waits for as long as the exchange is away', () => {
    const w = openWorld();
    const first = w.startExchange({ realTimePerSlotMs: SLOT_MS });
    const client = w.startClient(basic);
    w.pass(SLOT_MS);
    client.cut();
    first.stop();
    w.pass(1_000);
    client.restore();
    w.pass(120 * 60_000);
    expect(client.end).to.equal(undefined);
    w.startExchange({ realTimePerSlotMs: SLOT_MS });
    w.pass(60_000);
    expect(namesOf(client)).to.deep.equal([ALL_HELD, ALL_HELD]);
  });

  it('ends with the names there are when the new one has not got an area', async () => {
    const w = openWorld();
    const first = w.startExchange({ realTimePerSlotMs: SLOT_MS });
    const client = w.startClient(basic, { areas: ['Load', 'PV'] });
    w.pass(SLOT_MS);
    first.stop();
    const house = { name: 'House', assets: [{ type: 'load' as const, name: 'Load', powerW: [400] }] };
    w.startExchange({ realTimePerSlotMs: SLOT_MS }, { ...community, grid: { name: 'Grid', areas: [house] } });
    w.pass(SLOT_MS);
    await Promise.resolve();
    expect(client.end).to.have.nested.property('error.code', 'ERR_GSY_UNKNOWN_AREA');
  });

  it('takes nothing again while it lets its areas go', () => {
    const w = openWorld();
    const commands = heardOn(w.bus, AGGREGATOR_COMMANDS);
    w.startExchange();
    const client = w.startClient(basic);
    w.pass(1.5 * SLOT_MS);
    void client.running.stop({ release: true });
    w.pass(4 * SLOT_MS);
    expect(typesIn(commands).filter((type) => type === 'SELECT')).to.have.length(ALL_HELD.length);
  });
});

describe('a client whose assets are held by another aggregator', () => {
  it('names the holder, asks again in each slot, and takes an asset when it is free', () => {
    const w = openWorld();
    const commands = heardOn(w.bus, AGGREGATOR_COMMANDS);
    w.startExchange();
    const rival = w.startClient(() => NEVER, { aggregator: 'rival', areas: ['PV'] });
    w.pass(0.5 * SLOT_MS);
    const client = w.startClient(basic);
    w.pass(3 * SLOT_MS);
    expect(namesOf(client)).to.deep.equal([['Grid held', 'House held', 'Load held', 'PV refused']]);
    expect(client.controls[0]?.find(({ name }) => name === 'PV')).to.have.property(
      'heldBy',
      aggregatorUuidOf('rival'),
    );
    // Two by the rival, five by the client, and two in each slot.
    expect(commands).to.have.length(2 + 5 + 3 * 2);
    void rival.running.stop({ release: true });
    w.pass(4 * SLOT_MS);
    expect(namesOf(client).at(-1)).to.deep.equal(ALL_HELD);
    expect(client.controls).to.have.length(2);
  });

  it('takes an asset again that left its aggregator unnoticed', () => {
    const w = openWorld();
    w.startExchange();
    const client = w.startClient(basic);
    w.pass(1.5 * SLOT_MS);
    const say = (verb: string) =>
      w.bus.publish(`PV/${verb}_participant`, JSON.stringify({ name: 'PV', transaction_id: verb }));
    say('register');
    w.pass(SLOT_MS);
    say('unregister');
    w.pass(SLOT_MS);
    const since = client.outcomes.length;
    w.pass(2 * SLOT_MS);
    const pv = uuidOf(client, 'PV');
    const offers = client.outcomes.slice(since).filter(({ command }) => command.areaUuid === pv);
    expect(offers.filter(({ kind }) => kind === 'accepted')).not.to.be.empty;
  });

  it('takes what was stolen from it only where nobody else has it, and says who has', () => {
    const w = openWorld();
    w.startExchange();
    const client = w.startClient(basic);
    w.pass(1.5 * SLOT_MS);
    const theft = {
      type: 'SELECT',
      aggregator_uuid: 'thief',
      device_uuid: uuidOf(client, 'PV'),
      transaction_id: 't',
    };
    w.bus.publish(AGGREGATOR_COMMANDS, JSON.stringify(theft));
    w.pass(SLOT_MS);
    expect(client.controls.at(-1)?.find(({ name }) => name === 'PV')).to.deep.include({
      status: 'refused',
      heldBy: 'thief',
    });
  });
});
