import type { Measure } from './figures.ts';

/** All benchmarks by name; each is loaded in a process of its own, where no other has warmed the compiler. */
export const BENCHES: Readonly<Record<string, () => Promise<{ readonly measure: Measure }>>> = {
  decode: () => import('./decode.ts'),
  'end-to-end': () => import('./endToEnd.ts'),
  sustained: () => import('./sustained.ts'),
  streams: () => import('./streams.ts'),
  sink: () => import('./sink.ts'),
  control: () => import('./control.ts'),
  idle: () => import('./idle.ts'),
  rest: () => import('./rest.ts'),
  websocket: () => import('./webSocket.ts'),
  sandbox: () => import('./sandbox.ts'),
  recovery: () => import('./recovery.ts'),
};
