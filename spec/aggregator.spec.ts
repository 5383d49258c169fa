import { expect } from 'chai';
import { Subject, throwError, of, toArray, VirtualTimeScheduler } from 'rxjs';
import { aggregatorUuidOf, takeControl, type AreaChoice, type AreaControl } from '../lib/aggregator.ts';
import type { LinkMessage } from '../lib/events.ts';
import { GsyError } from '../lib/errors.ts';
import type { AggregatorReply, Request } from '../lib/wire/messages.ts';

const OWN = aggregatorUuidOf('me');

type Select = Extract<Request, { kind: 'select' }>;

/** Takes control in virtual time of an exchange that answers as the spec says. */
const take = (
  areas: AreaChoice,
  names: Readonly<Record<string, string>>,
  answer: (request: Select) => Partial<AggregatorReply> | undefined = () => ({ status: 'selected' }),
) => {
  const scheduler = new VirtualTimeScheduler();
  const linkSubject = new Subject<LinkMessage>();
  const requests: Request[] = [];
  const say = (message: LinkMessage) => scheduler.schedule(() => linkSubject.next(message));
  const reply = (transactionId: string, fields: Partial<AggregatorReply>) =>
    say({ kind: 'aggregator-reply', transactionId, status: 'ready', ...fields });
  const send = (request: Request) => {
    requests.push(request);
    if (request.kind === 'create-aggregator') reply(request.aggregatorUuid, {});
    if (request.kind === 'area-map') say({ kind: 'area-map', nameByUuid: new Map(Object.entries(names)) });
    if (request.kind === 'select') {
      const fields = answer(request);
      if (fields !== undefined) reply(request.transactionId, fields);
    }
    return of({ receivers: 1 });
  };
  let controls: readonly AreaControl[] | undefined;
  let failed: unknown;
  takeControl({ link$: linkSubject, send, scheduler }, { name: 'me', areas })
    .pipe(toArray())
    .subscribe({ next: (all) => (controls = all), error: (error: unknown) => (failed = error) });
  scheduler.flush();
  return { controls, failed, requests, now: scheduler.now() };
};

describe('takeControl', () => {
  it('creates the aggregator under the uuid of its name, asks for the areas, selects them', () => {
    const { controls, requests } = take(['Load'], { a: 'Load', b: 'PV' });
    expect(requests.map(({ kind }) => kind)).to.deep.equal(['create-aggregator', 'area-map', 'select']);
    expect(requests[0]).to.deep.equal({ kind: 'create-aggregator', name: 'me', aggregatorUuid: OWN });
    expect(requests[2]).to.include({ aggregatorUuid: OWN, areaUuid: 'a' });
    expect(controls).to.deep.equal([{ status: 'held', uuid: 'a', name: 'Load' }]);
  });

  it('selects a thousand areas without waiting in between', () => {
    const names = Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`uuid-${i}`, `Load ${i}`]));
    const { controls, now } = take('all', names);
    expect(controls).to.have.length(1_000);
    expect(now).to.equal(0);
  });

  it('takes uuids as well as names', () => {
    const { controls } = take(['b'], { a: 'Load', b: 'Load' });
    expect(controls).to.deep.equal([{ status: 'held', uuid: 'b', name: 'Load' }]);
  });

  it('counts an area that it holds already as held, and names the holder of others', () => {
    const heldBy: Readonly<Record<string, string>> = { a: OWN, b: 'somebody' };
    const { controls } = take('all', { a: 'Load', b: 'PV' }, ({ areaUuid }) => ({
      status: 'error',
      heldBy: heldBy[areaUuid]!,
    }));
    expect(controls).to.deep.equal([
      { status: 'held', uuid: 'a', name: 'Load' },
      { status: 'refused', uuid: 'b', name: 'PV', reason: 'it is held by the aggregator somebody' },
    ]);
  });

  it('does not wait for ever for an area, and keeps the others', () => {
    const { controls, now } = take('all', { a: 'Load', b: 'PV' }, ({ areaUuid }) =>
      areaUuid === 'a' ? undefined : { status: 'selected' },
    );
    expect(controls?.map(({ name, status }) => `${name} ${status}`)).to.deep.equal([
      'PV held',
      'Load refused',
    ]);
    expect(now).to.equal(10_000);
  });

  it('lists the areas of an ambiguous name', () => {
    const { failed } = take(['Load'], { a: 'Load', b: 'Load' });
    expect(failed).to.be.instanceOf(GsyError).with.property('code', 'ERR_GSY_AMBIGUOUS_NAME');
    expect(failed).to.have.property('message').that.includes('a, b');
  });

  it('hands on that the connection cannot send', () => {
    let failed: unknown;
    const error = new GsyError('ERR_GSY_TRANSPORT', 'not connected');
    takeControl(
      { link$: new Subject(), send: () => throwError(() => error), scheduler: new VirtualTimeScheduler() },
      { name: 'me', areas: 'all' },
    ).subscribe({ error: (thrown: unknown) => (failed = thrown) });
    expect(failed).to.equal(error);
  });
});
