import { ReplaySubject, type Observable } from 'rxjs';

/**
 * Asks now, once: whoever subscribes hears the answer, or the error, and nothing is asked again. An error that nobody
 * wants to hear harms nobody.
 */
export const once = <T>(answer$: Observable<T>): Observable<T> => {
  const answered = new ReplaySubject<T>();
  answer$.subscribe(answered);
  return answered.asObservable();
};
