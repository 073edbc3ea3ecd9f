import { dirname, relative, resolve, sep } from 'node:path';

/** `src/model/arn.ts` is in the part `model`, `rules/kms/usable.ts` in `rules`, `src/scan.ts` in `src`. */
function partOf(path) {
  const [top, folder, ...below] = path.split(sep);
  return top === 'src' && below.length > 0 ? folder : top;
}

function checkEachImport(check) {
  const visit = (node) => {
    if (typeof node.source?.value === 'string') check(node.source, node.source.value);
  };
  return { ImportDeclaration: visit, ImportExpression: visit, ExportNamedDeclaration: visit, ExportAllDeclaration: visit };
}

/** An import shows whether it leaves its part: `#model/arn.js` across, `./arn.js` inside. */
const importAcrossParts = {
  meta: {
    type: 'suggestion',
    fixable: 'code',
    schema: [],
    messages: {
      across: 'Write an import from another part by its name: {{name}}',
      inside: 'Write an import inside a part as a relative path.',
    },
  },
  create(context) {
    const path = relative(context.cwd, context.filename);
    const part = partOf(path);
    return checkEachImport((node, source) => {
      if (source.startsWith('.')) {
        const target = relative(context.cwd, resolve(context.cwd, dirname(path), source));
        const name = `#${target
          .split(sep)
          .join('/')
          .replace(/^src\//, '')}`;
        if (partOf(target) !== part && /^(src|rules|reports)$/.test(target.split(sep)[0])) {
          const fix = (fixer) => fixer.replaceText(node, `'${name}'`);
          context.report({ node, messageId: 'across', data: { name }, fix });
        }
      } else if (source.startsWith('#')) {
        const [first, ...below] = source.slice(1).split('/');
        if ((below.length > 0 ? first : 'src') === part) context.report({ node, messageId: 'inside' });
      }
    });
  },
};

/** `eslint-disable-next-line some-rule -- why`. */
const explainDisable = {
  meta: { type: 'suggestion', schema: [], messages: { reason: 'Say why: // eslint-disable-next-line the-rule -- the reason' } },
  create(context) {
    return {
      Program() {
        for (const comment of context.sourceCode.getAllComments()) {
          if (/^\s*eslint-disable/.test(comment.value) && !/\s--\s+\S/.test(comment.value)) {
            context.report({ loc: comment.loc, messageId: 'reason' });
          }
        }
      },
    };
  },
};

export default { rules: { 'import-across-parts': importAcrossParts, 'explain-disable': explainDisable } };
