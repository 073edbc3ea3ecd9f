/**
 * Key policies as they are met in the wild, with what they give. `from` names the section of the field notes (FIELD)
 * or of the comparison of other tools' checks (CHECKS) whose false positive or false negative a row is.
 */
import { duties } from './table/duties.js';
import { everyone } from './table/everyone.js';
import { grants } from './table/grants.js';
import { outsiders } from './table/outsiders.js';
import { services } from './table/services.js';
import { visits } from './table/visits.js';
import { whole } from './table/whole.js';
import type { Row } from './table/row.js';

export { ORG, UNREAD_ORG, type Answers, type Row } from './table/row.js';

export const rows: readonly Row[] = [...whole, ...everyone, ...outsiders, ...services, ...duties, ...grants, ...visits];
