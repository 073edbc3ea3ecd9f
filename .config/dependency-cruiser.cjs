// Who may import whom. `parts` is the table; the rules below it say the same of packages and of Node's modules.

/** For each part of `src/`, `rules` and `reports`: the other parts that it may import, and why no more. */
const parts = {
  model: { may: [], why: 'The vocabulary: everything stands on it, it stands on nothing.' },
  policy: { may: ['model'], why: 'Policy analysis is pure, so that rules may use it.' },
  config: { may: ['model'], why: 'A config is validated before anything else is loaded.' },
  plan: {
    may: ['model', 'aws', 'collect', 'inventory'],
    why: 'A plan follows from what facets declare and what an inventory holds; a preflight asks AWS.',
  },
  aws: { may: ['model'], why: 'How AWS is called does not depend on what is asked.' },
  scope: { may: ['model', 'aws'], why: 'Scope finds accounts and regions; it knows nothing of what is read there.' },
  inventory: { may: ['model', 'policy'], why: 'The run folder outlives the crawl: evaluation must work without it.' },
  engine: { may: ['model', 'policy'], why: 'Evaluation is a pure function of the inventory; the registry is handed in.' },
  gate: { may: ['model', 'policy'], why: 'The gate judges findings, whoever made them.' },
  collect: { may: ['aws', 'inventory', 'policy', 'model'], why: 'The crawl reads and writes down; it does not judge.' },
  plugins: {
    may: ['model', 'config', 'collect', 'inventory', 'engine', 'reports'],
    why: 'A plugin is checked against what can be collected and what formats there are, and its cases are judged by the engine itself.',
  },
  evidence: { may: ['engine', 'inventory', 'aws', 'model'], why: 'A pack is verified by replaying the stored run.' },
  outbound: { may: ['aws', 'model'], why: 'What is sent is the finished report.' },
  estate: { may: [], why: 'The simulated AWS must not share the mistakes of the scanner that is tested against it.' },
};

const everyPart = Object.keys(parts);
const path = (part) => (part === 'reports' ? '^reports/' : `^src/${part}/`);
const ours = '^(src|rules|reports)/';
const sdk = 'node_modules/@(aws-sdk|smithy)/';
const core = (...names) => `^(node:)?(${names.join('|')})(/|$)`;
const network = core('net', 'http', 'https', 'http2', 'tls', 'dgram', 'dns');
const files = core('fs');
const processes = core('child_process', 'cluster', 'worker_threads', 'process', 'repl', 'inspector');

const rule = (name, comment, from, to) => ({ name, severity: 'error', comment, from, to });

module.exports = {
  forbidden: [
    ...Object.entries(parts).map(([part, { may, why }]) =>
      rule(
        `${part}-imports`,
        `${why} It may import: ${may.join(', ') || 'no other part'}.`,
        { path: path(part) },
        {
          path: ours,
          pathNot: [part, ...may].map(path),
        },
      ),
    ),
    rule(
      'rules-imports',
      'A rule is a pure function over the model; no rule leans on another.',
      { path: '^rules/' },
      {
        path: ours,
        pathNot: [path('model'), path('policy'), '^rules/'],
      },
    ),
    rule(
      'rule-imports-rule',
      'No rule leans on another: what two share belongs to model or policy.',
      { path: '^rules/(?!frameworks/)[^/]+/' },
      {
        path: '^rules/',
      },
    ),
    rule(
      'reports-imports',
      'A report turns a header and a stream of findings into bytes, wherever they come from.',
      { path: '^reports/' },
      {
        path: ours,
        pathNot: [path('model'), '^reports/'],
      },
    ),
    rule(
      'cli-imports',
      'The command line uses the public API, as any other caller would; only demo starts the estate. Help names the formats.',
      { path: path('cli') },
      {
        path: ours,
        pathNot: [path('cli'), '^src/(index|version|heap)\\.ts$', '^reports/index\\.ts$', path('estate')],
      },
    ),
    rule(
      'only-demo-starts-the-estate',
      'Nothing of the scanner may know the simulated AWS, save the demo command.',
      {
        path: ours,
        pathNot: [path('estate'), '^src/cli/commands/demo[./]'],
      },
      { path: path('estate') },
    ),
    rule(
      'public-api-is-the-top',
      'index.ts and scan.ts wire the parts: a part that imported them would close a circle.',
      {
        path: ours,
        pathNot: [path('cli'), '^src/[^/]+$'],
      },
      { path: '^src/[^/]+$' },
    ),
    rule(
      'no-unknown-part',
      'A new folder in src/ belongs into the table of this file first.',
      {
        path: '^src/[^/]+/',
        pathNot: [...everyPart, 'cli'].map(path),
      },
      {},
    ),

    rule(
      'nothing-imports-tests',
      'Tests look at the code; the code does not know them.',
      { path: '^(src|rules|reports|bench)/' },
      { path: '^test/' },
    ),
    rule('nothing-imports-bench', 'Benchmarks are not shipped.', { path: ours }, { path: '^bench/' }),
    rule('no-circular', 'A circle cannot be read, tested or loaded one part at a time.', {}, { circular: true }),
    rule('not-resolvable', 'The file or package does not exist.', {}, { couldNotResolve: true }),
    rule(
      'no-dev-dependency',
      'A package that is only needed to develop is not there when the code is used.',
      { path: ours },
      {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
      },
    ),

    rule(
      'sdk-behind-the-factory',
      'The SDK is slow to load and has no place in what works offline.',
      {
        path: ours,
        pathNot: [...['aws', 'scope', 'outbound', 'evidence'].map(path), '^src/collect/services/'],
      },
      { path: sdk },
    ),
    rule(
      'model-packages',
      'The vocabulary has no I/O: zod for schemas, node:crypto for digests, nothing else.',
      { path: path('model') },
      {
        dependencyTypes: ['npm', 'core'],
        pathNot: ['node_modules/zod/', core('crypto')],
      },
    ),
    rule(
      'policy-packages',
      'Policy analysis is a pure function of the text.',
      { path: path('policy') },
      {
        dependencyTypes: ['npm', 'core'],
        pathNot: ['node_modules/zod/', core('crypto')],
      },
    ),
    rule(
      'rules-packages',
      'A rule is a pure function over the model: no node built-in, no npm package but zod.',
      { path: '^rules/' },
      {
        dependencyTypes: ['npm', 'core'],
        pathNot: 'node_modules/zod/',
      },
    ),
    rule(
      'reports-packages',
      'A report is bytes out of findings: Handlebars and what compresses or digests, no files, no network.',
      { path: '^reports/' },
      {
        dependencyTypes: ['npm', 'core'],
        pathNot: ['node_modules/handlebars/', core('zlib', 'crypto', 'stream', 'buffer')],
      },
    ),
    rule(
      'estate-packages',
      'The simulated AWS speaks the wire protocols itself: with packages of the scanner it would share their mistakes.',
      {
        path: path('estate'),
      },
      { dependencyTypes: ['npm'] },
    ),
    rule(
      'no-network',
      'What is judged or stored was read before: no network here.',
      {
        path: [...['model', 'policy', 'config', 'plan', 'inventory', 'engine', 'gate'].map(path), '^rules/', '^reports/'],
      },
      { path: network },
    ),
    rule(
      'no-files',
      'Evaluation and gate are handed streams: files are for inventory and cli.',
      { path: ['engine', 'gate'].map(path) },
      { path: files },
    ),
    rule(
      'no-processes',
      'Pure parts run wherever they are called.',
      {
        path: [...['model', 'policy', 'plan', 'inventory', 'engine', 'gate'].map(path), '^rules/', '^reports/'],
      },
      { path: processes },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};
