import type { App } from '../../cli/app.ts'
import { orgName } from '../../cli/ask.ts'
import { addHelp } from '../../cli/help.ts'
import { sentence } from '../../cli/output.ts'
import type { Group } from '../../cli/program.ts'
import { ORG_FIELDS, orgJson } from '../../cli/scope-view.ts'
import { createOrg } from '../../core/create-scope.ts'
import { checkOrgName } from '../../core/scope.ts'

export function orgCreate(group: Group, app: App): void {
  const command = group
    .command('create')
    .summary('make an organization')
    .description('Makes an organization: a place for groups and clients, and for operators to administer.')
    .argument('[name]', 'what the organization is called')
    .action(
      app.action(async (given) => {
        const name = checkOrgName(await orgName(app, given))
        const org = await createOrg(await app.context(), name)
        return { data: orgJson(org), text: sentence(`created organization ${org.name}`) }
      }),
    )
  addHelp(command, {
    json: ORG_FIELDS,
    examples: ['tokenctl org create acme', 'tokenctl org create acme --json | jq -r .createdAt'],
  })
}
