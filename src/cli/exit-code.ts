import type { ErrorCode } from '#index.js';

/** The contract's exit codes; 1, 3 and 70 also come from a finished run. */
export const exitCodes: Readonly<Record<ErrorCode, number>> = {
  usage: 2,
  config: 2,
  output: 2,
  'run-folder': 2,
  disk: 3,
  stopped: 3,
  identity: 4,
  internal: 70,
  interrupted: 130,
};
