import { dateOf, dayMs, daysText } from './days.js';
import type { KeyMetadata } from './resources/index.js';

/** When a key that waits for its deletion is gone. A multi-Region primary gets its date only with its last replica's end. */
export function timeToDeletion(
  { state, deletionAt, pendingDeletionWindowDays: window, multiRegion }: KeyMetadata,
  now: Date,
): string {
  if (state === 'PendingReplicaDeletion') {
    const replicas = multiRegion?.replicas.map(({ arn }) => arn).join(', ') ?? '';
    const wait = window === null ? 'its waiting period begins' : `its waiting period of ${daysText(window)} begins`;
    return `${wait} once its replicas are gone${replicas === '' ? '' : `, held back by ${replicas}`}`;
  }
  if (deletionAt === null) return 'AWS gives no date';
  const left = Math.max(0, Math.ceil((Date.parse(deletionAt) - now.getTime()) / dayMs));
  return `to be deleted on ${dateOf(deletionAt)}, ${daysText(left)} left`;
}
