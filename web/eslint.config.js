import svelte from 'eslint-plugin-svelte';
import tseslint from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

export default tseslint.config(
    { ignores: ['dist', 'node_modules'] },
    ...tseslint.configs.recommended,
    ...svelte.configs.recommended,
    {
        files: ['**/*.svelte', '**/*.svelte.ts'],
        languageOptions: { parserOptions: { parser: tseslint.parser, extraFileExtensions: ['.svelte'], svelteConfig } },
    },
    {
        rules: {
            '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
            'no-console': 'error',
            'no-alert': 'error',
            'no-restricted-properties': [
                'error',
                { property: 'innerHTML', message: 'Text becomes DOM nodes, never HTML.' },
            ],
            'svelte/no-at-html-tags': 'error',
            // Static style attributes are refused by the content security policy; style: directives are not.
            'no-restricted-syntax': [
                'error',
                {
                    selector: 'SvelteAttribute[key.name="style"] > SvelteLiteral',
                    message:
                        'Use a class or a style: directive; the content security policy refuses style attributes in markup.',
                },
            ],
            // Dates and sets that live for one expression need no signals.
            'svelte/prefer-svelte-reactivity': 'off',
            // Our own router takes plain paths.
            'svelte/no-navigation-without-resolve': 'off',
        },
    },
);
