import { connectable, ReplaySubject, type Observable } from 'rxjs';

/**
 * Asks now, once: whoever subscribes hears the answer, or the error, and nothing is asked again. An error that nobody
 * wants to hear harms nobody.
 */
export const once = <T>(answer$: Observable<T>): Observable<T> => {
  const answered = connectable(answer$, {
    connector: () => new ReplaySubject<T>(),
    resetOnDisconnect: false,
  });
  answered.connect();
  return answered;
};
