import type { App } from '../cli/app.ts'
import { addHelp } from '../cli/help.ts'
import type { Program } from '../cli/program.ts'
import { properties } from '../cli/table.ts'
import { shown } from '../core/place.ts'

export function whoami(program: Program, app: App): void {
  const command = program
    .command('whoami')
    .summary('show who is asking')
    .description('Shows as whom you act, how that is known, and what you may do.')
    .action(
      app.action(async () => {
        const { actor, osUser } = await app.context()
        const { place } = await app.location()
        const grants = actor.grants.map(({ role, scope }) => ({ role, scope }))
        const rolesAreEnforced = osUser.uid !== app.system.effectiveUid
        const data = {
          operator: actor.name,
          authenticatedBy: place.kind === 'file' ? 'peer' : 'database',
          uid: osUser.uid,
          grants,
          store: shown(place),
          rolesAreEnforced,
        }
        return {
          data,
          text: (style) =>
            properties(
              style,
              [
                { title: 'OPERATOR', cell: () => actor.name },
                {
                  title: 'AUTHENTICATED',
                  cell: () =>
                    place.kind === 'file'
                      ? `by the operating system, uid ${osUser.uid}`
                      : "by the database's credentials",
                },
                {
                  title: 'GRANTS',
                  cell: () => grants.map(({ role, scope }) => `${role} at ${scope}`).join(', '),
                },
                { title: 'STORE', cell: () => shown(place), whole: true },
                { title: 'ROLES', cell: () => (rolesAreEnforced ? ENFORCED : GUARD_RAILS) },
              ],
              data,
            ),
        }
      }),
    )
  addHelp(command, {
    json: {
      operator: 'as whom you act',
      authenticatedBy: 'how that is known: peer (the operating-system user) or database (its credentials)',
      uid: 'your user ID; under sudo, that of who called it',
      grants: 'the roles you hold, each with its scope',
      store: 'where the store is: a path, or a URL without its password',
      rolesAreEnforced: 'false: you can write the store yourself, and roles are guard rails',
    },
    examples: ['tokenctl whoami', 'tokenctl whoami --json'],
  })
}

const ENFORCED = 'enforced: the store belongs to another user'
const GUARD_RAILS = 'guard rails: you can write the store yourself'
