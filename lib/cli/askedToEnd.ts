import { ReplaySubject, type Observable } from 'rxjs';
import { EXIT, type Signal, type Terminal } from './terminal.ts';

/** Why a command is to end before its time: it was told to, or an error was thrown where nothing handles it. */
export type EarlyEnd = Signal | 'accident';

/**
 * The one reason for which a command is to end before its time, also when it comes before anybody subscribes. A second
 * signal ends the process at once.
 */
export const askedToEnd = ({ onInterrupt, onUnhandled, exit }: Terminal): Observable<EarlyEnd> => {
  const asked = new ReplaySubject<EarlyEnd>(1);
  let signalled = false;
  onInterrupt((signal) => {
    if (signalled) exit(EXIT[signal]);
    signalled = true;
    asked.next(signal);
  });
  onUnhandled(() => asked.next('accident'));
  return asked;
};
