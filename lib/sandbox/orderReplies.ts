import type { MarketType, Order } from './areas.ts';
import type { AssetSpec } from './community.ts';
import { readyKeys } from './replyKeys.ts';

type Kind = AssetSpec['type'];
type Side = Order['side'];

/** What replies call the markets. */
export const MARKET_NAMES: Readonly<Record<MarketType, string>> = {
  spot: 'Spot Market',
  settlement: 'Settlement Market',
  future: 'Future Market',
};

/** What differs from one reply to an accepted order to the next. */
export interface AcceptedOrder {
  readonly areaUuid: string;
  /** The order, as JSON within a JSON string. */
  readonly literal: string;
  readonly market: MarketType;
  readonly message: string;
}

/** The reply as it is written: whose value stands in which place, and what stands around the values. */
interface Form {
  readonly values: readonly string[];
  readonly around: readonly string[];
}

const formOf = (kind: Kind, side: Side): Form => {
  const values: string[] = [];
  const around: string[] = [];
  let text = '{';
  for (const [at, key] of readyKeys(kind, side).entries()) {
    text += `${at === 0 ? '' : ','}"${key}":`;
    if (key === 'command') text += `"${side}"`;
    else if (key === 'status') text += '"ready"';
    else {
      const quote = key === 'area_uuid' || key === 'market_type' ? '"' : '';
      values.push(key);
      around.push(text + quote);
      text = quote;
    }
  }
  return { values, around: [...around, `${text}}`] };
};

const FORMS = Object.fromEntries(
  (['load', 'pv', 'storage', 'smart-meter', 'market-maker'] as const).map((kind) => [
    kind,
    { bid: formOf(kind, 'bid'), offer: formOf(kind, 'offer') },
  ]),
) as Readonly<Record<Kind, Readonly<Record<Side, Form>>>>;

/** The reply to an accepted order as JSON. */
export const acceptedText = (
  kind: Kind,
  side: Side,
  accepted: AcceptedOrder,
  transactionId: unknown,
): string => {
  const { values, around } = FORMS[kind][side];
  let [text = ''] = around;
  for (const [at, key] of values.entries()) {
    text += valueText(key, accepted, transactionId);
    text += around[at + 1] ?? '';
  }
  return text;
};

const valueText = (key: string, accepted: AcceptedOrder, transactionId: unknown): string => {
  switch (key) {
    case 'area_uuid':
      return accepted.areaUuid;
    case 'market_type':
      return MARKET_NAMES[accepted.market];
    case 'message':
      return JSON.stringify(accepted.message);
    case 'transaction_id':
      return JSON.stringify(transactionId);
    default:
      return accepted.literal;
  }
};
