import { parseChecked, type Locate } from './checked-yaml.js';
import { Config } from './schema.js';

export interface LoadedConfig {
  readonly config: Config;
  readonly locate: Locate;
}

/** Reads a config from its text. `file` is named in errors, as file:line:column. */
export function parseConfig(text: string, file: string): LoadedConfig {
  const { value, locate } = parseChecked(text, file, Config);
  return { config: value, locate };
}
