import { randomUUID } from 'node:crypto';
import { filter, map, take, type Observable } from 'rxjs';
import { AGGREGATOR_COMMANDS, batchChannel, batchResponseChannel } from '../wire/channels.ts';
import type { Line } from './httpLine.ts';
import { isObject, type JsonObject } from './json.ts';

/** Commands to markets without an aggregator of the client's: the door sends them in batches of its own. */
export interface MarketCalls {
  /** Sends the command; the Observable gives the market's answer, with the exchange's next tick. */
  call(marketUuid: string, command: JsonObject): Promise<Observable<JsonObject>>;
  /** Somebody else shall have the market. */
  surrender(marketUuid: string): void;
}

/**
 * The exchange runs a batch only for areas that are in some aggregator. A market that is in none is taken into one of
 * the door's own until it has answered; for markets, letting go is safe (exchange protocol, letting areas go).
 */
export const openMarketCalls = (line: Line): MarketCalls => {
  const aggregatorUuid = randomUUID();
  const replies = batchResponseChannel(aggregatorUuid);
  const calls = new Map<string, number>();
  const borrowed = new Set<string>();
  line.hear([replies]);

  const borrow = async (marketUuid: string): Promise<void> => {
    const others = calls.get(marketUuid) ?? 0;
    calls.set(marketUuid, others + 1);
    if (others > 0) return;
    // To create it again does no harm, and an aggregator that does not exist would take the market from its owner.
    line.tell(AGGREGATOR_COMMANDS, { type: 'CREATE', name: 'HTTP door', transaction_id: aggregatorUuid });
    const selection = { type: 'SELECT', aggregator_uuid: aggregatorUuid, device_uuid: marketUuid };
    const { status } = await line.ask(selection);
    if (status === 'SELECTED') borrowed.add(marketUuid);
  };
  const surrender = (marketUuid: string): void => {
    if (!borrowed.delete(marketUuid)) return;
    line.tell(AGGREGATOR_COMMANDS, {
      type: 'UNSELECT',
      aggregator_uuid: aggregatorUuid,
      device_uuid: marketUuid,
      transaction_id: randomUUID(),
    });
  };
  const giveBack = (marketUuid: string): void => {
    const others = (calls.get(marketUuid) ?? 1) - 1;
    calls.set(marketUuid, others);
    if (others === 0) surrender(marketUuid);
  };
  return {
    call: async (marketUuid, command) => {
      const transactionId = randomUUID();
      await borrow(marketUuid);
      line.tell(batchChannel(), {
        type: 'BATCHED',
        transaction_id: transactionId,
        aggregator_uuid: aggregatorUuid,
        batch_commands: { [marketUuid]: [command] },
      });
      return line.said$.pipe(
        filter(({ channel, message }) => channel === replies && message.transaction_id === transactionId),
        take(1),
        map(({ message }) => {
          giveBack(marketUuid);
          return answerIn(message, marketUuid);
        }),
      );
    },
    surrender,
  };
};

const answerIn = ({ responses }: JsonObject, areaUuid: string): JsonObject => {
  const answers = isObject(responses) ? responses[areaUuid] : undefined;
  const answer: unknown = Array.isArray(answers) ? answers[0] : undefined;
  return isObject(answer) ? answer : {};
};
