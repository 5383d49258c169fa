import { GsyError } from './errors.ts';
import type { Market } from './events.ts';
import type { Parameter } from './parameter.ts';
import type { Strategy } from './strategy.ts';
import { reportErrors } from './wire/report.ts';

/** What can be set in a strategy, by name. */
export type Parameters = Readonly<Record<string, Parameter<unknown>>>;

/** The values of a strategy's parameters. */
export type ValuesOf<P> = { readonly [Name in keyof P]: P[Name] extends Parameter<infer A> ? A : never };

/** Values for some of a strategy's parameters, or the texts that say them: of a file, its content. */
export type SettingsOf<P> = { readonly [Name in keyof P]?: ValuesOf<P>[Name] | string };

/** A strategy with values for its parameters, and a way to others. */
export interface ParametrisedStrategy<P> extends Strategy {
  readonly parameters: P;
  /**
   * The same strategy with these settings; those left out keep their defaults.
   * @throws GsyError `ERR_GSY_OPTIONS` that names the parameter and says what it has to be
   */
  readonly with: (settings: SettingsOf<P>) => Strategy;
}

/**
 * A strategy with parameters. It is a strategy as it stands, with the defaults; where one has none, it fails when it is
 * run without it.
 *
 * @example
 * const parameters = { rate: parameter.number({ byDefault: 20, unit: 'cents/kWh', min: 0, about: 'what is bid' }) };
 * export default parametrised(parameters, ({ rate }) => ({ tick$ }) => tick$.pipe(eachAsset(isLoad), atRate(rate), sizeBid(), placeOrder()));
 */
export const parametrised = <const P extends Parameters>(
  parameters: P,
  build: (values: ValuesOf<P>) => Strategy,
): ParametrisedStrategy<P> => {
  const strategyWith = (values: Readonly<Record<string, unknown>>): Strategy =>
    build(readParameters(parameters, values) as ValuesOf<P>);
  return Object.assign((market: Market) => strategyWith({})(market), {
    parameters,
    with: (settings: SettingsOf<P>) => strategyWith(settings),
  });
};

/**
 * The values of parameters out of values or texts, with their defaults.
 * @throws GsyError `ERR_GSY_OPTIONS` that names the parameter and says what it has to be, or which parameters there are
 */
export const readParameters = (
  parameters: Parameters,
  given: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> => {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(parameters, name));
  if (unknown !== undefined)
    throw wrong(`there is no parameter ${unknown}; there is ${Object.keys(parameters).join(', ') || 'none'}`);
  return Object.fromEntries(
    Object.entries(parameters).map(([name, parameter]) => [
      name,
      readParameter(name, parameter, Object.hasOwn(given, name) ? given[name] : undefined),
    ]),
  );
};

const readParameter = (
  name: string,
  { codec, byDefault, about }: Parameter<unknown>,
  value: unknown,
): unknown => {
  if (value === undefined) {
    if (byDefault !== undefined) return byDefault;
    throw wrong(`the parameter ${name} has to be given: ${about}`);
  }
  const result = codec.decode(value);
  if (result._tag === 'Right') return result.right;
  const { expected, sample } = reportErrors('', result.left);
  // What reads a file says itself what is wrong and where; of the file only its beginning could be shown.
  const complaint = result.left[0]?.message ?? `expected ${expected}, got ${sample}`;
  throw wrong(`the parameter ${name} (${about}) is wrong: ${complaint}`);
};

const wrong = (message: string): GsyError => new GsyError('ERR_GSY_OPTIONS', message);
