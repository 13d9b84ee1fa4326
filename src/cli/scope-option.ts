import { Option } from '@commander-js/extra-typings'

/** Where a name is looked for; `App.context` sees to it. */
export const scope = new Option(
  '--scope <scope>',
  'where the client is: acme, acme/etl or cluster (default: your own scope)',
)
