import { makeDecoder, type Decoder, type DecodeOptions } from '../../lib/wire/decode.ts';

/** What one frame says by itself, with nothing remembered. */
export const decode = (frame: Parameters<Decoder>[0], options: DecodeOptions): ReturnType<Decoder> =>
  makeDecoder(options)(frame);
