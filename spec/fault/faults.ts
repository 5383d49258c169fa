/** One thing that can go wrong, and what comes of it. */
export interface Fault {
  readonly fault: string;
  /** What whoever runs a strategy gets to see, and what becomes of the commands. */
  readonly outcome: string;
  /** How long that takes at most, with what is set unless said otherwise. */
  readonly within: string;
  /** Where it is tried, as `file` “title”. */
  readonly proof: string;
}

const fault = (what: string, outcome: string, within: string, proof: string): Fault => ({
  fault: what,
  outcome,
  within,
  proof,
});

const redis: readonly Fault[] = [
  fault(
    'Redis is not there at the start',
    'the run ends: “nothing listens there; is Redis running, and is the port right?”',
    'at once',
    '`redis/run.spec.ts` “ends with one clear line when Redis cannot be reached”',
  ),
  fault(
    'the host of Redis has no address (DNS)',
    'the run ends: “there is no such host; check its name”',
    'at once',
    '`transport/redisLink.spec.ts` “says that there is no such host”',
  ),
  fault(
    'Redis refuses user or password, or wants one',
    'the run ends and says which; the password is never shown',
    'at once',
    '`redis/run.spec.ts` “ends with one clear line when the password is wrong”',
  ),
  fault(
    'Redis refuses the password when the connection is restored',
    'gap with that reason; it is tried again until it is taken',
    'every 2 s',
    '`transport/redisLink.spec.ts` “is restored again and again, whatever Redis says meanwhile”',
  ),
  fault(
    'there is no such database',
    'the run ends; any database that is there will do, for messages are the same in all',
    'at once',
    '`transport/redisLink.spec.ts` “says that there is no such database”',
  ),
  fault(
    'the Redis is a read-only replica',
    'absent: nothing reaches an exchange from there; then the run ends with ERR_GSY_NO_EXCHANGE',
    '3 s, 30 s',
    '`fault/redisServerFaults.spec.ts` “says so when it asks a read-only replica, from which nothing reaches an exchange”',
  ),
  fault(
    'TLS is spoken on one side only, or the certificate is not trusted',
    'the run ends and says which',
    '10 s',
    '`transport/redisLink.spec.ts` “says that TLS is not spoken there, or that it has to be”',
  ),
  fault(
    'Redis is killed, or shut down, in the middle of a slot, and comes back empty',
    'gap; commands are unsent, those under way unanswered; the channels are heard again as soon as it is back',
    'noticed at once, back within 2 s of Redis',
    '`fault/redisServerFaults.spec.ts` “goes on when Redis has ended (…) and was started anew, empty”',
  ),
  fault(
    'the connection is cut, by RST or FIN',
    'gap, then open again',
    'noticed at once, back in 0.1 s',
    '`fault/redisFaults.spec.ts` “goes on after its connections were cut (…)”',
  ),
  fault(
    'Redis refuses connections for a while',
    'commands are unsent meanwhile, and nothing is sent late',
    'back within 2 s',
    '`fault/redisFaults.spec.ts` “calls commands unsent while nothing listens where Redis was, and trades when it is back”',
  ),
  fault(
    'the connection breaks between a batch and its reply',
    'its commands are unanswered: they may stand in the market, and do so once',
    'the patience: three ticks, at least 10 s',
    '`fault/redisFaults.spec.ts` “calls a batch unanswered when the connection breaks between sending and the reply”',
  ),
  fault(
    'a message is cut in the middle',
    'gap; its commands are unanswered',
    'back in 0.1 s',
    '`fault/redisFaults.spec.ts` “goes on after a message was cut in the middle”',
  ),
  fault(
    'half-open: packets go nowhere, and no connection is closed',
    'gap: “no sign of life”; commands are unsent from then on',
    '10 s (`silenceMs`)',
    '`fault/redisFaults.spec.ts` “notices within its patience with silence that packets go nowhere, though no connection was closed”, “notices that it hears nothing although what it says arrives”',
  ),
  fault(
    'the connection is slow',
    'outcomes come later; what comes after the patience is reported, and its commands are unanswered',
    'the patience',
    '`fault/redisFaults.spec.ts` “trades over a slow connection, and tells of replies that are later than its patience”',
  ),
  fault(
    'this client reads too slowly, and Redis drops it (32 MB behind)',
    'gap, then open again',
    'noticed at once, back in 0.1 s',
    '`fault/redisFaults.spec.ts` “tells of the gap when Redis drops it for reading too slowly”',
  ),
  fault(
    'what Redis sends is not its protocol',
    'gap, then open again',
    'noticed at once, back in 0.1 s',
    '`fault/redisFaults.spec.ts` “goes on when what comes from Redis is no longer its protocol”',
  ),
];

const exchange: readonly Fault[] = [
  fault(
    'no exchange listens on the Redis',
    'absent, with what to do; one that is started in time is found, else the run ends with ERR_GSY_NO_EXCHANGE',
    '3 s, 30 s',
    '`health.spec.ts` “says absent, once, where nobody listens after 3 s, and alive when an exchange is there”; `redis/run.spec.ts` “says that no exchange answers”',
  ),
  fault(
    'the exchange dies without a word',
    'lost; alive when it beats again',
    '20 s',
    '`health.spec.ts` “says lost within 20 s of the last heartbeat, and alive when it beats again”',
  ),
  fault(
    'the exchange dies while the connection is interrupted',
    'absent, as soon as the connection is open again',
    '3 s',
    '`health.spec.ts` “says absent of an exchange that has gone during a gap in the connection”',
  ),
  fault(
    'the exchange goes deaf: it lives and reads no commands',
    'deaf',
    '20 s',
    '`health.spec.ts` “says deaf within 20 s of the last answer”',
  ),
  fault(
    'the exchange is started anew and knows no aggregator',
    'returned; the areas are taken again',
    '10 s',
    '`recovery.spec.ts` “takes its areas again by itself, and says that the exchange has returned”',
  ),
  fault(
    'an asset is held by another aggregator',
    'the holder is named; it is asked for again in each slot',
    'a slot',
    '`recovery.spec.ts` “names the holder, asks again in each slot, and takes an asset when it is free”',
  ),
  fault(
    'every asset is held by another aggregator',
    'the run ends with ERR_GSY_AREA_HELD and names the holder',
    'at once',
    '`run.spec.ts` “fails when every area is held by somebody else, and names the holder”',
  ),
  fault(
    'a reply is lost',
    'its commands are unanswered',
    'the patience: three ticks, at least 10 s',
    '`fault/messageFaults.spec.ts` “calls commands unanswered whose reply is lost”',
  ),
  fault(
    'a reply comes twice',
    'one outcome for each command; the second is reported',
    'at once',
    '`fault/messageFaults.spec.ts` “counts a reply once that comes twice, and reports the other”',
  ),
  fault(
    'a reply comes too late',
    'its commands are unanswered; it is reported',
    'the patience',
    '`sink/sink.spec.ts` “calls commands unanswered when their patience ends, and reports the late reply”',
  ),
  fault(
    'replies come out of order',
    'each command has its own',
    'at once',
    '`fault/messageFaults.spec.ts` “gives each command its own reply when replies come out of order”',
  ),
  fault(
    'a reply on our channel answers somebody else',
    'it is reported; ours is waited for',
    'the patience',
    '`fault/messageFaults.spec.ts` “does not take a reply for its own that answers somebody else”',
  ),
  fault(
    'a reply cannot be read',
    'it is reported; its commands are unanswered',
    'the patience',
    '`fault/messageFaults.spec.ts` “calls commands unanswered whose reply it cannot read, and reports it”',
  ),
  fault(
    'a message is no JSON, cut short, empty, of wrong types, of an unknown kind, deeply nested or 25 MB long',
    'a decode failure with place, what was expected and at most 200 characters of it; the run goes on',
    'at once',
    '`fault/messageFaults.spec.ts` “reports a message that …, in at most 200 characters of it, and goes on”',
  ),
  fault(
    'a message of 50 MB',
    'over Redis a gap, for Redis drops the listener; over a websocket a decode failure',
    'back in 0.1 s',
    '`fault/messageFaults.spec.ts` “loses the connection over a message of 50 MB, which is more than Redis lets a listener owe, and comes back”; `fault/restFaults.spec.ts` “takes a message of 50 MB for what it is not, and goes on”',
  ),
  fault(
    '1,000 bad messages in a row',
    '1,000 failures; the run goes on',
    'at once',
    '`fault/messageFaults.spec.ts` “reports each of 1,000 bad messages in a row”',
  ),
  fault(
    '10,000 replies to other clients',
    'nothing',
    'at once',
    '`fault/messageFaults.spec.ts` “lets 10,000 replies to other clients pass”',
  ),
];

const hosted: readonly Fault[] = [
  fault(
    'a wrong password, domain, proxy or certificate; no address (DNS), no TLS, nobody there',
    'the run ends and says what, where, and what to do; nothing secret is shown',
    'at once, or 30 s where nobody answers',
    '`transport/restTroubles.spec.ts` “tells of …: what, where, what to do, and nothing secret”',
  ),
  fault(
    'at the start the server answers with status 400, 403 or 409',
    'the run ends with the status',
    'at once',
    '`fault/startFaults.spec.ts` “ends at once when the server answers with status …, which asking again does not change”',
  ),
  fault(
    'at the start the server does not know the simulation (404)',
    'the run ends with ERR_GSY_UNKNOWN_SIMULATION',
    'at once',
    '`transport/rest.spec.ts` “ends a run at once when there is no such simulation”',
  ),
  fault(
    'at the start the server is in trouble (500, 502, 503), or opens no websocket',
    'gap with the status; the run begins when it is over, and ends with the status when it is not',
    'told at once, ended after 30 s',
    '`fault/startFaults.spec.ts` “says at once that the server answers with status …, and begins when it does no longer”, “says at once that there is no websocket, and begins when there is”',
  ),
  fault(
    'a batch is answered with 400, 403, 404, 409, 413, 429, 500, 502, 503 or 504',
    'its commands are unsent with the status; it is not tried again',
    'at once',
    '`fault/restFaults.spec.ts` “calls a batch unsent that is answered with status …, and goes on”',
  ),
  fault(
    '429 or 503 with Retry-After',
    'the pause is kept, at most a minute of it; batches that it makes late are unsent',
    '60 s',
    '`fault/restFaults.spec.ts` “keeps the pause that the server asks for, and sends nothing late”',
  ),
  fault(
    'the token is refused in the middle of a run (401), or has ended',
    'one new login; the batch that was refused goes out with the new token',
    'at once',
    '`fault/restFaults.spec.ts` “logs in again when its token is refused in the middle of a run, and sends the batch then”',
  ),
  fault(
    'the login is refused when the token is renewed',
    'the run ends with ERR_GSY_LOGIN; no other login is tried, so that no account is locked',
    'at once',
    '`transport/rest.spec.ts` “ends the frames when the renewal is refused”',
  ),
  fault(
    'the server does not answer a request',
    'the batch counts as sent: unanswered; those behind it that would be late are unsent',
    '30 s',
    '`transport/restClient.spec.ts` “gives up on a server that takes too long, which may have heard it”; `transport/restBatches.spec.ts` “are not sent late, after a long wait for those before”',
  ),
  fault(
    'the connection breaks between a batch and its answer',
    'its commands are unanswered: they may stand in the market, and do so once',
    'the patience: three ticks, at least 10 s',
    '`fault/restFaults.spec.ts` “calls a batch unanswered when the connection breaks between sending and the answer”',
  ),
  fault(
    'all connections are cut, by RST or FIN',
    'gap, then open again',
    'noticed at once, back in 0.1 s',
    '`fault/restFaults.spec.ts` “goes on after all connections were cut (…)”',
  ),
  fault(
    'a websocket is closed with 1000, 1001, 1002, 1003, 1006, 1008, 1009, 1011, 1012, 1013 or 4xxx',
    'gap with the code, then open again; where the code may be about the token, with a new one',
    'noticed at once, back in 0.1 s',
    '`fault/restFaults.spec.ts` “goes on after its websocket was closed with code …”; `transport/restSocket.spec.ts` “comes back with a new token after a close with code …, which may be about the old one”',
  ),
  fault(
    'what comes over a websocket is not its protocol',
    'gap, then open again',
    'noticed at once, back in 0.1 s',
    '`fault/restFaults.spec.ts` “goes on when what comes over its websocket is no longer its protocol”',
  ),
  fault(
    'half-open: packets go nowhere, and no connection is closed',
    'gap: “the server gives no sign of life”',
    '15 s (`silenceMs`)',
    '`fault/restFaults.spec.ts` “notices within its patience with silence that packets go nowhere, though no connection was closed”',
  ),
  fault(
    'every connection is cut after 100 ms, again and again',
    'gap after gap, with pauses that double; no hammering',
    'pauses of at most 30 s',
    '`fault/restFaults.spec.ts` “does not hammer a server that cuts every connection after 100 ms, and goes on when it does not”',
  ),
];

const here: readonly Fault[] = [
  fault(
    'the clock of this machine is set back or forward',
    'nothing: what is waited for goes by a clock that never jumps',
    'at once',
    '`transport/redisLink.spec.ts` “is not restored in haste because the clock of this machine was set back”; `transport/restBatches.spec.ts` “go out whenever the clock of this machine is set to another time”',
  ),
  fault(
    'this process is busy for longer than the patience with silence',
    'nothing: a connection is not suspected for that',
    'at once',
    '`transport/redisLink.spec.ts` “is not suspected while this process itself is busy for long”',
  ),
  fault(
    'a strategy throws, or is none',
    'it is named in a failure; the others go on, the run ends with exit code 1',
    'at once',
    '`run.spec.ts` “isolates strategies: one that fails is named, the others go on”; `fault/strategyFaults.spec.ts` “throws while it is built, or later, is named, and the run ends with the simulation”',
  ),
  fault(
    'a strategy throws where nothing catches it, or leaves a promise rejected',
    'the run ends with the message, the books and exit code 1',
    'at once',
    '`cli/stopping.spec.ts` “ends with 1 and the message when a strategy …, with the books of what was traded”',
  ),
  fault(
    'a strategy gives what is no command',
    'refused, each with its reason',
    'at once',
    '`fault/strategyFaults.spec.ts` “gives garbage has it refused, and goes on”',
  ),
  fault(
    'a strategy gives 1,000,000 commands in one turn',
    'one outcome for each; what a later one replaces is superseded, and batches have 50,000 at most',
    'about 3 s',
    '`fault/strategyFaults.spec.ts` “gives 1,000,000 commands in one turn has one outcome for each, and sends the last of each 50,000”',
  ),
  fault(
    'a strategy never gives anything and never completes',
    'the run ends with the simulation, or when it is stopped',
    'at once',
    '`fault/strategyFaults.spec.ts` “never gives anything and never completes ends with the simulation”',
  ),
  fault(
    'SIGINT, SIGTERM, SIGHUP',
    'all outcomes, the summary, connections closed, exit code 130, 143, 129; a second one leaves at once',
    '5 s for outcomes',
    '`cli/stopping.spec.ts` “ends in order and by itself on …: outcomes, summary, exit code …”, “leaves at once on a second signal”',
  ),
  fault(
    'kill -9, then a restart under the same name',
    'all assets under control, the open orders told, nothing doubled',
    'a slot',
    '`recovery.spec.ts` “is in control of all within a slot, reconciled, and has doubled nothing, at 50 points of a day”',
  ),
  fault(
    'the disk is full where the log goes',
    'told once; the run trades on',
    'at once',
    '`cli/stopping.spec.ts` “trades on when its log does not fit on the disk”',
  ),
  fault(
    'the disk is full where the books go',
    'exit code 1 and the reason',
    'at once',
    '`cli/stopping.spec.ts` “fails when its output does not fit on the disk, and says so”',
  ),
];

/** The fault table, by where a fault comes from. */
export const faults: Readonly<Record<string, readonly Fault[]>> = {
  'Over Redis': redis,
  'From the exchange': exchange,
  'Over REST and websockets': hosted,
  'Here at home': here,
};
