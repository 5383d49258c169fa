import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', '.cache/', '.*.js', '.*.cjs'] },
  eslint.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'no-restricted-imports': ['error', { patterns: ['rxjs/internal/*', 'rxjs/operators', 'fp-ts/es6/*'] }],
      'no-console': 'error',
    },
  },
  { files: ['lib/cli.ts'], rules: { 'no-console': 'off' } },
  {
    // Time comes from the scheduler, and the environment is read in one place.
    files: ['lib/**/*.ts', 'strategies/**/*.ts'],
    ignores: ['lib/cli.ts', 'lib/cli/**', 'lib/transport/**'],
    rules: {
      'no-restricted-globals': [
        'error',
        'setTimeout',
        'setInterval',
        'setImmediate',
        'queueMicrotask',
        'process',
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Use scheduler.now().' },
        { object: 'Math', property: 'random', message: 'Use a seeded generator.' },
      ],
    },
  },
  {
    // Chai's property assertions and mocha's callbacks.
    files: ['spec/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
);
