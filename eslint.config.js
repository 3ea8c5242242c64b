import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/** knex methods that take SQL as it is. */
const RAW_SQL = '/^(raw|(or|and)?[wW]hereRaw|havingRaw|orHavingRaw|orderByRaw|groupByRaw|joinRaw|fromRaw|selectRaw|withRaw)$/';
const WHY_NO_TEMPLATE =
  'Values go into SQL as bindings (?), names as ??; a template may hold only CONSTANT pieces of SQL, and no +.';

/** Few rules, each worth a failed build: what the type checker cannot see and the style guide asks for. */
const ours = {
  'no-restricted-syntax': [
    'error',
    {
      selector: `CallExpression[callee.property.name=${RAW_SQL}] > TemplateLiteral.arguments:first-child > :not(TemplateElement):not(Identifier[name=/^[A-Z][A-Z0-9_]*$/])`,
      message: WHY_NO_TEMPLATE,
    },
    {
      selector: `CallExpression[callee.property.name=${RAW_SQL}] > BinaryExpression.arguments:first-child[operator="+"]`,
      message: WHY_NO_TEMPLATE,
    },
    { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
    {
      selector: 'MemberExpression[property.name="volatile"]',
      message: 'volatile drops all but the first message of a tick, silently: build one frame a client, with acknowledgements.',
    },
    {
      selector: 'Property[key.name="connectionStateRecovery"]',
      message: 'It keeps every message in memory and recovers only sometimes: clients catch up by `since`.',
    },
    {
      selector: 'Property[key.name="perMessageDeflate"]:not([value.value=false])',
      message: 'Compression of each message costs five times the processor.',
    },
  ],
  eqeqeq: 'error',
  'no-var': 'error',
  'prefer-const': 'error',
  'no-empty': 'error',
  'no-fallthrough': 'error',
  'no-self-assign': 'error',
  'no-unsafe-finally': 'error',
  'no-useless-catch': 'error',
  'no-debugger': 'error',
  'no-promise-executor-return': 'off',
};

const typed = {
  // A forgotten await is a lost write. knex builders are only thenables, and do nothing unless awaited: they count too.
  '@typescript-eslint/no-floating-promises': ['error', { checkThenables: true }],
  '@typescript-eslint/no-misused-promises': 'error',
  '@typescript-eslint/await-thenable': 'error',
  '@typescript-eslint/only-throw-error': 'error',
  '@typescript-eslint/no-explicit-any': 'error',
  '@typescript-eslint/ban-ts-comment': 'error',
};

export default tseslint.config(
  { ignores: ['**/node_modules/', '**/dist/', '.thuma/', 'coverage/', '**/*.d.ts'] },
  {
    // A rule is changed here, for all, or not at all.
    linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' },
    rules: ours,
  },
  {
    files: ['**/*.ts', '**/*.tsx'],
    plugins: { '@typescript-eslint': tseslint.plugin },
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: {
        projectService: { allowDefaultProject: ['dispatcher-ui/vite.config.ts'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: typed,
  },
  {
    files: ['dispatcher-ui/**/*.ts', 'dispatcher-ui/**/*.tsx'],
    plugins: { 'react-hooks': reactHooks },
    rules: { 'react-hooks/rules-of-hooks': 'error', 'react-hooks/exhaustive-deps': 'error' },
  },
  {
    // Tools that ask for a default export.
    files: ['eslint.config.js', '**/vite.config.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
);
