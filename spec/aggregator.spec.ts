import { expect } from 'chai';
import {
  concat,
  ignoreElements,
  of,
  Subject,
  throwError,
  toArray,
  VirtualTimeScheduler,
  type Observable,
} from 'rxjs';
import {
  aggregatorUuidOf,
  createAggregator,
  selectAreas,
  type AreaChoice,
  type AreaControl,
} from '../lib/aggregator.ts';
import type { LinkMessage } from '../lib/events.ts';
import { GsyError } from '../lib/errors.ts';
import { answersIn, type Link } from '../lib/link.ts';
import type { Delivery } from '../lib/transport/transport.ts';
import type { AggregatorReply, Request } from '../lib/wire/messages.ts';

const OWN = aggregatorUuidOf('me');

type Select = Extract<Request, { areaUuid: string }>;

const takeControl = (link: Link, areas: AreaChoice) =>
  concat(
    createAggregator(link, { name: 'me', uuid: OWN }).pipe(ignoreElements()),
    selectAreas(link, OWN, areas),
  );

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
  const listeners = (channels: readonly string[]) =>
    of(channels.map((channel) => (/^closed/i.test(channel) ? 0 : 1)));
  takeControl({ link$: linkSubject, answers: answersIn(linkSubject), send, listeners, scheduler }, areas)
    .pipe(toArray())
    .subscribe({ next: (all) => (controls = all), error: (error: unknown) => (failed = error) });
  scheduler.flush();
  return { controls, failed, requests, now: scheduler.now() };
};

describe('taking control', () => {
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
      {
        status: 'refused',
        uuid: 'b',
        name: 'PV',
        reason:
          'it is held by the aggregator somebody; stop that client with a release, or run under its name',
        heldBy: 'somebody',
      },
    ]);
  });

  it('does not take an area for its own because another client has selected it', () => {
    const { controls } = take(['Load'], { a: 'Load' }, () => ({
      status: 'selected',
      transactionId: 'of another client',
    }));
    expect(controls).to.deep.equal([
      { status: 'refused', uuid: 'a', name: 'Load', reason: 'no reply within 60 s', unanswered: true },
    ]);
  });

  it('tells which of the areas named are not open to external control', () => {
    const { controls } = take(['Load', 'Closed load'], { a: 'Load', b: 'Closed load' });
    expect(controls?.map(({ name, status }) => `${name} ${status}`)).to.have.members([
      'Load held',
      'Closed load refused',
    ]);
    expect(controls?.find(({ status }) => status === 'refused'))
      .to.have.property('reason')
      .that.includes('not open');
  });

  it('leaves out what is not open when all areas are wanted', () => {
    const { controls } = take('all', { a: 'Load', b: 'Closed load' });
    expect(controls).to.deep.equal([{ status: 'held', uuid: 'a', name: 'Load' }]);
  });

  it('does not wait for ever for an area, and keeps the others', () => {
    const { controls, now } = take('all', { a: 'Load', b: 'PV' }, ({ areaUuid }) =>
      areaUuid === 'a' ? undefined : { status: 'selected' },
    );
    expect(controls?.map(({ name, status }) => `${name} ${status}`)).to.deep.equal([
      'PV held',
      'Load refused',
    ]);
    expect(now).to.equal(60_000);
  });

  it('lists the areas of an ambiguous name', () => {
    const { failed } = take(['Load'], { a: 'Load', b: 'Load' });
    expect(failed).to.be.instanceOf(GsyError).with.property('code', 'ERR_GSY_AMBIGUOUS_NAME');
    expect(failed).to.have.property('message').that.includes('a, b');
  });

  const whileSending = (send: (attempt: number) => Observable<Delivery>) => {
    const scheduler = new VirtualTimeScheduler();
    const linkSubject = new Subject<LinkMessage>();
    let attempts = 0;
    let failed: unknown;
    takeControl(
      {
        link$: linkSubject,
        answers: answersIn(linkSubject),
        send: (request) => {
          attempts += 1;
          if (request.kind === 'create-aggregator')
            scheduler.schedule(() =>
              linkSubject.next({ kind: 'aggregator-reply', transactionId: OWN, status: 'error' }),
            );
          return send(attempts);
        },
        listeners: () => of(undefined),
        scheduler,
      },
      'all',
    ).subscribe({ error: (thrown: unknown) => (failed = thrown) });
    scheduler.flush();
    return { failed, attempts, now: scheduler.now() };
  };
  const down = new GsyError('ERR_GSY_TRANSPORT', 'not connected');

  it('asks again after a gap in the connection', () => {
    const { attempts } = whileSending((attempt) =>
      attempt < 3 ? throwError(() => down) : of({ receivers: 1 }),
    );
    expect(attempts).to.be.above(3);
  });

  it('tells that the connection cannot send, when it never can', () => {
    const { failed, now } = whileSending(() => throwError(() => down));
    expect(failed).to.equal(down);
    expect(now).to.be.at.most(40_000);
  });
});
