import { Redis } from 'ioredis';
import { startRedisServer } from '../redisServer.ts';
import { aggregatorStatuses, type Control } from './aggregatorStatuses.ts';
import { assetNames } from './events.ts';
import { repliesTo, type Batch } from './orderReplies.ts';

/** An exchange that does nothing but what a client needs to trade, and measures how fast it does. */
export interface BenchExchange {
  readonly url: string;
  /** Sends an event; gives the commands that answered it and the time until the last of them was here, ms. */
  ask(aggregatorUuid: string, event: Uint8Array, commands: number): Promise<Answer>;
  stop(): Promise<void>;
}

/** What a client made of an event. */
export interface Answer {
  readonly ms: number;
  readonly commands: Batch['batch_commands'];
}

const BATCHES = 'external-aggregator//batch_commands';
const HEARTBEAT_MS = 5_000;

/** Starts a Redis and an exchange on it that grants every request for a grid of so many assets. */
export const openExchange = async (assets: number): Promise<BenchExchange> => {
  const server = await startRedisServer();
  const [subscriber, publisher] = [new Redis(server.url), new Redis(server.url)];
  const names = assetNames(assets);
  const publish = (channel: string, data: object) => void publisher.publish(channel, JSON.stringify(data));
  const { ask, conclude } = questions();
  const grant = granting(names, publish);

  subscriber.on('messageBuffer', (channel: Buffer, data: Buffer) => {
    const nowMs = performance.now();
    const message: unknown = JSON.parse(data.toString());
    if (channel.toString() === BATCHES) {
      const batch = message as Batch;
      conclude(batch, nowMs);
      publish(
        `external-aggregator//${batch.aggregator_uuid}/response/batch_commands`,
        repliesTo(batch, names),
      );
    } else grant(channel.toString(), message as Control);
  });
  const registrations = [...names.values()].map((name) => `${name}/register_participant`);
  await subscriber.subscribe('aggregator-commands', '/area-map', BATCHES, ...registrations);
  const beat = () => publish('gsy-e-heartbeat/', { time: Math.floor(Date.now() / 1_000) });
  const heart = setInterval(beat, HEARTBEAT_MS);
  return {
    url: server.url,
    ask: (aggregatorUuid, event, commands) => {
      const answered = ask(aggregatorUuid, commands);
      void publisher.publish(`external-aggregator//${aggregatorUuid}/events/all`, Buffer.from(event));
      return answered;
    },
    stop: async () => {
      clearInterval(heart);
      await Promise.all([subscriber.quit(), publisher.quit()]);
      await server.stop();
    },
  };
};

interface Question {
  readonly sinceMs: number;
  readonly answered: (answer: Answer) => void;
  /** How many commands are not here yet. */
  left: number;
  commands: Batch['batch_commands'];
}

/** The events that wait for their answers: one at a time of each client. */
const questions = () => {
  const open = new Map<string, Question>();
  return {
    ask: (aggregatorUuid: string, commands: number): Promise<Answer> =>
      new Promise((answered) =>
        open.set(aggregatorUuid, { sinceMs: performance.now(), answered, left: commands, commands: {} }),
      ),
    conclude: ({ aggregator_uuid: client, batch_commands: commands }: Batch, nowMs: number): void => {
      const question = open.get(client);
      if (question === undefined) throw new Error('a batch that answers no event');
      question.left -= Object.values(commands).reduce((sum, { length }) => sum + length, 0);
      question.commands = { ...question.commands, ...commands };
      if (question.left > 0) return;
      open.delete(client);
      question.answered({ ms: nowMs - question.sinceMs, commands: question.commands });
    },
  };
};

/** Says yes to whatever is asked besides orders. */
const granting = (names: ReadonlyMap<string, string>, publish: (channel: string, data: object) => void) => {
  const uuids = new Map([...names].map(([uuid, name]) => [name, uuid]));
  const statusOf = aggregatorStatuses();
  return (channel: string, message: Control): void => {
    if (channel === '/area-map') {
      publish('/response/area-map', { area_mapping: Object.fromEntries(names) });
    } else if (channel === 'aggregator-commands') {
      publish('aggregator-response', { ...message, status: statusOf(message) });
    } else {
      const name = channel.replace('/register_participant', '');
      const reply = { ...message, status: 'ready', registered: true, device_uuid: uuids.get(name) };
      publish(`${name}/response/register_participant`, reply);
    }
  };
};
