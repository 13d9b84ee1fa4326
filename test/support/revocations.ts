import { setTimeout as sleep } from 'node:timers/promises'
import type { Askers } from './askers.ts'

/** What the tokens are asked for. */
export const WANTED = 'select:sales.orders'

interface Revocation {
  /** Of the client that it happens to. */
  readonly name: string
  readonly line: readonly string[]
  readonly reason: string
  /** Takes it back, where that can be done. */
  readonly undone?: readonly string[]
}

/** Each way in which a token stops being good, one after the other: the later ones stop more of them. */
export const REVOCATIONS: readonly Revocation[] = [
  {
    name: 'disabled',
    line: ['token', 'disable', 'disabled'],
    reason: 'disabled',
    undone: ['token', 'enable', 'disabled'],
  },
  {
    name: 'stopped',
    line: ['client', 'disable', 'stopped'],
    reason: 'disabled',
    undone: ['client', 'enable', 'stopped'],
  },
  { name: 'deleted', line: ['token', 'delete', 'deleted', '--yes'], reason: 'deleted' },
  { name: 'gone', line: ['client', 'delete', 'gone', '--yes'], reason: 'deleted' },
  { name: 'replaced', line: ['token', 'regenerate', 'replaced', '--yes'], reason: 'replaced' },
  {
    name: 'barred',
    line: ['role', 'update', 'reader', '--remove', WANTED],
    reason: 'forbidden',
    undone: ['role', 'update', 'reader', '--allow', WANTED],
  },
  {
    name: 'off',
    line: ['settings', 'set', 'tokens', 'off', '--force'],
    reason: 'disabled',
    undone: ['settings', 'set', 'tokens', 'on'],
  },
]

type Run = (...line: string[]) => unknown

/** Their tokens by name. */
export async function clientsToRevoke(run: (...line: string[]) => Promise<string> | string) {
  await run('role', 'create', 'reader', '--allow', WANTED, '--allow', 'select:sales.prices')
  await run('role', 'create', 'writer', '--allow', WANTED)
  const tokens = new Map<string, string>()
  for (const { name } of REVOCATIONS) {
    tokens.set(name, await run('client', 'create', name, '--role', name === 'barred' ? 'reader' : 'writer'))
  }
  return tokens
}

/**
 * Does all of them while it is asked about, and then takes back what can be.
 * @param bound in milliseconds: whoever asks so long after the command returned must not be told that it is valid
 * @returns those who were
 */
export async function toldTooLate(askers: readonly Askers[], run: Run, bound: number): Promise<string[]> {
  const returned = new Map<string, number>()
  for (const { name, line, reason } of REVOCATIONS) {
    await Promise.all(askers.map((askers) => askers.hear('valid', name)))
    await run(...line)
    returned.set(name, performance.now())
    await Promise.all(askers.map((askers) => askers.hear(reason, name)))
  }
  await sleep(bound)
  // Each was asked about once more.
  await Promise.all(askers.flatMap((askers) => REVOCATIONS.map(({ name }) => askers.hearAny(name))))
  const late = REVOCATIONS.filter(({ name }) =>
    askers.some((askers) => askers.answers(name, (returned.get(name) ?? 0) + bound).includes('valid')),
  )
  const undoable = REVOCATIONS.filter(({ undone }) => undone !== undefined).reverse()
  for (const { undone = [] } of undoable) await run(...undone)
  await Promise.all(askers.flatMap((askers) => undoable.map(({ name }) => askers.hear('valid', name))))
  return late.map(({ name }) => name)
}
