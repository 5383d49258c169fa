import { GsyError } from '../errors.ts';

/** Which hosted exchange, and who asks. */
export interface HostedAddress {
  /** Where the exchange answers requests, with scheme: `https://exchange.example.org`. */
  readonly domainName: string;
  readonly username: string;
  readonly password: string;
}

/** Which simulation of it, besides. */
export interface RestAddress extends HostedAddress {
  /** Where its websockets are, with scheme: `wss://exchange.example.org/external-ws`. */
  readonly webSocketDomainName: string;
  /** The uuid of the simulation, collaboration or canary network. */
  readonly simulationId: string;
}

/**
 * The address, sound, and without slashes at the ends of its URLs.
 *
 * @throws GsyError `ERR_GSY_OPTIONS` that names the option and says how it has to look, never what it was.
 */
export const soundAddress = (address: RestAddress): RestAddress => {
  if (address.simulationId === '') throw new GsyError('ERR_GSY_OPTIONS', 'The simulationId is empty.');
  return {
    ...soundHostedAddress(address),
    simulationId: address.simulationId,
    webSocketDomainName: soundUrl('webSocketDomainName', address.webSocketDomainName, ['wss', 'ws']),
  };
};

/** As `soundAddress`, for an exchange without a simulation of it. */
export const soundHostedAddress = ({ domainName, username, password }: HostedAddress): HostedAddress => {
  for (const [key, value] of Object.entries({ username, password }))
    if (value === '') throw new GsyError('ERR_GSY_OPTIONS', `The ${key} is empty.`);
  return { domainName: soundUrl('domainName', domainName, ['https', 'http']), username, password };
};

const soundUrl = (option: string, text: string, schemes: readonly [string, string]): string => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url !== undefined && [url.username, url.password, url.search, url.hash].join('') === '';
  if (!isPlain || !schemes.some((scheme) => url.protocol === `${scheme}:`))
    throw new GsyError(
      'ERR_GSY_OPTIONS',
      `The ${option} has to look like ${schemes[0]}://host/path, or ${schemes[1]}:// without encryption, with nothing else in it.`,
    );
  return url.href.replace(/^(.*[^/])\/+$/, '$1');
};
