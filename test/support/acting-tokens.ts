import { randomBytes } from 'node:crypto'
import { WRITE } from '../../src/core/change.ts'
import { personalName } from '../../src/core/name.ts'
import { CLUSTER, type Scope } from '../../src/core/scope.ts'
import type { Writer } from '../../src/core/store.ts'
import { digestOf, newSecret, newTokenId } from '../../src/core/token-format.ts'
import type { World } from './world.ts'

// Tokens put into the store without a command: nobody needs to be let in for it, on either engine.

/** Of a client with that role. @returns the secret */
export const actingToken = (
  world: World,
  name: string,
  role: string,
  scope: Scope = CLUSTER,
): Promise<string> =>
  tokenOf(world, async (store, createdAt) => {
    const roleId = (await store.role(role))?.id ?? 0
    const made = { name, scope, roleId, createdAt, createdBy: 'tester', provisional: false }
    return (await store.addClient(made)) ?? 0
  })

/** Of the operator's own client. @returns the secret */
export const personalToken = (world: World, operator: string): Promise<string> =>
  tokenOf(world, async (store, createdAt) => {
    const operatorId = (await store.operator(operator))?.id ?? 0
    const there = await store.personalClient(operatorId)
    const made = { name: personalName(operator), operatorId, createdAt, createdBy: operator }
    return there?.id ?? store.addPersonalClient(made)
  })

type ClientOf = (store: Writer, now: number) => Promise<number>

async function tokenOf(world: World, clientOf: ClientOf): Promise<string> {
  const store = await world.open()
  const id = newTokenId('tkc', randomBytes)
  const secret = newSecret(id, randomBytes)
  const digest = digestOf(secret)
  const now = store.now()
  await store[WRITE](async (writer) => {
    const clientId = await clientOf(writer, now)
    const token = { id, clientId, description: null, lifetime: null }
    await writer.addToken({ ...token, createdAt: now, createdBy: 'tester' })
    const made = {
      digest,
      tokenId: id,
      madeAt: now,
      madeBy: 'tester',
      expiresAt: null,
      overlap: null,
      untilUsed: false,
    }
    await writer.addPendingSecret(made)
    await writer.promoteSecret(digest, now, 'a test')
  })
  await store.close()
  return secret
}
