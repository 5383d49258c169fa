import { SingleBar } from 'cli-progress';
import type { Observable } from 'rxjs';
import type { Terminal } from './terminal.ts';
import type { Progress } from './venue.ts';

/** Shows progress as a bar on a terminal; a file or a pipe gets none. */
export const showProgress = (progress$: Observable<Progress>, { err }: Terminal): { stop(): void } => {
  if (err.isTTY !== true) return { stop: () => undefined };
  const bar = new SingleBar({ format: '{bar} {value}/{total} {label}', stream: err, hideCursor: true });
  const showing = progress$.subscribe({
    next: ({ value, total, label }) => {
      if (!bar.isActive) bar.start(total, 0, { label });
      bar.update(value, { label });
    },
    // Whoever waits for the end is told.
    error: () => undefined,
  });
  return {
    stop: () => {
      showing.unsubscribe();
      bar.stop();
    },
  };
};
