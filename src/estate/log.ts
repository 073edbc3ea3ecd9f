export interface CallRecord {
  at: number;
  account: string;
  region: string;
  /** `kms:DescribeKey` */
  operation: string;
  resource?: string;
  /** By the SDK's names. */
  params: Record<string, unknown>;
  status: number;
  code?: string;
  requestId: string;
  /** Kinds of the faults that hit, joined by `+`. */
  fault?: string;
}

/** The calls that came in, in order; bounded, since a benchmark makes more than memory should hold. */
export class CallLog {
  readonly records: CallRecord[] = [];
  readonly counts = new Map<string, number>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(record: CallRecord): void {
    this.counts.set(record.operation, (this.counts.get(record.operation) ?? 0) + 1);
    if (this.#limit === 0) return;
    this.records.push(record);
    // In one go and rarely: shifting a long array for every call would be quadratic.
    if (this.records.length > this.#limit * 1.25) this.records.splice(0, this.records.length - this.#limit);
  }
}
