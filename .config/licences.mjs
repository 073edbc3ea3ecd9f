import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './bundle.mjs';

/** The licence texts of the npm packages that a bundle contains: they ask to be passed on with it. */
export function licencesOf(metafile) {
  const inputs = Object.keys(metafile.inputs);
  const folders = new Set(inputs.flatMap((input) => /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? []));
  const packagesByText = new Map();
  for (const folder of [...folders].sort()) {
    const text = licenceText(folder);
    packagesByText.set(text, [...(packagesByText.get(text) ?? []), nameOf(folder)]);
  }
  return [...packagesByText].map(([text, names]) => `${names.join('\n')}\n\n${text}`).join(`\n${'-'.repeat(80)}\n\n`);
}

function nameOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
  return `${name} ${version} (${license})`;
}

function licenceText(folder) {
  const file = readdirSync(join(root, folder)).find((entry) => /^licen[cs]e/i.test(entry));
  return file === undefined ? '' : `${readFileSync(join(root, folder, file), 'utf8').trim()}\n`;
}
