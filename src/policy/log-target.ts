import { known, type Attempt } from '#model/attempt.js';
import type { Referrers } from '#model/rule.js';
import { logDelivery } from './bucket.js';
import { readPolicy, statementName } from './reading.js';

/**
 * What shows that logs are delivered into a bucket which AWS can only write under SSE-S3; null when nothing does.
 * `sources`: the buckets whose access logs go here. One thing that was read is enough.
 */
export function logTargetShownBy(sources: Referrers, policy: Attempt<string | null>, arn: string): Attempt<string | null> {
  const [first] = sources.first;
  if (first !== undefined) return known(`${first} delivers its access logs here (GetBucketLogging)`);

  const document = readPolicy('s3.bucket/policy', policy);
  const [writer] = document.known && document.value !== null ? logDelivery(document.value, arn) : [];
  if (writer !== undefined) return known(`${statementName(writer)} of its policy allows s3:PutObject to ${writer.principal}`);

  const missing = [...sources.missing, ...(document.known ? [] : document.missing)];
  return missing.length === 0 ? known(null) : { known: false, missing };
}
