import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { settings } from './duties.ts';
import { assetNames } from './events.ts';

// The floor of `controlClient.ts`: the same messages with ioredis alone.

const { url, assets } = settings();

const connect = async (channels: readonly string[]) => {
  const [subscriber, publisher] = [new Redis(url), new Redis(url)];
  await subscriber.subscribe(...channels);
  const publish = (channel: string, data: object) => publisher.publish(channel, JSON.stringify(data));
  /** Resolves with the last of so many messages on channels that end so. */
  const heard = (channelEnd: string, count: number) =>
    new Promise<unknown>((resolve) => {
      let left = count;
      const hear = (channel: string, data: string) => {
        if (!channel.endsWith(channelEnd)) return;
        const message: unknown = JSON.parse(data);
        left -= 1;
        if (left > 0) return;
        subscriber.off('message', hear);
        resolve(message);
      };
      subscriber.on('message', hear);
    });
  return { publisher, publish, heard };
};

const select = async (): Promise<void> => {
  const [reply, map] = ['aggregator-response', '/response/area-map'] as const;
  const { publisher, publish, heard } = await connect([reply, map]);
  const aggregator_uuid = randomUUID();
  void publish('aggregator-commands', { name: 'bare', type: 'CREATE', transaction_id: aggregator_uuid });
  await heard(reply, 1);
  void publish('/area-map', {});
  const { area_mapping } = (await heard(map, 1)) as { readonly area_mapping: Record<string, string> };
  const channels = Object.values(area_mapping).map((name) => `${name}/register_participant`);
  await publisher.pubsub('NUMSUB', ...channels);
  for (const device_uuid of Object.keys(area_mapping))
    void publish('aggregator-commands', {
      aggregator_uuid,
      device_uuid,
      type: 'SELECT',
      transaction_id: randomUUID(),
    });
  await heard(reply, assets);
};

const register = async (): Promise<void> => {
  const names = [...assetNames(assets).values()];
  const replies = 'response/register_participant';
  const { publish, heard } = await connect(names.map((name) => `${name}/${replies}`));
  for (const name of names)
    void publish(`${name}/register_participant`, { name, transaction_id: randomUUID() });
  await heard(replies, assets);
};

const sinceMs = performance.now();
await (process.argv[4] === 'register' ? register : select)();
process.send?.(performance.now() - sinceMs);
