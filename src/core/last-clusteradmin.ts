import type { Context } from './change.ts'
import type { Operator } from './model.ts'
import { Problem } from './problem.ts'
import type { Reads } from './store.ts'

/**
 * Runs the writes that take something from an operator. Writes are serial: of two at once, the second finds what the
 * first has left.
 * @throws Problem `conflict` if nobody would be left who may do everything and can get in
 */
export async function keepingAClusteradmin(
  { uidsWithin }: Pick<Context, 'uidsWithin'>,
  store: Reads,
  { name }: Operator,
  writes: () => Promise<unknown>,
): Promise<void> {
  const before = await store.countClusteradmins(uidsWithin)
  await writes()
  if (before === 0 || (await store.countClusteradmins(uidsWithin)) > 0) return
  throw new Problem(
    'conflict',
    `${name} is the last clusteradmin who can get in`,
    'tokenctl operator grant with --role admin --scope cluster makes another',
  )
}
