import { expect } from 'chai';
import { Subject } from 'rxjs';
import type { LinkMessage } from '../lib/events.ts';
import type { TransportStatus } from '../lib/transport/transport.ts';
import { unselectable, type Unselectable } from '../lib/unselect.ts';

const watch = () => {
  const linkSubject = new Subject<LinkMessage>();
  const statusSubject = new Subject<TransportStatus>();
  let newest: Unselectable = new Map();
  unselectable(linkSubject, statusSubject).subscribe((known) => (newest = known));
  statusSubject.next({ state: 'open' });
  const safe = () => [...newest].filter(([, uuid]) => uuid !== undefined).map(([name]) => name);
  const hear = (...messages: readonly LinkMessage[]) =>
    messages.forEach((message) => linkSubject.next(message));
  return { hear, safe, status: (status: TransportStatus) => statusSubject.next(status) };
};

const area = { channelName: 'PV', areaUuid: 'p' } as const;
const info = { kind: 'pv', availableEnergyKWh: 0, energyInOffersKWh: 0, energyTradedKWh: 0 } as never;
const slot: LinkMessage = {
  ...{ kind: 'area-event', event: 'market-slot', slot: '2026-06-21T00:15', info },
  ...area,
};
const tick: LinkMessage = {
  ...{ kind: 'area-event', event: 'tick', slot: '2026-06-21T00:15', progress: 0.1, info },
  ...area,
};
const registration = (status: 'registered' | 'unregistered' | 'error'): LinkMessage => ({
  kind: 'registration-reply',
  channelName: 'PV',
  status,
});

describe('unselectable', () => {
  it('knows nothing before there is proof: registered is not yet connected', () => {
    const { hear, safe } = watch();
    hear(registration('registered'), tick);
    expect(safe()).to.be.empty;
  });

  it('takes a market slot for proof that an asset is connected', () => {
    const { hear, safe } = watch();
    hear(registration('registered'), slot);
    expect(safe()).to.deep.equal(['PV']);
  });

  for (const status of ['unregistered', 'error'] as const)
    it(`forgets an asset when anybody is told "${status}", until it is registered and connected again`, () => {
      const { hear, safe } = watch();
      hear(slot, registration(status), tick, slot);
      expect(safe()).to.be.empty;
      hear(registration('registered'));
      expect(safe()).to.be.empty;
      hear(slot);
      expect(safe()).to.deep.equal(['PV']);
    });

  it('forgets everything when the connection may have missed something', () => {
    const { hear, safe, status } = watch();
    hear(slot);
    status({ state: 'gap', sinceMs: 0, reason: 'lost' });
    status({ state: 'open' });
    expect(safe()).to.be.empty;
  });

  it('forgets an asset when the simulation has ended', () => {
    const { hear, safe } = watch();
    hear(slot, { kind: 'area-event', event: 'finished', ...area });
    expect(safe()).to.be.empty;
  });

  it('takes the answer to a market’s question for proof that it is a market', () => {
    const { hear, safe } = watch();
    const reply = { kind: 'area-reply', channelName: 'house', areaUuid: 'h', command: 'grid_fees' } as const;
    hear({ ...reply, reply: { status: 'error', reason: 'not registered' } });
    expect(safe()).to.be.empty;
    hear({ ...reply, reply: { status: 'ready', granted: { command: 'grid-fees', feeConstant: 1 } } });
    expect(safe()).to.deep.equal(['house']);
  });

  it('takes no other answer for it', () => {
    const { hear, safe } = watch();
    const granted = { command: 'asset-info', info } as const;
    hear({ kind: 'area-reply', ...area, command: 'device_info', reply: { status: 'ready', granted } });
    expect(safe()).to.be.empty;
  });
});
