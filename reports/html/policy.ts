/** The source expression that lets exactly this inline text run or apply. */
export async function hashSource(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return `'sha256-${btoa(String.fromCharCode(...new Uint8Array(digest)))}'`;
}

/** The page's content security policy: nothing is loaded, one style and at most one script apply, no text becomes markup. */
export async function contentPolicy(style: string, script: string | null): Promise<string> {
  return [
    "default-src 'none'",
    `script-src ${script === null ? "'none'" : await hashSource(script)}`,
    `style-src ${await hashSource(style)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}
