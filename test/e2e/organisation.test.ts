import { test } from 'vitest';
import { checkOrganisation } from '../support/organisation.js';

test(
  'accounts of every size in all regions are read whole, within the quotas, each role assumed once',
  { timeout: 120_000 },
  () => checkOrganisation({ accounts: 6, latencyMs: 5 }),
);
