import type { ChangeGridFees, Command } from 'gsy-rx';

const rounded = (value: number) => String(Number(value.toFixed(9)));

/** An order in words, so that a spec reads as a picture: `load bids 1 kWh at 24`. */
export const told = (command: Command): string =>
  command.kind === 'bid' || command.kind === 'offer'
    ? `${command.areaUuid} ${command.kind}s ${rounded(command.energyKWh)} kWh at ${rounded(command.priceCents / command.energyKWh)}`
    : `${command.areaUuid} ${command.kind}${command.kind === 'grid-fees' ? feeOf(command) : ''}`;

const feeOf = ({ fee }: ChangeGridFees) => ('percent' in fee ? ` ${fee.percent} %` : ` ${fee.centsPerKWh}`);
