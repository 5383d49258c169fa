import { expect } from 'chai';
import { filter, firstValueFrom, VirtualTimeScheduler } from 'rxjs';
import { ticksPerSlot } from '../../lib/sandbox/community.ts';
import { openSandbox, parseCommunity, redisBus, type RedisBus } from '../../lib/sandbox/sandbox.ts';
import { AREA_MAP, AREA_MAP_RESPONSE } from '../../lib/wire/channels.ts';
import { done, redisClients, text } from '../transport/redisClients.ts';
import { recordedBatches, recordedCommunity, recordedMessages, type RecordedMessage } from './recorded.ts';
import { translated } from './samples.ts';

type Answer = Readonly<Record<string, unknown>>;
interface Reply {
  readonly transaction_id: string;
  readonly responses?: Readonly<Record<string, readonly Answer[]>>;
}

const isReply = ({ channel }: RecordedMessage): boolean => /\/response\/|-response$/.test(channel);
const isRequest = (message: RecordedMessage): boolean =>
  !isReply(message) && !message.channel.includes('/events/');
const transactionOf = ({ data }: Pick<RecordedMessage, 'data'>): string =>
  (JSON.parse(data) as Reply).transaction_id;

/** The client came after the last tick of the second slot had begun. */
const JOINED_AT_TICK = 59;

describe('the official client on the Redis door of the sandbox', () => {
  const { start, connect } = redisClients();
  let bus: RedisBus | undefined;
  afterEach(async () => bus && done(bus.close()));

  it('is answered on the same channels with the same fields as on the recorded day', async () => {
    const community = parseCommunity(recordedCommunity());
    const scheduler = new VirtualTimeScheduler();
    const { url } = await start();
    bus = redisBus(url);
    const sandbox = openSandbox(community, { scheduler, bus });
    await done(bus.opened());

    const recorded = recordedMessages();
    const tickOf = new Map(recordedBatches().map(({ transactionId, tick }) => [transactionId, tick]));
    const { client } = connect(url);
    const replyChannels = new Set(recorded.filter(isReply).map(({ channel }) => channel));
    await done(client.hear([AREA_MAP_RESPONSE, ...replyChannels]));
    const heard: { readonly channel: string; readonly data: string }[] = [];
    client.frame$.subscribe(({ channel, data }) => heard.push({ channel, data: text(data) }));

    const here = uuidsByName(sandbox.results().assets);
    const dictionary = new Map(
      recorded
        .filter(({ channel }) => channel.endsWith('/response/register_participant'))
        .map(({ channel, data }) => [
          (JSON.parse(data) as { device_uuid: string }).device_uuid,
          here.get(channel.slice(0, -'/response/register_participant'.length))!,
        ]),
    );
    const send = ({ channel, data }: RecordedMessage) =>
      client.publish(channel, translated(data, dictionary));
    const answered = (request: RecordedMessage) =>
      firstValueFrom(client.frame$.pipe(filter(({ data }) => text(data).includes(transactionOf(request)))));
    /** Answered when all that was sent before has been read. */
    const allRead = async () => {
      const answer = firstValueFrom(
        client.frame$.pipe(filter(({ channel }) => channel === AREA_MAP_RESPONSE)),
      );
      client.publish(AREA_MAP, '{}');
      await answer;
    };

    const requests = recorded.filter(isRequest);
    const connecting = requests.filter((request) => !tickOf.has(transactionOf(request)));
    sandbox.start();
    for (let tick = 0; tick < community.slots * ticksPerSlot(community); tick++) {
      if (tick === JOINED_AT_TICK)
        for (const request of connecting) {
          const answer = answered(request);
          send(request);
          await answer;
        }
      const due = requests.filter((request) => tickOf.get(transactionOf(request)) === tick);
      due.forEach(send);
      if (due.length > 0) await allRead();
      scheduler.maxFrames = (tick + 1) * community.tickLengthSeconds * 1_000;
      scheduler.flush();
    }
    await allRead();

    const replies = new Map(
      heard
        .filter(({ channel }) => channel !== AREA_MAP_RESPONSE)
        .map((reply) => [transactionOf(reply), reply]),
    );
    expect(sandbox.results().dangers).to.equal(0);
    const answers = recorded.filter(isReply).flatMap((message) => {
      const ours = replies.get(transactionOf(message));
      expect(ours?.channel).to.equal(message.channel);
      return answerPairs(
        JSON.parse(translated(message.data, dictionary)) as Reply,
        JSON.parse(ours!.data) as Reply,
      );
    });
    expect(answers).to.have.length(1907);
    const likewise = answers.filter(([theirs, ours]) => theirs.status === ours.status);
    // Who of several equal bidders is served is drawn by lot, and decides what can still be ordered.
    expect(likewise.length).to.be.greaterThan(0.98 * answers.length);
    for (const [theirs, ours] of likewise) expect(Object.keys(ours)).to.deep.equal(Object.keys(theirs));
  });
});

/** The answers to single commands in two replies of the same form. */
const answerPairs = (theirs: Reply, ours: Reply): readonly (readonly [Answer, Answer])[] => {
  expect(Object.keys(ours)).to.deep.equal(Object.keys(theirs));
  const [theirResponses, ourResponses] = [theirs.responses ?? {}, ours.responses ?? {}];
  expect(Object.keys(ourResponses)).to.have.members(Object.keys(theirResponses));
  return Object.entries(theirResponses).flatMap(([uuid, answers]) => {
    expect(ourResponses[uuid]).to.have.length(answers.length);
    return answers.map((answer, index) => [answer, ourResponses[uuid]![index]!] as const);
  });
};

const uuidsByName = (
  areas: readonly { readonly path: string; readonly uuid: string }[],
): ReadonlyMap<string, string> => new Map(areas.map(({ path, uuid }) => [path.split('/').at(-1)!, uuid]));
