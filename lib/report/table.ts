import Table from 'cli-table3';
import type { OutcomeKind } from '../model/outcomes.ts';
import { printable } from '../wire/report.ts';
import type { Account, Flow, Ledger } from './ledger.ts';
import type { Trouble } from './trouble.ts';
import { troubleLines } from './troubleLines.ts';

/**
 * The books of a run as text for a terminal: one row per asset, then the figures of the community, then what went
 * wrong where something did. Energies in kWh, money in cents, rates in cents/kWh.
 */
export const summary = (ledger: Ledger, trouble?: Trouble): string => {
  const wrong = trouble === undefined ? '' : troubleLines(trouble);
  const parts = [accountsTable(ledger) + '\n', communityLines(ledger) + '\n', wrong];
  return printable(parts.filter((part) => part !== '').join('\n'));
};

const accountsTable = ({ accounts }: Ledger): string => {
  const table = new Table({
    head: [
      'asset',
      'kind',
      'bought kWh',
      'sold kWh',
      'paid ct',
      'earned ct',
      'ct/kWh bought',
      'ct/kWh sold',
      'accepted',
      'rejected',
      'other',
    ],
    colAligns: ['left', 'left', ...Array<'right'>(9).fill('right')],
    style: { head: [], border: [], compact: true },
  });
  for (const account of accounts) table.push(row(account));
  if (accounts.length > 1)
    table.push(row({ ...total(accounts), areaUuid: '', name: 'total', kind: 'unknown' }));
  return table.toString();
};

const row = ({ name, kind, bought, sold, outcomes }: Account): string[] => [
  name,
  kind === 'unknown' ? '' : kind,
  number(bought.energyKWh, 3),
  number(sold.energyKWh, 3),
  number(bought.moneyCents, 2),
  number(sold.moneyCents, 2),
  rate(bought),
  rate(sold),
  String(outcomes.accepted ?? 0),
  String(outcomes.rejected ?? 0),
  others(outcomes),
];

const total = (accounts: readonly Account[]): Pick<Account, 'bought' | 'sold' | 'outcomes'> => {
  const flow = (side: 'bought' | 'sold'): Flow => ({
    energyKWh: sum(accounts.map((account) => account[side].energyKWh)),
    moneyCents: sum(accounts.map((account) => account[side].moneyCents)),
  });
  const kinds = new Set(accounts.flatMap(({ outcomes }) => Object.keys(outcomes) as OutcomeKind[]));
  const outcomes = Object.fromEntries(
    [...kinds].map((kind) => [kind, sum(accounts.map((account) => account.outcomes[kind] ?? 0))]),
  );
  return { bought: flow('bought'), sold: flow('sold'), outcomes };
};

const communityLines = (ledger: Ledger): string => {
  const { bought, sold } = total(ledger.accounts);
  const lines: readonly (readonly [string, string])[] = [
    ['market slots', String(ledger.slots)],
    ['demand', `${number(ledger.demandKWh, 3)} kWh`],
    ['production', `${number(ledger.productionKWh, 3)} kWh`],
    ['self-sufficiency', share(ledger.boughtLocallyKWh, ledger.demandKWh)],
    ['traded volume', `${number(bought.energyKWh, 3)} kWh bought, ${number(sold.energyKWh, 3)} kWh sold`],
    ['average price', `${rate(bought)} ct/kWh paid, ${rate(sold)} ct/kWh earned`],
    ['feed-in tariff', `${optional(ledger.feedInTariffRate)} ct/kWh`],
    ['market maker rate', `${optional(ledger.marketMakerRate)} ct/kWh`],
  ];
  return lines.map(([what, figure]) => `${what.padEnd(20)}${figure}`).join('\n');
};

const others = (outcomes: Account['outcomes']): string => {
  const rest = Object.entries(outcomes).filter(([kind]) => kind !== 'accepted' && kind !== 'rejected');
  return rest.length === 0 ? '0' : rest.map(([kind, count]) => `${count} ${kind}`).join(', ');
};

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
const number = (value: number, digits: number): string => (value === 0 ? '0' : value.toFixed(digits));
const rate = ({ energyKWh, moneyCents }: Flow): string =>
  energyKWh === 0 ? '–' : (moneyCents / energyKWh).toFixed(2);
const optional = (value: number | undefined): string => (value === undefined ? '–' : value.toFixed(2));
const share = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`;
