import type { Control, Framework } from '#model/framework.js';
import type { RuleId } from '../index.js';

interface CheckedControl extends Control {
  readonly rules: readonly RuleId[];
}

/** A framework as data: the compiler refuses a control that names a rule which is not there. */
export function defineFramework(
  framework: Omit<Framework, 'controls'> & { readonly controls: readonly CheckedControl[] },
): Framework {
  return framework;
}
