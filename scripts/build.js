// From src to dist: one CommonJS file for the program, which node starts faster than many or than an ES module,
// with the packages left outside it; and the clipboard's helper, a program of its own.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { build } from 'esbuild'

const common = { bundle: true, packages: 'external', platform: 'node', target: 'node20', logLevel: 'warning' }

rmSync('dist', { recursive: true, force: true })
mkdirSync('dist')
writeFileSync('dist/package.json', '{ "type": "commonjs" }\n')
await build({
  ...common,
  entryPoints: ['src/entry.ts'],
  format: 'cjs',
  define: { 'import.meta.dirname': '__dirname' },
  outfile: 'dist/tokenctl.js',
})
await build({
  ...common,
  entryPoints: ['src/system/clipboard-helper.ts'],
  format: 'esm',
  outfile: 'dist/clipboard-helper.mjs',
})
