import { isAscii } from 'node:buffer';
import { bytesOf } from './bytes.ts';

/** The bytes of a text each character of which is one byte. To look at them takes less time than to look at the text. */
export interface Letters {
  readonly bytes: Buffer;
  readonly view: DataView;
}

/** These bytes as letters; all have to be ASCII. */
export const lettersIn = (bytes: Buffer): Letters => ({
  bytes,
  view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length),
});

/** The letters of a frame; undefined where some characters are more than a byte. */
export const lettersOf = (data: string | Uint8Array): Letters | undefined => {
  const bytes = typeof data === 'string' ? Buffer.from(data) : bytesOf(data);
  return isAscii(bytes) ? lettersIn(bytes) : undefined;
};

/** The text from here up to there. It is one by itself: whoever keeps it keeps nothing else. */
export const textBetween = ({ bytes }: Letters, from: number, end?: number): string =>
  bytes.toString('latin1', from, end);

/** How many letters from there on are the same as those of the other text from its place on. */
export const countSame = (
  { bytes, view }: Letters,
  from: number,
  other: Letters,
  otherFrom: number,
  most: number,
): number => {
  const count = Math.min(most, bytes.length - from, other.bytes.length - otherFrom);
  let same = 0;
  // Eight at a time, as a number: that of eight letters is never NaN nor minus zero, and no two of them are equal.
  while (
    same + 8 <= count &&
    view.getFloat64(from + same, true) === other.view.getFloat64(otherFrom + same, true)
  )
    same += 8;
  while (same < count && bytes[from + same] === other.bytes[otherFrom + same]) same += 1;
  return same;
};
