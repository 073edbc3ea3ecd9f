/** What a user can fix. The text is printed without a stack; the code decides the exit code. */
export type ErrorCode =
  'usage' | 'config' | 'output' | 'run-folder' | 'identity' | 'internal' | 'interrupted' | 'disk' | 'stopped';

export class AtrestError extends Error {
  override readonly name = 'AtrestError';
  readonly code: ErrorCode;
  /** What to do about it, when the message alone does not say so. */
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, options: { hint?: string | undefined; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
  }
}
