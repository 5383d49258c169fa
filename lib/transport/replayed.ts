import { from, type Observable } from 'rxjs';

/** An answer for whoever asks, as often as they ask; that nobody asks is no unhandled rejection. */
export const replayed = <T>(answer: Promise<T>): Observable<T> => {
  answer.catch(() => undefined);
  return from(answer);
};
