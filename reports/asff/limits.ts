/**
 * What Security Hub takes; one field beyond it and the finding is refused.
 * https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_AwsSecurityFinding.html
 */
export const limits = {
  generatorId: 512,
  title: 256,
  description: 1024,
  recommendation: 512,
  resourceId: 512,
  productFieldValue: 2048,
  relatedRequirements: 32,
  relatedRequirement: 64,
  /** From what it was seen to refuse: the reference does not name it. */
  associatedStandards: 20,
  associatedStandard: 128,
  statusReasons: 20,
  statusReason: 256,
  reasonCode: 128,
  region: 16,
} as const;

/** Stands where something was cut. */
export const mark = '…';

/** Fits texts into fields, and remembers of which field something was left out. */
export class Fitter {
  readonly cut: string[] = [];

  /** At least one visible character, at most `max`; null: there is nothing to say. */
  text(field: string, text: string | null | undefined, max: number): string | null {
    const visible = visibleText(text ?? '');
    if (visible === '') return null;
    if (visible.length <= max) return visible;
    this.cut.push(field);
    return `${visible.slice(0, lengthOf(visible, max - mark.length))}${mark}`;
  }

  /** At most `max` of the items; in place of the last, how many more there are. */
  items(field: string, items: readonly string[], max: number, maxLength: number): readonly string[] {
    const fitted = items.flatMap((item) => this.text(field, item, maxLength) ?? []);
    if (fitted.length <= max) return fitted;
    this.cut.push(field);
    return [...fitted.slice(0, max - 1), `${mark} and ${String(fitted.length - max + 1)} more`];
  }
}

/** Almost all texts are, and the rest takes ten times as long. */
const isPlain = /^[\n\t\x20-\x7e]*$/;

/** What is none of a text's characters is shown as something that is; blank ends go. */
function visibleText(text: string): string {
  if (isPlain.test(text)) return text.trim();
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/\p{Cs}|(?![\n\t])\p{Cc}/gu, '\ufffd')
    .trim();
}

/** So that no character is cut in half. */
function lengthOf(text: string, max: number): number {
  const last = text.charCodeAt(max - 1);
  return last >= 0xd800 && last <= 0xdbff ? max - 1 : max;
}
