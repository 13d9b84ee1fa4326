import type { OffBy, Token } from '../core/model.ts'
import { policyOf } from '../core/policy.ts'
import type { Reads } from '../core/store.ts'

/** Why tokens are not valid that are not disabled themselves; '' where they are. */
export function offRemark(offBy: OffBy | null | undefined): string {
  switch (offBy) {
    case 'tokens':
      return 'tokens are off in the settings'
    case 'personal-tokens':
      return 'personal tokens are off in the settings'
    default:
      return ''
  }
}

/** For whoever has just made a token, or let it work again. */
export const offNote = ({ offBy }: Pick<Token, 'offBy'>): string[] =>
  offBy === null ? [] : [`${offRemark(offBy)}: it does not work until they are on`]

/** Likewise, of a client. */
export async function tokensOffNote(store: Reads): Promise<string[]> {
  return (await policyOf(store)).tokens
    ? []
    : [`${offRemark('tokens')}: none of its tokens works until they are on`]
}
