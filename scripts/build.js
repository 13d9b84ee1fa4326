// From src to dist. The program is one CommonJS file, which node starts faster than many, or than an ES module;
// the clipboard's helper is a program of its own. The dependencies stay outside. What is only a development dependency
// goes inside: env-paths, which alone would bring up node's loader of ES modules; commander's typings are only types.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { build } from 'esbuild'

const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'))
const common = {
  bundle: true,
  external: Object.keys(dependencies),
  platform: 'node',
  target: 'node20',
  logLevel: 'warning',
}

rmSync('dist', { recursive: true, force: true })
mkdirSync('dist')
writeFileSync('dist/package.json', '{ "type": "commonjs" }\n')
await build({
  ...common,
  entryPoints: ['src/entry.ts'],
  format: 'cjs',
  alias: { '@commander-js/extra-typings': 'commander' },
  define: { 'import.meta.dirname': '__dirname' },
  outfile: 'dist/tokenctl.js',
})
await build({
  ...common,
  entryPoints: ['src/system/clipboard-helper.ts'],
  format: 'esm',
  outfile: 'dist/clipboard-helper.mjs',
})
