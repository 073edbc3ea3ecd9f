import { fileURLToPath } from 'node:url';
import vitest from '@vitest/eslint-plugin';
import node from 'eslint-plugin-n';
import { defineConfig, globalIgnores } from 'eslint/config';
import typescript from 'typescript-eslint';
import atrest from './eslint-rules.js';

const tsconfigRootDir = fileURLToPath(new URL('..', import.meta.url));

/** The parts that are handed everything they know: no process, no console, no environment. */
const library = ['src/**/*.ts', 'rules/**/*.ts', 'reports/**/*.ts'];
const cli = ['src/cli/**/*.ts'];
/** Same inventory, same rules, same clock: the same bytes. */
const deterministic = ['src/{model,policy,engine,gate,inventory,plan,config}/**/*.ts', 'rules/**/*.ts', 'reports/**/*.ts'];

const emptyCatch = {
  selector: 'CatchClause[body.body.length=0]',
  message: 'An error that is dropped is a gap in the report: narrow it and say in code what it means.',
};
const client = {
  selector: 'NewExpression[callee.name=/^[A-Z]\\w*Client$/]',
  message: 'SDK clients are made by the factory in src/aws only: it sets timeouts, retry and the shared agent.',
};
const clock = {
  selector:
    ":matches(NewExpression[callee.name='Date'][arguments.length=0], CallExpression[callee.object.name='Date'][callee.property.name='now'])",
  message: 'The clock is injected (ATREST_NOW): take `now` as a parameter.',
};
const random = {
  selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']",
  message: 'Same inventory, same report: no randomness here.',
};
/** With noUncheckedIndexedAccess a loop over indexes needs `items[i]!`; nothing else does. */
const nonNull = {
  selector: "TSNonNullExpression:not([expression.type='MemberExpression'][expression.computed=true])",
  message: 'Only an index that was just checked may be asserted (items[i]!): handle the missing value.',
};
const syntax = (...forbidden) => ({ 'no-restricted-syntax': ['error', emptyCatch, nonNull, ...forbidden] });

export default defineConfig(
  globalIgnores(['dist/', 'node_modules/', '.venv/', 'coverage/', 'atrest-demo/', 'artifacts/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error', reportUnusedInlineConfigs: 'error' } },

  {
    files: ['**/*.{ts,js,mjs,cjs}'],
    plugins: { n: node, atrest },
    rules: {
      ...syntax(),
      'atrest/explain-disable': 'error',
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'object-shorthand': 'error',
      'no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 80, skipBlankLines: true, skipComments: true }],
      'n/prefer-node-protocol': 'error',
      'n/no-deprecated-api': 'error',
      'n/no-unsupported-features/node-builtins': [
        'error',
        { ignores: ['fetch', 'Response', 'Request', 'Headers', 'ReadableStream'] },
      ],
    },
  },

  {
    files: ['**/*.ts'],
    extends: [typescript.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      // A default clause is a decision; without one every member has a case.
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/prefer-readonly': 'error',
      '@typescript-eslint/prefer-nullish-coalescing': ['error', { ignorePrimitives: { string: true, boolean: true } }],
      '@typescript-eslint/prefer-optional-chain': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: 'only-allowed-literals' }],
      // A number in a sentence and `() => log(x)` read well.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-misused-spread': ['error', { allow: [{ from: 'lib', name: 'string' }] }],
      // `nonNull` above takes its place.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Contexts are taken apart where they arrive: `evaluate(key, { pass, fail })`.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-generated-empty-object-type': 'off',
      // An interface may promise what one of its implementations has at once.
      '@typescript-eslint/require-await': 'off',
      // A type parameter that is named once still says what a return type is.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      'no-unused-vars': 'off',
    },
  },

  {
    files: [...library, 'test/**/*.ts', 'bench/**/*.ts'],
    rules: {
      'atrest/import-across-parts': 'error',
      'no-restricted-exports': [
        'error',
        { restrictDefaultExports: { direct: true, named: true, defaultFrom: true, namedFrom: true, namespaceFrom: true } },
      ],
      ...syntax(client),
    },
  },
  { files: ['rules/**/*.ts', '**/*.d.ts'], rules: { 'no-restricted-exports': 'off' } },

  {
    files: library,
    // The worker is a process of its own.
    ignores: [...cli, 'src/cell-worker.ts'],
    rules: {
      'no-console': 'error',
      'no-restricted-globals': [
        'error',
        { name: 'process', message: 'Only src/cli knows the process: take what is needed as a parameter.' },
      ],
      'no-restricted-imports': ['error', { paths: ['node:process', 'process', 'node:console', 'console'] }],
      'n/no-process-env': 'error',
    },
  },
  { files: library, rules: { 'n/no-process-exit': 'error' } },
  { files: ['src/aws/**/*.ts'], rules: syntax() },
  { files: deterministic, rules: syntax(client, clock, random) },

  // Runs in the reader's browser.
  { files: ['reports/html/client/**/*.ts'], rules: { 'n/no-unsupported-features/node-builtins': 'off' } },

  // Data, as long as the framework is.
  { files: ['rules/frameworks/*.ts'], rules: { 'max-lines': 'off' } },

  // One file a language, and a template is one text.
  { files: ['reports/html/texts/*.ts'], rules: { 'max-lines': 'off' } },
  { files: ['reports/html/templates/*.ts'], rules: { 'max-lines-per-function': 'off' } },
  {
    files: ['test/**/*.ts'],
    plugins: { vitest },
    rules: {
      ...vitest.configs.recommended.rules,
      'no-restricted-syntax': ['error', emptyCatch],
      'vitest/no-focused-tests': 'error',
      // A skipped test says why: // eslint-disable-next-line vitest/no-disabled-tests -- the reason
      'vitest/no-disabled-tests': 'error',
      'vitest/expect-expect': ['error', { assertFunctionNames: ['expect*', 'assert*', 'test*', 'fc.assert'] }],
      'vitest/valid-expect': ['error', { maxArgs: 2 }],
      'vitest/valid-title': ['error', { allowArguments: true }],
      'vitest/no-standalone-expect': 'off',
      'vitest/no-conditional-expect': 'off',
      'max-lines': ['error', { max: 500, skipBlankLines: true, skipComments: true }],
      // A describe block is a function too.
      'max-lines-per-function': 'off',
      // Parsed documents are looked into as they are.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
);
