import { isAscii } from 'node:buffer';

/** The same bytes as a Buffer, not a copy. */
export const bytesOf = (data: Uint8Array): Buffer =>
  Buffer.isBuffer(data) ? data : Buffer.from(data.buffer, data.byteOffset, data.byteLength);

/** What the bytes say, or the text as it is; undefined where they are no UTF-8. */
export const textOf = (data: string | Uint8Array): string | undefined => {
  if (typeof data === 'string') return data;
  try {
    // Nearly all is ASCII, which needs no decoding: that takes a quarter of the time.
    return isAscii(data) ? asciiTextOf(data) : utf8.decode(data);
  } catch {
    return undefined;
  }
};

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** From this length on a text has memory of its own within the heap, which is asked of the system each time anew. */
const LONG = 200_000;
/** From this length on a text has memory outside the heap, which another text had before. */
const OUTSIDE = 1_048_576;

/** Where a text becomes as long as that; what stands behind it is left from others and cut off. */
let room: Buffer | undefined;

/** To make a longer text and cut it takes a third of the time where the longer one comes to stand outside the heap. */
const asciiTextOf = (data: Uint8Array): string => {
  const { length } = data;
  if (length < LONG || length >= OUTSIDE) return bytesOf(data).toString('latin1');
  room ??= Buffer.alloc(OUTSIDE);
  room.set(data);
  return room.toString('latin1').slice(0, length);
};
