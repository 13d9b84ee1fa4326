import { holdsPassword, type Place } from '../core/place.ts'
import { Problem } from '../core/problem.ts'
import { type Named, storePlace } from '../core/store-place.ts'
import type { System } from '../system.ts'
import { refuseForAnother } from './for-another.ts'

export interface StoreLocation {
  readonly place: Place
  /** By `--store` or TOKENCTL_STORE, rather than found at its default place. */
  readonly named: boolean
}

const OPTION = '--store'

/** @throws Problem `usage` for what cannot be a store, `denied` for naming one in another's name */
export async function storeLocation(system: System, option: string | undefined): Promise<StoreLocation> {
  const named = namedBy(system, option)
  if (named !== null) {
    refuseForAnother(system, named.by, 'leave it out: the store of that user is used')
  }
  const place = await storePlace(system.files, named, OPTION)
  if (option !== undefined) refusePassword(place)
  return { place, named: named !== null }
}

function namedBy({ environment }: System, option: string | undefined): Named | null {
  if (option !== undefined) return { by: OPTION, text: option }
  const text = environment.TOKENCTL_STORE
  return text === undefined ? null : { by: 'TOKENCTL_STORE', text }
}

/** An argument stands in the process list and in the shell's history. */
function refusePassword(place: Place): void {
  if (place.kind !== 'database' || !holdsPassword(place.url)) return
  throw new Problem(
    'usage',
    'a password was given as an argument, where others can see it',
    'it belongs in ~/.pgpass, PGPASSWORD or TOKENCTL_STORE; change it if others could see it',
  )
}
