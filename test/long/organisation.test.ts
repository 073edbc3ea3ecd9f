import { test } from 'vitest';
import { expectOrganisation } from '../support/organisation.js';

test(
  'a hundred accounts in seventeen regions are read whole, within the quotas, each role assumed once',
  { timeout: 900_000 },
  () => expectOrganisation({ accounts: 100, latencyMs: 60 }),
);
