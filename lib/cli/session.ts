import { firstValueFrom, type Observable } from 'rxjs';
import { hostedSession, type HostedSession } from '../transport/hostedSession.ts';
import { versionWarning } from '../transport/restVersion.ts';
import { hostedAccess, type HostedAccess, type HostedFlags } from './hosted.ts';
import type { Log } from './log.ts';
import type { Terminal } from './terminal.ts';

/** Warns when a server is newer than this library. */
export const warnOfVersion = (apiVersion$: Observable<string>, log: Log): void => {
  apiVersion$.subscribe((version) => {
    const warning = versionWarning(version);
    if (warning !== undefined) log('warn', warning);
  });
};

/** Asks a hosted exchange something without trading: logs in, asks, and closes the session, whatever comes. */
export const askHosted = async <T>(
  flags: HostedFlags,
  terminal: Terminal,
  log: Log,
  question: (session: HostedSession, access: HostedAccess) => Observable<T>,
): Promise<T> => {
  const access = await hostedAccess(flags, terminal, log);
  const session = hostedSession(access);
  warnOfVersion(session.apiVersion$, log);
  try {
    return await firstValueFrom(question(session, access));
  } finally {
    session.close();
  }
};
