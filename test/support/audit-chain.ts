import { type AuditEntry, chain } from '../../src/core/audit.ts'
import type { World } from './world.ts'

export interface Chain {
  readonly entries: readonly AuditEntry[]
  /** Numbered without a gap, and each the successor of the one before. */
  readonly isWhole: boolean
}

/** The audit as it stands in the store's table. */
export async function chainOf(world: World): Promise<Chain> {
  const { audit = [], store = [] } = await world.contents()
  const entries = (audit as Record<string, unknown>[]).map(entryOf).sort((a, b) => a.sequence - b.sequence)
  const origin = (store as { id: string }[])[0]?.id ?? ''
  const isWhole = entries.every(({ sequence, previousHash, hash, ...draft }, i) => {
    const before = entries[i - 1]?.hash ?? origin
    return sequence === i + 1 && previousHash === before && chain(draft, sequence, before).hash === hash
  })
  return { entries, isWhole }
}

function entryOf(row: Record<string, unknown>): AuditEntry {
  return {
    sequence: row.sequence as number,
    at: row.at as number,
    actorKind: row.actor_kind as AuditEntry['actorKind'],
    actor: row.actor as string,
    osUser: { uid: row.os_uid as number, name: row.os_name as string | null },
    action: row.action as string,
    targets: JSON.parse(row.targets as string) as string[],
    scope: row.scope as string,
    outcome: row.outcome as AuditEntry['outcome'],
    details: JSON.parse(row.details as string) as AuditEntry['details'],
    previousHash: row.previous_hash as string,
    hash: row.hash as string,
  }
}
