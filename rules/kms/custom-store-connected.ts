import { countText } from '#model/days.js';
import { known } from '#model/attempt.js';
import { keyUsers } from '#model/key-users.js';
import { defineRule, keyLookup } from '#model/rule.js';
import { shellQuote } from '#model/shell.js';

const expected = 'CONNECTED';

export default defineRule({
  id: 'kms/custom-store-connected',
  kind: 'kms.custom-key-store',
  severity: 'high',
  title: 'Custom key stores are connected',
  needs: ['details'],
  lookups: keyLookup,
  reverse: ['store', 'key'],
  docs: {
    why: 'The keys of a custom key store are in an HSM cluster or with an external key manager. While KMS is cut off from it, none of them can be used, and everything under them is out of reach.',
    source: 'https://docs.aws.amazon.com/kms/latest/developerguide/key-store-overview.html',
    waive: 'A key store that is disconnected on purpose, to lock the data under its keys.',
  },
  messages: {
    connected: 'The custom key store is connected.',
    inUse: 'The custom key store is {state}. Its keys are in use by {dependants}.',
    notInUse: 'The custom key store is {state}. It holds {keys}, and no resource of the run uses any of them.',
    notFullyRead: 'The custom key store is {state}. No use of its keys was found; keys and dependants not fully read.',
    empty: 'The custom key store is {state}. It holds no keys.',
  },
  states: [
    ['CONNECTED', 'pass'],
    ['CONNECTING', 'not applicable'],
    ['ConnectionState absent, or one that this version does not know', 'unknown'],
    ['DISCONNECTED, DISCONNECTING or FAILED, and a resource of the run uses one of its keys', 'fail, critical'],
    ['The same, and its keys or what uses them could not be read to the end', 'fail, high'],
    ['The same, and it holds no keys', 'fail, low'],
    ['The same, and nothing uses its keys', 'fail, high'],
  ],
  remediation: ({ arn, region }) => {
    const store = `--region ${shellQuote(region)} --custom-key-store-id ${shellQuote(arn.slice(arn.lastIndexOf('/') + 1))}`;
    return {
      text: 'Put right what ConnectionErrorCode names, disconnect a store that failed to connect, and connect it again.',
      cli: `aws kms describe-custom-key-stores ${store}\naws kms disconnect-custom-key-store ${store}\naws kms connect-custom-key-store ${store}`,
      terraform: '# Terraform makes custom key stores but does not connect them: aws_kms_custom_key_store.',
    };
  },
  evaluate: ({ arn, details }, { pass, fail, unknown, notApplicable, refs, dependants }) => {
    const { state, errorCode } = details;
    if (state === 'CONNECTED') return pass('connected', { expected, actual: state });
    if (state === 'CONNECTING') return notApplicable('the custom key store is connecting');
    if (state === null || !apart.has(state)) return unknown([stateUnknown(state)]);

    const keys = refs('store');
    const users = keyUsers(dependants(arn), known([]));
    const data = { state: errorCode === null ? state : `${state} (${errorCode})` };
    const evidence = { ConnectionState: state, ConnectionErrorCode: errorCode, keys: keys.first, dependants: users.byKind };
    const facts = { expected, actual: data.state, evidence };
    if (users.total > 0) return fail('inUse', { ...facts, severity: 'critical', data: { ...data, dependants: users.text } });
    // Resources know their keys by id: without keys there is nothing they could depend on.
    if (keys.missing.length > 0 || (keys.count > 0 && users.missing.length > 0)) return fail('notFullyRead', { ...facts, data });
    if (keys.count === 0) return fail('empty', { ...facts, data, severity: 'low' });
    return fail('notInUse', { ...facts, data: { ...data, keys: countText(keys.count, 'key') } });
  },
});

const apart = new Set(['DISCONNECTED', 'DISCONNECTING', 'FAILED']);

function stateUnknown(state: string | null) {
  return {
    facet: 'kms.custom-key-store/details',
    operation: 'kms:DescribeCustomKeyStores',
    action: 'kms:DescribeCustomKeyStores',
    code: state === null ? 'ConnectionState' : `a known ConnectionState (it says ${state})`,
    cause: 'absent-field',
  } as const;
}
