import type { Group } from '../../cli/program.ts'
import { Problem } from '../../core/problem.ts'

/** A word that some systems use for what can be undone and others for what cannot: it is not guessed. */
export function tokenRevoke(group: Group): void {
  group
    .command('revoke', { hidden: true })
    .argument('[anything...]')
    .allowUnknownOption()
    .action(() => {
      throw new Problem('usage', "unknown command 'revoke'", 'did you mean token disable, or token delete?')
    })
}
