import type { Client, Operator, TokenSummary } from './model.ts'
import { CLUSTER, type Scope } from './scope.ts'

/** What an action is about, and where that belongs. */
export interface Subject {
  readonly scope: Scope
  /** Names and IDs. */
  readonly targets: readonly string[]
  /** The number of the client that it is, or that the token has; null: something else. A token changes nothing of its own. */
  readonly clientId: number | null
  /** Likewise, the operator. */
  readonly operatorId: number | null
}

export const aboutStore = (...targets: readonly string[]): Subject => ({
  scope: CLUSTER,
  targets,
  clientId: null,
  operatorId: null,
})

/** What belongs there and is not yet in the store, or is no client and no token. */
export const aboutScope = (scope: Scope, ...targets: readonly string[]): Subject => ({
  ...aboutStore(...targets),
  scope,
})

export const aboutClient = ({ id, name, scope, operatorId }: Client): Subject => ({
  scope,
  targets: [name],
  clientId: id,
  operatorId,
})

export const aboutToken = ({ id, client }: Pick<TokenSummary, 'id' | 'client'>): Subject => ({
  ...aboutClient(client),
  targets: [client.name, id],
})

export const aboutOperator = ({ id, name }: Pick<Operator, 'id' | 'name'>): Subject => ({
  ...aboutStore(name),
  operatorId: id,
})
