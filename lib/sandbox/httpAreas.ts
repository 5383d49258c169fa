import type { FastifyInstance, FastifyRequest } from 'fastify';
import { registrationChannel } from '../wire/channels.ts';
import type { Area } from './areas.ts';
import { HOSTED_COMMANDS } from './hostedCommands.ts';
import { objectIn, problem, textIn } from './httpProblem.ts';
import { answersOf, type DoorRoom } from './httpRoom.ts';
import type { JsonObject } from './json.ts';
import type { Verb } from './registration.ts';

interface ForArea {
  readonly Params: { readonly area: string };
  readonly Body: unknown;
}

/** A request about an area that the user may use. */
interface Asked {
  readonly area: Area;
  readonly user: string;
  readonly body: JsonObject;
  readonly transactionId: string;
}

/** What single assets and markets are asked for (exchange protocol, REST requests). */
export const areaRoutes = (server: FastifyInstance, room: DoorRoom): void => {
  const api = '/external-connection/api/:simulation';
  const handled =
    (act: (asked: Asked) => void) =>
    (request: FastifyRequest<ForArea>): JsonObject => {
      const user = room.userOf(request);
      const area = room.holdings.areaFor(user, request.params.area);
      const transactionId = textIn(request.body, 'transaction_id');
      act({ area, user, transactionId, body: objectIn(request.body) });
      return { transaction_id: transactionId };
    };
  const post = (path: string, act: Parameters<typeof handled>[0]): void => {
    server.post<ForArea>(`${api}/:area/${path}/`, handled(act));
  };
  for (const verb of ['register', 'unregister'] as const)
    post(verb, (asked) => registration(room, verb, asked));
  for (const kind of ['energy_forecast', 'energy_measurement'] as const)
    post(`set-${kind.replace('_', '-')}`, (asked) =>
      passOn(room, asked, { type: `set_${kind}`, [kind]: objectIn(asked.body[kind]) }),
    );
  // The older form of a forecast.
  post('set_energy_forecast', (asked) =>
    passOn(room, asked, { type: 'set_energy_forecast', energy_Wh: energyIn(asked.body) }),
  );
  post('set-live-generation', ({ area, body, transactionId }) => {
    objectIn(body.live_data);
    answer(room, area, { command: 'set-live-generation', status: 'ready', transaction_id: transactionId });
  });
  post('set-scm-timeseries-and-member-data', () => undefined);
  server.post(`${api}/set-scm-global-data/`, ({ body }) => ({
    transaction_id: textIn(body, 'transaction_id'),
  }));
  post('grid-fee', (asked) => askMarket(room, asked, { type: 'grid_fees', data: feeIn(asked.body) }));
  server.get<ForArea>(
    `${api}/:area/dso-market-stats`,
    handled((asked) => askMarket(room, asked, { type: 'dso_market_stats', data: {} })),
  );
};

const answer = ({ line }: DoorRoom, area: Area, reply: JsonObject): void =>
  line.say(answersOf(area.uuid), { area_uuid: area.uuid, ...reply });

/** The exchange registers by name: of several areas of one name it hears only the first. */
const registration = (
  { line, holdings, named }: DoorRoom,
  verb: Verb,
  { area, user, transactionId }: Asked,
): void => {
  const name = area.channelName;
  if (named(name)[0] !== area) throw problem(409, `Another area answers to the name ${name}.`);
  if (verb === 'register') holdings.take(user, area.uuid);
  else holdings.askedToLeave(area.uuid);
  line.tell(registrationChannel(verb, name), { name, transaction_id: transactionId });
};

const passOn = ({ line }: DoorRoom, { area, transactionId }: Asked, command: JsonObject): void =>
  line.tell(HOSTED_COMMANDS, { area_uuid: area.uuid, transaction_id: transactionId, command });

const askMarket = (room: DoorRoom, asked: Asked, command: JsonObject): void => {
  if (asked.area.kind !== 'market') throw problem(400, 'The area is no market.');
  passOn(room, asked, command);
};

const energyIn = ({ energy_Wh: energyWh }: JsonObject): number => {
  if (typeof energyWh !== 'number') throw problem(400, 'energy_Wh has to be a number.');
  return energyWh;
};

/** A fee that is no number would end the real exchange. */
const feeIn = ({ fee_const, fee_percent }: JsonObject): JsonObject => {
  const isFee = (fee: unknown): boolean => fee === undefined || fee === null || typeof fee === 'number';
  if (!isFee(fee_const) || !isFee(fee_percent)) throw problem(400, 'A fee has to be a number.');
  return { fee_const, fee_percent };
};
