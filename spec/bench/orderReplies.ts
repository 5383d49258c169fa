/** A batch as a client sent it. */
export interface Batch {
  readonly transaction_id: string;
  readonly aggregator_uuid: string;
  readonly batch_commands: Readonly<Record<string, readonly Order[]>>;
}

interface Order {
  readonly type: 'bid' | 'offer';
  readonly energy: number;
  readonly price: number;
}

/** The order as the exchange tells it: as JSON in a text. */
const orderText = ({ type, energy, price }: Order, id: string, trader: object): string =>
  JSON.stringify({
    type: type === 'bid' ? 'Bid' : 'Offer',
    id,
    energy,
    energy_rate: price / energy,
    price,
    original_price: price,
    creation_time: '2026-06-21T12:03:00',
    time_slot: '2026-06-21T12:00:00',
    [type === 'bid' ? 'buyer' : 'seller']: trader,
  });

/** Every order is placed. */
export const repliesTo = (batch: Batch, names: ReadonlyMap<string, string>): object => {
  const { transaction_id, aggregator_uuid, batch_commands } = batch;
  let orders = 0;
  // Unique, because the transaction is.
  const nextId = () => `${transaction_id.slice(0, 24)}${String((orders += 1)).padStart(12, '0')}`;
  const responses = Object.entries(batch_commands).map(([area, ofArea]) => {
    const name = names.get(area);
    const trader = { name, origin: name, origin_uuid: area, uuid: area };
    const replies = ofArea.map((order) => ({
      command: order.type,
      status: 'ready',
      [order.type]: orderText(order, nextId(), trader),
      area_uuid: area,
      transaction_id,
      market_type: 'Spot Market',
      message: '',
    }));
    return [area, replies] as const;
  });
  return {
    command: 'batch_commands',
    transaction_id,
    aggregator_uuid,
    responses: Object.fromEntries(responses),
  };
};
