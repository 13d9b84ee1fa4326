import { getSystemErrorMap } from 'node:util'
import { codeOf, isProblem, Problem, type ProblemKind, reasonOf } from '../core/problem.ts'

/** The network's own errors, as people say them. */
const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'its name cannot be resolved',
  EHOSTUNREACH: 'no route to it',
  ENETUNREACH: 'no route to it',
  ETIMEDOUT: 'no answer',
  EPIPE: 'connection closed',
  ENOENT: 'no server listens there',
}

const LOST = /^(Connection terminated|Client (was closed|has encountered))/
/** SQLSTATE class 08, and a server that was shut down, crashed, or is not up yet (PostgreSQL manual, appendix A). */
const ENDED = /^(08...|57P0[1-5]|25P0[34])$/

/** Whether the connection is gone; what was being committed then may or may not have been. */
export function isLost(error: unknown): boolean {
  const code = codeOf(error) ?? ''
  return code in REASONS || ENDED.test(code) || isOfSystem(error) || LOST.test(messageOf(error))
}

const SILENT = /^(Query read timeout|timeout expired)$/

/** Whether the server has left a question without an answer, which may still come. */
export const isSilent = (error: unknown): boolean => SILENT.test(messageOf(error))

/** Of connecting, reading or writing. */
const isOfSystem = (error: unknown): error is { readonly errno: number } =>
  typeof error === 'object' && error !== null && 'syscall' in error

interface Meaning {
  /** Of the SQLSTATE or the system's code, or else of the message. */
  readonly when: RegExp
  readonly kind?: ProblemKind
  readonly says: (shown: string, message: string) => string
  readonly hint?: string
}

const PASSWORDS = 'passwords are looked for in TOKENCTL_STORE, PGPASSWORD and ~/.pgpass'

/** The first that fits (PostgreSQL manual, appendix A). */
const MEANINGS: readonly Meaning[] = [
  {
    when: /client password must be a/,
    says: (shown) => `the store at ${shown} asks for a password`,
    hint: PASSWORDS,
  },
  {
    when: /^28P01$/,
    says: (shown, message) => `the store at ${shown} refused the login: ${message}`,
    hint: PASSWORDS,
  },
  { when: /^28...$/, says: (shown, message) => `the store at ${shown} refused the login: ${message}` },
  {
    when: /^3D000$/,
    kind: 'not-found',
    says: (shown, message) => `no store at ${shown}: ${message}`,
    hint: 'createdb makes a database',
  },
  {
    when: /^(42P01|42703|42P07)$/,
    kind: 'not-found',
    says: (shown) => `the schema tokenctl of ${shown} is not a tokenctl store`,
  },
  {
    when: /^(55P03|40001|40P01)$/,
    says: () => 'the store is busy',
    hint: 'somebody else is writing to it: try again',
  },
  {
    when: /^42501$/,
    says: (_, message) => `the database's user may not do that: ${message}`,
    hint: 'its owner can grant it',
  },
  {
    when: /^(53...|58...|25006|57014|XX00.)$/,
    says: (shown, message) => `the store at ${shown} cannot be used: ${message}`,
  },
  {
    when: /^Unknown authentication/,
    says: (shown) => `the store at ${shown} refused the login: it asks for a proof that tokenctl cannot give`,
    hint: 'it can do so by a password, or by a client certificate',
  },
  {
    when: /^(ERR_(TLS|SSL)|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|CERT_|HOSTNAME|ERR_MISSING_PASSPHRASE|SASL)|SSL/,
    says: (shown, message) => `the store at ${shown} cannot be reached safely: ${message}`,
  },
  {
    when: SILENT,
    says: (shown) => `the store at ${shown} does not answer`,
  },
]

/** What is somebody's to act on, in one line; anything else stays what it is: a bug. @param shown the store, without a password */
export function translate(error: unknown, shown: string): unknown {
  if (isProblem(error)) return error
  const code = codeOf(error) ?? ''
  const message = messageOf(error)
  const meaning = MEANINGS.find(({ when }) => when.test(code) || when.test(message))
  if (meaning !== undefined) {
    const { kind = 'unavailable', says, hint } = meaning
    return new Problem(kind, says(shown, message), hint)
  }
  if (!isLost(error)) return error
  const reason = REASONS[code] ?? (code === '' ? 'the connection was lost' : (systemsWords(error) ?? message))
  return new Problem('unavailable', `the store at ${shown} cannot be reached: ${reason}`)
}

/** The same of what a server says before it has let anybody in, which is never a bug of ours. */
export function translateRefusal(error: unknown, shown: string): unknown {
  const translated = translate(error, shown)
  if (isProblem(translated) || !SQLSTATE.test(codeOf(error) ?? '')) return translated
  return new Problem('unavailable', `the store at ${shown} cannot be used: ${messageOf(error)}`)
}

const SQLSTATE = /^[0-9A-Z]{5}$/

const systemsWords = (error: unknown): string | undefined =>
  isOfSystem(error) ? getSystemErrorMap().get(error.errno)?.[1] : undefined

/** One line of it; of OpenSSL's the part that says something. */
function messageOf(error: unknown): string {
  const { reason, message = '' } = (error ?? {}) as { readonly reason?: string; readonly message?: string }
  const whole = /^ERR_O?SSL/.test(codeOf(error) ?? '') ? (reason ?? message) : message
  return (whole.split('\n', 1)[0] ?? '').trim() || reasonOf(error)
}
