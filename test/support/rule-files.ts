import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** Ids of all rules by their files, sorted: `rules/kms/rotation-enabled.ts` is `kms/rotation-enabled`. */
export function ruleIds(): readonly string[] {
  const services = readdirSync(`${root}rules`, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && entry.name !== 'frameworks',
  );
  return services
    .flatMap(({ name }) => readdirSync(`${root}rules/${name}`).map((file) => `${name}/${file}`))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.slice(0, -'.ts'.length))
    .sort();
}
