import type { Redact } from './restAnswer.ts';

/** Knows what must never be told, and takes it out of what is. */
export interface SecretKeeper {
  keep(secret: string): void;
  readonly redacted: Redact;
}

/** Older tokens have ended long ago. */
const MOST_KEPT = 20;

/** Keeps these secrets for ever, and of those that come later the newest. */
export const secretKeeper = (always: readonly string[]): SecretKeeper => {
  const first = always.map(spellings);
  let later: readonly (readonly string[])[] = [];
  return {
    keep: (secret) => (later = [...later, spellings(secret)].slice(-MOST_KEPT)),
    redacted: (text) =>
      [...first, ...later].flat().reduce((told, spelling) => told.replaceAll(spelling, '…'), text),
  };
};

/** As it is, in JSON, in a URL: a server that tells what it was asked may write it in any of these. */
const spellings = (secret: string): readonly string[] => [
  secret,
  JSON.stringify(secret).slice(1, -1),
  // A text may hold half a character, which a URL cannot.
  encodeURIComponent(Buffer.from(secret).toString()),
];
