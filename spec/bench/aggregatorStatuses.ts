/** A command about an aggregator, as the exchange hears it. */
export interface Control {
  readonly type?: string;
  readonly transaction_id?: string;
}

/** What an aggregator command is answered with: to create what is there already is an error, by which clients know it. */
export const aggregatorStatuses = () => {
  const created = new Set<string | undefined>();
  return ({ type, transaction_id: uuid }: Control): string => {
    if (type !== 'CREATE') return 'SELECTED';
    const status = created.has(uuid) ? 'error' : 'ready';
    created.add(uuid);
    return status;
  };
};
