// From src to dist. The program is one CommonJS file, which node starts faster than many, or than an ES module; the
// library is another, for import and require alike; the clipboard's helper is a program of its own. The dependencies stay outside. What is only a development dependency
// goes inside: env-paths, which alone would bring up node's loader of ES modules; commander's typings are only types.
// What describes the commands is run here, for the manual, and is no part of what is shipped.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { build } from 'esbuild'
import ts from 'typescript'

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
const commonJs = {
  ...common,
  format: 'cjs',
  alias: { '@commander-js/extra-typings': 'commander' },
  define: { 'import.meta.dirname': '__dirname' },
}
await build({ ...commonJs, entryPoints: ['src/entry.ts'], outfile: 'dist/tokenctl.js' })
await build({ ...commonJs, entryPoints: ['src/index.ts'], outfile: 'dist/index.js' })
writeFileSync('dist/index.d.ts', declarationOf('src/index.ts'))
await build({
  ...common,
  entryPoints: ['src/system/clipboard-helper.ts'],
  format: 'esm',
  outfile: 'dist/clipboard-helper.mjs',
})

await build({ ...commonJs, entryPoints: ['src/manual/index.ts'], outfile: 'dist/manual.js' })
const { manual } = createRequire(import.meta.url)('../dist/manual.js')
rmSync('dist/manual.js')
mkdirSync('dist/man')
for (const { path, text } of manual()) {
  if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileSync(path, text)
}

/** Of a file that can say its types alone, without a look at the rest of the program. */
function declarationOf(fileName) {
  const options = { fileName, compilerOptions: { target: 'es2023', verbatimModuleSyntax: true } }
  const { outputText } = ts.transpileDeclaration(readFileSync(fileName, 'utf8'), options)
  return outputText
}
