import { tap } from 'rxjs';
import type { Transport } from '../transport/transport.ts';
import { sampleOf } from '../wire/report.ts';
import type { Log } from './log.ts';

/** The transport, with every message that goes through it in the log, at level `trace`. */
export const traced = (transport: Transport, log: Log): Transport => ({
  ...transport,
  frame$: transport.frame$.pipe(
    tap(({ channel, data }) =>
      log('trace', () => ({
        line: `heard on ${channel}, ${data.length} bytes: ${sampleOf(Buffer.from(data).toString())}`,
        about: { channel },
      })),
    ),
  ),
  send: (request) => {
    log('trace', () => ({
      line: `says ${request.kind}: ${sampleOf(request)}`,
      about: { transactionId: 'transactionId' in request ? request.transactionId : undefined },
    }));
    return transport.send(request);
  },
});
