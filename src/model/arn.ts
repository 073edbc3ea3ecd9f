/** The six fields of an Amazon Resource Name. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  /** Everything after the fifth colon; may itself hold colons and slashes. */
  readonly resource: string;
}

/** Undefined when the text is not an ARN. */
export function parseArn(text: string): Arn | undefined {
  const [prefix, partition, service, region, account, ...rest] = text.split(':');
  if (prefix !== 'arn' || !partition || !service || region === undefined || account === undefined) return undefined;
  if (rest.length === 0) return undefined;
  return { partition, service, region, account, resource: rest.join(':') };
}

export function formatArn({ partition, service, region, account, resource }: Arn): string {
  return `arn:${partition}:${service}:${region}:${account}:${resource}`;
}
