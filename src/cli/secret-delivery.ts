import type { Issued, Sink } from '../core/issue-secret.ts'
import { Problem, reasonOf } from '../core/problem.ts'
import type { SecretFile } from '../system.ts'
import type { App } from './app.ts'
import { copyToClipboard } from './clipboard.ts'
import { refuseForAnother } from './for-another.ts'
import { type Answer, rendered } from './output.ts'
import { checkPath } from './store-location.ts'

/** What the commands that give out a secret take for it. */
export interface SecretOptions {
  readonly secretFile?: string | undefined
  readonly replace?: true | undefined
  /** True under `--copy`, false under `--no-copy`. */
  readonly copy?: boolean | undefined
}

/** The command's whole output. @param secret null where it went elsewhere */
export type SecretAnswer = (issued: Issued, secret: string | null, deliveredTo: string) => Answer

export interface Delivery {
  readonly sink: Sink
  /** The clipboard, which comes after and is never the only copy. Remarks for stderr. */
  afterwards(): Promise<string[]>
}

/**
 * Looks at the sink before anything changes.
 * @throws Problem `not-delivered` where a secret would be lost, `usage`, `denied` for a path in another's name
 */
export function deliveryBy(app: App, options: SecretOptions, answer: SecretAnswer): Delivery {
  const { secretFile, replace = false } = options
  if (replace && secretFile === undefined) throw new Problem('usage', '--replace is for --secret-file')
  if (secretFile === undefined) checkStdout(app)
  else checkSecretFile(app, secretFile, replace)

  let delivered = ''
  const sink: Sink = async (issued) => {
    const deliveredTo =
      secretFile === undefined
        ? await toStdout(app, issued, answer)
        : await toFile(app, issued, answer, app.system.files.absolute(secretFile), replace)
    delivered = issued.secret
    return deliveredTo
  }
  return {
    sink,
    afterwards: async () => [
      ...(secretFile === undefined ? readableWarning(app) : []),
      ...(await copyIfWanted(app, options, delivered)),
    ],
  }
}

async function toStdout(app: App, issued: Issued, answer: SecretAnswer): Promise<string> {
  await app.system.stdout.write(await output(app, answer(issued, issued.secret, 'stdout')))
  return 'stdout'
}

/** The file first, then the rest of the answer, and only then the new file takes the old one's place. */
async function toFile(
  app: App,
  issued: Issued,
  answer: SecretAnswer,
  path: string,
  replace: boolean,
): Promise<string> {
  const file = orNotWritten(path, () => app.system.files.writeSecret(path, `${issued.secret}\n`, replace))
  return keepOrDiscard(file, async () => {
    await app.system.stdout.write(await output(app, answer(issued, null, path)))
    orNotWritten(path, () => file.commit())
    return path
  })
}

async function keepOrDiscard<T>(file: SecretFile, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    file.discard()
    throw error
  }
}

const output = (app: App, answer: Answer): Promise<string> =>
  rendered(answer, app.style, app.options.json === true)

function checkStdout({ system }: App): void {
  if (system.stdout.leadsSomewhere) return
  throw new Problem(
    'not-delivered',
    'standard output leads nowhere, and the secret would be lost',
    'nothing changed',
  )
}

function checkSecretFile({ system }: App, path: string, replace: boolean): void {
  refuseForAnother(system, '--secret-file', 'leave it out: standard output can be piped')
  checkPath('--secret-file', path)
  const there = orNotWritten(path, () => system.files.linkStatus(path))
  if (there === null) return
  if (there.kind !== 'file')
    throw notWritten(path, `it is a ${there.kind === 'other' ? 'device' : there.kind}`)
  if (!replace) throw notWritten(path, 'it exists already', '--replace takes its place')
}

function orNotWritten<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw notWritten(path, reasonOf(error))
  }
}

const notWritten = (path: string, reason: string, hint = 'nothing changed'): Problem =>
  new Problem('not-delivered', `the secret was not written to ${path}: ${reason}`, hint)

function readableWarning({ system }: App): string[] {
  return system.stdout.isReadableByOthers ? ['warning: standard output is a file that others can read'] : []
}

async function copyIfWanted(
  app: App,
  { copy, secretFile }: SecretOptions,
  secret: string,
): Promise<string[]> {
  const wanted = copy ?? (app.system.stdout.isTerminal && secretFile === undefined)
  return wanted ? [await copyToClipboard(app.system, secret)] : []
}
