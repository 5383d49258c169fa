import { isAscii } from 'node:buffer';

/** The same bytes as a Buffer, not a copy. */
export const bytesOf = (data: Uint8Array): Buffer =>
  Buffer.isBuffer(data) ? data : Buffer.from(data.buffer, data.byteOffset, data.byteLength);

/** What the bytes say, or the text as it is; undefined where they are no UTF-8. */
export const textOf = (data: string | Uint8Array): string | undefined => {
  if (typeof data === 'string') return data;
  try {
    // Nearly all is ASCII, which needs no decoding: that takes a quarter of the time.
    return isAscii(data) ? bytesOf(data).toString('latin1') : utf8.decode(data);
  } catch {
    return undefined;
  }
};

const utf8 = new TextDecoder('utf-8', { fatal: true });
