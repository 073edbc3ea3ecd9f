export const dayMs = 86_400_000;

/** Whole days from one moment to a later one. */
export function daysBetween(from: string, to: Date): number {
  return Math.floor((to.getTime() - Date.parse(from)) / dayMs);
}

/** Longer ago than so many days, to the millisecond. */
export function isOlderThan(moment: string, days: number, now: Date): boolean {
  return now.getTime() - Date.parse(moment) > days * dayMs;
}

export function daysText(count: number): string {
  return countText(count, 'day');
}

export function countText(count: number, unit: string): string {
  return count === 1 ? `1 ${unit}` : `${count} ${unit}s`;
}

export function dateOf(moment: string): string {
  return moment.slice(0, 10);
}

/** Whether a last day (YYYY-MM-DD, in UTC) is over; null: there is none. */
export function isOver(lastDay: string | null, now: Date): boolean {
  return lastDay !== null && dateOf(now.toISOString()) > lastDay;
}

/** Days from today (in UTC) to a last day: 0 on the day itself. */
export function daysLeft(lastDay: string, now: Date): number {
  return Math.round((Date.parse(lastDay) - Date.parse(dateOf(now.toISOString()))) / dayMs);
}
