import type { Issued, Sink } from '../core/issue-secret.ts'
import { Problem, reasonOf } from '../core/problem.ts'
import type { SecretFile } from '../system.ts'
import type { App } from './app.ts'
import { copyToClipboard } from './clipboard.ts'
import { refuseForAnother } from './for-another.ts'
import { type Answer, rendered } from './output.ts'
import { checkPath } from '../core/path.ts'

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
export async function deliveryBy(app: App, options: SecretOptions, answer: SecretAnswer): Promise<Delivery> {
  const { secretFile, replace = false } = options
  if (replace && secretFile === undefined) {
    throw new Problem('usage', '--replace is for --secret-file', 'name the file with --secret-file')
  }
  if (secretFile === undefined) checkStdout(app)
  else await checkSecretFile(app, secretFile, replace)

  const sink = secretFile === undefined ? stdoutSink(app, answer) : fileSink(app, answer, secretFile, replace)
  let delivered = ''
  return {
    sink: {
      ...sink,
      async deliver(issued) {
        const deliveredTo = await sink.deliver(issued)
        delivered = issued.secret
        return deliveredTo
      },
    },
    afterwards: async () => [
      ...(secretFile === undefined ? readableWarning(app) : [`the secret is in ${secretFile}`]),
      ...(await copyIfWanted(app, options, delivered)),
    ],
  }
}

function stdoutSink(app: App, answer: SecretAnswer): Sink {
  return {
    async deliver(issued) {
      await app.system.stdout.write(await output(app, answer(issued, issued.secret, 'stdout')))
      return 'stdout'
    },
    retract() {
      // What was printed cannot be taken back.
    },
  }
}

/** The file first, then the rest of the answer, and only then the new file takes the old one's place. */
function fileSink(app: App, answer: SecretAnswer, name: string, replace: boolean): Sink {
  const path = app.system.files.absolute(name)
  let file: SecretFile | null = null
  return {
    async deliver(issued) {
      file = orNotWritten(path, () => app.system.files.writeSecret(path, `${issued.secret}\n`, replace))
      try {
        await app.system.stdout.write(await output(app, answer(issued, null, path)))
        orNotWritten(path, () => file?.commit())
        return path
      } catch (error) {
        file.discard()
        throw error
      }
    },
    retract() {
      file?.discard()
    },
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

async function checkSecretFile(app: App, path: string, replace: boolean): Promise<void> {
  const { files } = app.system
  refuseForAnother(app.system, '--secret-file', 'leave it out: standard output can be piped')
  checkPath('--secret-file', path)
  if (path.endsWith('/')) {
    throw new Problem('usage', '--secret-file is a folder, and takes a file', 'name a file in it')
  }
  await refuseStore(app, path)
  const there = orNotWritten(path, () => files.linkStatus(path))
  if (there === null) return
  if (there.kind !== 'file') {
    throw notWritten(path, `it is a ${there.kind === 'other' ? 'device' : there.kind}`)
  }
  if (!replace) throw notWritten(path, 'it exists already', '--replace takes its place')
}

const STORE_SUFFIXES = ['', '-wal', '-shm', '-journal']

/** What --replace would do to the store cannot be undone. */
async function refuseStore(app: App, path: string): Promise<void> {
  const { place } = await app.location()
  const real = orNotWritten(path, () => app.system.files.real(path))
  if (place.kind !== 'file' || !STORE_SUFFIXES.some((suffix) => real === place.path + suffix)) return
  throw new Problem('usage', '--secret-file is the store itself', 'name another file')
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
