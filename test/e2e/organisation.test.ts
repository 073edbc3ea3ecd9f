import { test } from 'vitest';
import { expectOrganisation } from '../support/organisation.js';

test(
  'accounts of every size in all regions are read whole, within the quotas, each role assumed once',
  { timeout: 120_000 },
  () => expectOrganisation({ accounts: 6, latencyMs: 5 }),
);
