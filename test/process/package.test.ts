import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Machine } from '../support/process.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const MODULES = join(ROOT, 'node_modules')

/** The program of the library's page, which is compiled, and as it has no types of its own, run as it stands there. */
const [, EXAMPLE = ''] = /```ts\n(.*?)```/s.exec(readFileSync(join(ROOT, 'docs/library.md'), 'utf8')) ?? []

/** Whatever the types promise, used as they promise it. */
const USE = `
export async function use(token: string): Promise<string> {
  const verifier: TokenVerifier = await openVerifier({ store: 'x.db' })
  try {
    const verdict: Verdict = await verifier.verify(token, { permission: 'select:a', scope: 'acme' })
    // @ts-expect-error only of a good token is it said whose it is
    verdict.client
    if (!verdict.valid) return verdict.reason === 'forbidden' ? '403' : verdict.reason
    const until: string = verdict.expiresAt?.toISOString() ?? 'never'
    return [verdict.client, verdict.role ?? '', until, ...verdict.grants.map(({ scope }) => scope)].join()
  } catch (error) {
    if (isProblem(error)) return error.kind === 'unavailable' ? '503' : (error.hint ?? error.message)
    throw error
  } finally {
    await verifier.close()
  }
}
export async function brief(token: string): Promise<boolean> {
  await using verifier = await openVerifier()
  return (await verifier.verify(token)).valid
}
export async function misuse(verifier: TokenVerifier): Promise<void> {
  // @ts-expect-error misspelt
  await verifier.verify('', { permisson: 'select:a' })
  // @ts-expect-error no token
  await verifier.verify(undefined)
}
`
const IMPORTED = `import { isProblem, openVerifier, type TokenVerifier, type Verdict } from 'tokenctl'\n${USE}`
const STRICT = {
  strict: true,
  noEmit: true,
  skipLibCheck: false,
  exactOptionalPropertyTypes: true,
  target: 'es2022',
}

describe('the package, as npm would publish it', () => {
  const machine = new Machine()
  const { place } = machine
  const installed = join(place, 'node_modules', 'tokenctl')
  const write = (name: string, text: string): void => writeFileSync(join(place, name), text)
  const run = (...args: string[]) =>
    spawnSync(process.execPath, args, { cwd: place, env: machine.allEnvironment, encoding: 'utf8' })

  beforeAll(() => {
    execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', place], { cwd: ROOT })
    const [packed = ''] = readdirSync(place)
    mkdirSync(installed, { recursive: true })
    execFileSync('tar', ['-xzf', join(place, packed), '-C', installed, '--strip-components=1'])
    const { dependencies } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as {
      dependencies: Readonly<Record<string, string>>
    }
    for (const name of [...Object.keys(dependencies), '@types/node', 'undici-types']) {
      mkdirSync(dirname(join(place, 'node_modules', name)), { recursive: true })
      symlinkSync(join(MODULES, name), join(place, 'node_modules', name))
    }
    write('package.json', '{ "type": "module" }')
  })
  afterAll(() => machine.remove())

  /** What the compiler has to say. @param types packages whose types are there: none need be, for those of the library */
  function compiled(options: object, types: readonly string[], ...files: string[]): string {
    write('tsconfig.json', JSON.stringify({ compilerOptions: { ...STRICT, types, ...options }, files }))
    return run(join(MODULES, 'typescript', 'bin', 'tsc'), '-p', '.').stdout
  }

  test('is compiled strictly, imported and required, by the rules of Node', () => {
    write('use.mts', IMPORTED)
    write('use.cts', IMPORTED)
    expect(compiled({ module: 'nodenext' }, [], 'use.mts', 'use.cts')).toBe('')
  })

  test('is compiled strictly for a bundler, as is the program of docs/library.md', () => {
    write('use.ts', IMPORTED)
    write('example.ts', EXAMPLE)
    const bundler = { module: 'esnext', moduleResolution: 'bundler', skipLibCheck: true }
    expect(compiled(bundler, ['node'], 'use.ts', 'example.ts')).toBe('')
  })

  test('is one and the same, imported and required, and has nothing but what is promised', () => {
    write(
      'same.mjs',
      `import * as imported from 'tokenctl'
       import { createRequire } from 'node:module'
       const required = createRequire(import.meta.url)('tokenctl')
       console.log(Object.keys(required).sort().join(), required.openVerifier === imported.openVerifier)`,
    )
    expect(run('same.mjs')).toMatchObject({ stdout: 'isProblem,openVerifier true\n', stderr: '', status: 0 })
  })

  test('finds the store as the command line does, and leaves the process as it was', () => {
    const token = machine.ok('tokenctl client create BI --role user')
    // A new secret, and so the first use is a change.
    const pending = `update secret set state = 'pending', activated_at = null, made_at = ${Date.now()}`
    write(
      'guest.mjs',
      `import Database from 'better-sqlite3'
       import { openVerifier } from 'tokenctl'
       process.umask(0)
       const state = () => JSON.stringify([
         process.umask(), process.env, process.eventNames().map((name) => [String(name), process.listenerCount(name)])])
       const database = new Database(${JSON.stringify(machine.storePath)})
       database.exec(${JSON.stringify(pending)})
       database.close()
       const before = state()
       const verifier = await openVerifier()
       const { valid, client } = await verifier.verify(process.env.TOKEN)
       console.log(valid, client, state() === before)`,
    )
    machine.environment.TOKEN = token
    // And it ends, though nobody has closed the verifier.
    expect(run('guest.mjs')).toMatchObject({ stdout: 'true BI true\n', stderr: '', status: 0 })
    const folder = dirname(machine.storePath)
    const modes = readdirSync(folder).map((name) => (statSync(join(folder, name)).mode & 0o777).toString(8))
    expect(new Set(modes)).toEqual(new Set(['600']))
  })

  test('runs the program of docs/library.md', () => {
    write('example.mjs', EXAMPLE)
    machine.environment.TOKEN = machine.ok(
      "tokenctl role create analyst --allow 'select:sales.*' >&2 && tokenctl client create analysis --role analyst",
    )
    expect(run('example.mjs')).toMatchObject({ stdout: 'analysis may\n', stderr: '', status: 0 })
  })
})
