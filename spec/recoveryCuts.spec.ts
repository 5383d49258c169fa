import { expect } from 'chai';
import { playCutDay, redisPlace, restPlace, type CutDay, type OpenPlace } from './cutDay.ts';

const CLIENTS = 10;
const EACH = 10;

/** A websocket that does not last for a second counts as one long trouble, and is given ever longer pauses. */
const ways: Readonly<Record<string, { readonly place: OpenPlace; readonly pauseMs: number }>> = {
  Redis: { place: redisPlace, pauseMs: 250 },
  REST: { place: restPlace, pauseMs: 1_050 },
};

for (const [way, { place, pauseMs }] of Object.entries(ways))
  describe(`a day with 100 cuts of connections over ${way}`, () => {
    let day: CutDay;
    before(async function () {
      this.timeout(60_000);
      const cuts = { clients: CLIENTS, each: EACH, seed: 1 };
      day = await playCutDay(place, { ...cuts, pauseMs: (random) => pauseMs + 250 * random });
    });

    it('loses no subscription: every client hears the end', () => {
      for (const { end } of day.clients) expect(end).to.deep.equal({ reason: 'finished' });
    });

    it('shows each cut as a gap, and what was missed', () => {
      for (const { gaps, reconciliations } of day.clients) {
        expect(gaps).to.equal(EACH);
        expect(reconciliations.map(({ cause }) => cause)).to.deep.equal(
          Array.from({ length: EACH }, () => 'gap'),
        );
      }
    });

    it('gives every command one outcome', () => {
      for (const { given, outcomes } of day.clients) {
        expect(given).to.be.above(EACH);
        expect(outcomes).to.have.length(given);
        expect(new Set(outcomes.map(({ command }) => command)).size).to.equal(given);
      }
    });

    it('sends no batch twice and doubles no order', () => {
      expect(new Set(day.transactions).size).to.equal(day.transactions.length);
      expect(new Set(day.booked).size).to.equal(day.booked.length);
    });

    it('counts as accepted only what came into the book, and as not sent or refused only what did not', () => {
      const booked = new Set(day.booked);
      for (const { kind, command } of day.clients.flatMap(({ outcomes }) => outcomes)) {
        const isBooked = booked.has(
          `${command.areaUuid} ${'priceCents' in command ? command.priceCents : ''}`,
        );
        if (kind !== 'unanswered') expect(isBooked, kind).to.equal(kind === 'accepted');
      }
    });
  });
