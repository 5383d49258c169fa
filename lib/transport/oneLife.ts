import {
  distinctUntilChanged,
  filter,
  pipe,
  share,
  Subject,
  takeUntil,
  takeWhile,
  tap,
  type MonoTypeOperatorFunction,
  type Observable,
} from 'rxjs';
import type { GsyError } from '../errors.ts';
import type { Frame } from '../wire/messages.ts';
import type { TransportStatus } from './transport.ts';

/** Whether it is over for good. */
export const isClosed = ({ state }: TransportStatus): boolean => state === 'closed';

const isSame = (one: TransportStatus, other: TransportStatus): boolean =>
  one.state === other.state && (!('reason' in one) || !('reason' in other) || one.reason === other.reason);

/**
 * The frames of a connection that lives once: shared, over when its status is closed, and closed when they fail or the
 * last listener leaves.
 *
 * @param end closes the connection, with a reason where there is one
 */
export const oneLife = (
  status$: Observable<TransportStatus>,
  end: (reason?: string) => unknown,
): MonoTypeOperatorFunction<Frame> =>
  pipe(
    takeUntil(status$.pipe(filter(isClosed))),
    tap({ error: (error: GsyError) => void end(error.message), finalize: () => void end() }),
    share({
      connector: () => new Subject(),
      resetOnComplete: false,
      resetOnError: false,
      resetOnRefCountZero: true,
    }),
  );

/** Each status that says something new, up to and with the closing one. */
export const untilClosed: MonoTypeOperatorFunction<TransportStatus> = pipe(
  takeWhile((status) => !isClosed(status), true),
  distinctUntilChanged(isSame),
);
