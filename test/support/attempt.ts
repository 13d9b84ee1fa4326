import { isDeepStrictEqual } from 'node:util'
import { expect } from '@jest/globals'
import type { StoreContents } from './store-contents.ts'
import type { Ended, World } from './world.ts'

/** What a use leaves; and the audit, which is looked at by itself. */
const ASIDE = ['audit', 'generation', 'token_use', 'token_use_day', 'token_idle', 'session', 'login_attempt']
const without = (contents: StoreContents): StoreContents =>
  Object.fromEntries(Object.entries(contents).filter(([table]) => !ASIDE.includes(table)))
const auditOf = ({ audit = [] }: StoreContents): readonly { readonly outcome: string }[] =>
  audit as { outcome: string }[]

export interface Attempted extends Ended {
  /** The outcomes of the entries that the audit has got by it. */
  readonly said: readonly string[]
}

/** Runs what must change nothing. */
export async function attempt(world: World, ...argv: string[]): Promise<Attempted> {
  const before = await world.contents()
  const ended = await world.run(...argv)
  const after = await world.contents()
  expectSame(without(after), without(before))
  return {
    ...ended,
    said: auditOf(after)
      .slice(auditOf(before).length)
      .map(({ outcome }) => outcome),
  }
}

/** Node's own comparison is no less strict and many times as fast; jest's has the words for what is not the same. */
function expectSame(after: StoreContents, before: StoreContents): void {
  if (!isDeepStrictEqual(after, before)) expect(after).toEqual(before)
}

/** Denied, and that written down once. */
export async function expectRefused(world: World, line: string, reason: string | RegExp = ''): Promise<void> {
  const ended = await attempt(world, ...line.split(' '))
  expect({ line, ...ended }).toMatchObject({ line, code: 5, stdout: '', said: ['denied'] })
  expect(ended.stderr).toMatch(reason)
}
