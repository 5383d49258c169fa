import { expect } from 'chai';
import { firstValueFrom, of, Subject, VirtualTimeScheduler, type Observable } from 'rxjs';
import { register, unregister } from '../lib/asset.ts';
import type { LinkMessage } from '../lib/events.ts';
import { GsyError } from '../lib/errors.ts';
import { answersIn, type Link } from '../lib/link.ts';
import type { RegistrationReply, Request } from '../lib/wire/messages.ts';

type Registration = Extract<Request, { channelName: string }>;

/** A link whose exchange answers registrations as the spec says. */
const linkTo = (answer: (request: Registration) => Partial<RegistrationReply> | undefined, receivers = 1) => {
  const scheduler = new VirtualTimeScheduler();
  const linkSubject = new Subject<LinkMessage>();
  const link: Link = {
    link$: linkSubject,
    answers: answersIn(linkSubject),
    send: (request) => {
      const { channelName, transactionId } = request as Registration;
      const fields = answer(request as Registration);
      if (fields !== undefined)
        scheduler.schedule(() =>
          linkSubject.next({
            kind: 'registration-reply',
            channelName,
            status: 'error',
            transactionId,
            ...fields,
          }),
        );
      return of({ receivers });
    },
    listeners: () => of(undefined),
    scheduler,
  };
  const result = async <T>(asked: Observable<T>): Promise<T> => {
    const promise = firstValueFrom(asked);
    promise.catch(() => undefined);
    scheduler.flush();
    return promise;
  };
  return { link, linkSubject, scheduler, result };
};

const codeOf = async (promise: Promise<unknown>) =>
  promise.then(
    () => 'no error',
    (error: unknown) => (error instanceof GsyError ? error.code : String(error)),
  );

describe('register', () => {
  it('gives the uuid of the area', async () => {
    const { link, result } = linkTo(() => ({ status: 'registered', areaUuid: 'u' }));
    expect(await result(register(link, 'Load'))).to.deep.equal({ status: 'registered', areaUuid: 'u' });
  });

  it('takes silence for a registration that is there already, within a bound', async () => {
    const { link, result, scheduler } = linkTo(() => undefined);
    expect(await result(register(link, 'Load'))).to.deep.equal({ status: 'silent' });
    expect(scheduler.now()).to.equal(10_000);
  });

  it('says at once that nobody answers to the name', async () => {
    const { link, result, scheduler } = linkTo(() => undefined, 0);
    expect(await codeOf(result(register(link, 'Nobody')))).to.equal('ERR_GSY_UNKNOWN_AREA');
    expect(scheduler.now()).to.equal(0);
  });

  it('does not take replies to other clients, or for other areas, for its own', async () => {
    const { link, linkSubject, scheduler, result } = linkTo(() => undefined);
    const foreign = { kind: 'registration-reply', status: 'registered', areaUuid: 'x' } as const;
    scheduler.schedule(() => {
      linkSubject.next({ ...foreign, channelName: 'Load', transactionId: 'of another client' });
      linkSubject.next({ ...foreign, channelName: 'PV' });
    });
    expect(await result(register(link, 'Load'))).to.deep.equal({ status: 'silent' });
  });
});

describe('unregister', () => {
  it('says when the exchange confirms it', async () => {
    const { link, result } = linkTo(() => ({ status: 'unregistered' }));
    expect(await result(unregister(link, 'Load'))).to.equal('unregistered');
  });

  it('takes the error without transaction for an area that was not registered', async () => {
    const scheduler = new VirtualTimeScheduler();
    const linkSubject = new Subject<LinkMessage>();
    const link: Link = {
      link$: linkSubject,
      answers: answersIn(linkSubject),
      send: () => {
        scheduler.schedule(() =>
          linkSubject.next({
            kind: 'registration-reply',
            channelName: 'Load',
            status: 'error',
            reason: 'not registered',
          }),
        );
        return of({ receivers: 1 });
      },
      listeners: () => of(undefined),
      scheduler,
    };
    const done = firstValueFrom(unregister(link, 'Load'));
    scheduler.flush();
    expect(await done).to.equal('not-registered');
  });

  it('fails on silence, within a bound', async () => {
    const { link, result } = linkTo(() => undefined);
    expect(await codeOf(result(unregister(link, 'Load')))).to.equal('ERR_GSY_NO_EXCHANGE');
  });
});
