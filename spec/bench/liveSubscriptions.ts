import { Observable, type Subscription } from 'rxjs';

/** Counts the subscriptions, to whatever stream, that are alive; `end` stops counting. */
export const liveSubscriptions = (): { readonly count: () => number; readonly end: () => void } => {
  let live = 0;
  // All operators subscribe through it.
  const prototype = Observable.prototype as { subscribe: Subscribe };
  const { subscribe } = prototype;
  prototype.subscribe = function (...observer) {
    const subscription = subscribe.call(this, ...observer);
    if (!subscription.closed) {
      live += 1;
      subscription.add(() => (live -= 1));
    }
    return subscription;
  };
  return { count: () => live, end: () => (prototype.subscribe = subscribe) };
};

type Subscribe = (this: unknown, ...observer: readonly unknown[]) => Subscription;
