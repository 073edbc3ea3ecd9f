/** Where something was read: one account, in one region of one partition. */
export interface Place {
  readonly partition: string;
  readonly account: string;
  readonly region: string;
}

/** The services that a run reads; each is crawled by cells of its own. */
export const services = ['ec2', 'kms', 'rds', 's3'] as const;
export type Service = (typeof services)[number];

/** A cell: one service in one account and region. `region` is `global` for kinds that are listed once per account: general purpose buckets. */
export interface CellId {
  readonly account: string;
  readonly region: string;
  readonly service: Service;
}

export function cellName({ account, region, service }: CellId): string {
  return `${account}/${region}/${service}`;
}

/** Order of cells, hence of findings: account, region, service. */
export function compareCells(a: CellId, b: CellId): number {
  return compareText(a.account, b.account) || compareText(a.region, b.region) || compareText(a.service, b.service);
}

/** Order by code units: the same on every machine, whatever its locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
