import { customKeyStoreArn, keyArn } from '../key-reference.js';
import { edge, type EdgeSpec } from './spec.js';

export const kmsEdges: readonly EdgeSpec[] = [
  edge({
    name: 'primary',
    from: 'kms.key',
    facet: 'metadata',
    to: 'kms.key',
    targets: ({ multiRegion }) =>
      multiRegion?.role === 'REPLICA' && multiRegion.primaryArn !== null ? [multiRegion.primaryArn] : [],
  }),
  edge({
    name: 'store',
    from: 'kms.key',
    facet: 'metadata',
    to: 'kms.custom-key-store',
    targets: ({ customKeyStoreId }, place) => (customKeyStoreId === null ? [] : [customKeyStoreArn(place, customKeyStoreId)]),
  }),
  edge({
    name: 'target',
    from: 'kms.alias',
    facet: 'details',
    to: 'kms.key',
    targets: ({ target }, place) => (target === null ? [] : [keyArn(place, target)]),
  }),
];
