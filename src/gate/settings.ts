import type { GateConfig, UnknownMode } from '#model/gate.js';
import type { Severity } from '#model/severity.js';

/** What decides how findings gate. */
export interface GateSettings {
  readonly failOn: Severity | 'never';
  readonly failOnNew: Severity | 'never';
  readonly unknown: UnknownMode;
  readonly allowIncomplete: boolean;
  readonly max: { readonly rules: Readonly<Record<string, number>>; readonly accounts: Readonly<Record<string, number>> };
}

/** What was asked for by flags; it comes before what the config says. */
export interface GateAsked {
  readonly failOn?: Severity | 'never' | undefined;
  readonly failOnNew?: Severity | 'never' | undefined;
  readonly unknown?: UnknownMode | undefined;
  readonly allowIncomplete: boolean;
  readonly max?: GateSettings['max'] | undefined;
  /** An earlier run was named: then a regression fails the gate, whatever its severity. */
  readonly against: boolean;
}

/** Who names what new findings do, and not what old ones do, wants to hear of new ones only. */
export function gateSettings(config: GateConfig | undefined, asked: GateAsked): GateSettings {
  const failOnNew = asked.failOnNew ?? config?.failOnNew;
  const onlyNew = failOnNew !== undefined && failOnNew !== 'never';
  return {
    failOn: asked.failOn ?? config?.failOn ?? (onlyNew ? 'never' : 'high'),
    failOnNew: failOnNew ?? (asked.against ? 'info' : 'never'),
    unknown: asked.unknown ?? config?.unknown ?? 'gap',
    allowIncomplete: asked.allowIncomplete,
    max: {
      rules: { ...config?.max?.rules, ...asked.max?.rules },
      accounts: { ...config?.max?.accounts, ...asked.max?.accounts },
    },
  };
}
