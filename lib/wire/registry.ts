import * as t from 'io-ts';
import { listOf, notDeeper, strict } from './combinators.ts';
import { present } from './present.ts';
import { optional } from './scalars.ts';

/** An area as the web interface has it registered. */
export interface RegisteredArea {
  readonly uuid: string;
  readonly name: string;
  /** `Area` for a market, else the kind of asset: `Load`, `PV`, `Storage` and others. */
  readonly type: string;
  /** Whether it may be traded for from outside; undefined where that is not decided. */
  readonly registered?: boolean;
  /** Name of the aggregator that holds it. */
  readonly aggregatorName?: string;
  readonly children: readonly RegisteredArea[];
}

/** A registered area on the wire. */
export interface WireRegisteredArea {
  readonly uuid: string;
  readonly name: string;
  readonly type: string;
  readonly registered: boolean | undefined;
  readonly aggregator_name: string | undefined;
  readonly children: readonly WireRegisteredArea[] | undefined;
}

export const WireRegisteredArea: t.Type<WireRegisteredArea, unknown> = t.recursion('an area', (self) =>
  notDeeper(
    100,
    strict(
      {
        uuid: t.string,
        name: t.string,
        type: t.string,
        registered: optional(t.boolean),
        aggregator_name: optional(t.string),
        children: optional(listOf(self)),
      },
      'an area',
    ),
  ),
);

/** A registry tree, as a config file has it and the server gives it (exchange protocol, simulation config file). */
export const toRegisteredArea = ({
  uuid,
  name,
  type,
  registered,
  aggregator_name,
  children,
}: WireRegisteredArea): RegisteredArea => ({
  uuid,
  name,
  type,
  ...present({ registered, aggregatorName: aggregator_name }),
  children: children?.map(toRegisteredArea) ?? [],
});
