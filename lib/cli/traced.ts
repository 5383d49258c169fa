import { tap } from 'rxjs';
import type { Transport } from '../transport/transport.ts';
import { sampleOf } from '../wire/report.ts';
import type { Log } from './log.ts';

/** The transport, with every message that goes through it in the log, at level `trace`. */
export const traced = (transport: Transport, log: Log): Transport => ({
  ...transport,
  frame$: transport.frame$.pipe(
    tap(({ channel, data }) =>
      log(
        'trace',
        () => `heard on ${channel}, ${data.length} bytes: ${sampleOf(Buffer.from(data).toString())}`,
      ),
    ),
  ),
  send: (request) => {
    log('trace', () => `says ${request.kind}: ${sampleOf(request)}`);
    return transport.send(request);
  },
});
