// docs/commands.md, made of what each command's --help says: npm run docs, after a change to a command.
// With --check it writes nothing, and fails where the page is no longer true.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..')

const INTRODUCTION = `# Commands

Made by \`npm run docs\` of what \`--help\` says; a test keeps it so.

\`tokenctl <noun> <verb> [name] [options]\`. Where a token is wanted, its ID or its client's name does, if that
client has just one. On a terminal, what is missing is asked for.

## Exit codes

| code | meaning |
|---|---|
| 0 | done |
| 1 | unexpected failure (a bug; \`--debug\` shows the stack) |
| 2 | usage: unknown option, invalid value, ambiguous name, a needed answer and nobody to ask |
| 3 | not found (also: no store there, naming the path looked at) |
| 4 | conflict: exists already, changed meanwhile, or would break something named (hint: \`--force\`) |
| 5 | not permitted |
| 6 | not logged in |
| 7 | declined; nothing changed |
| 8 | store unavailable or busy; try again |
| 9 | secret not delivered; nothing changed |
| 10 to 13 | \`token verify\` says no, the first that applies: 10 malformed or foreign prefix, 11 unknown, deleted, dead or lapsed, 13 disabled, 12 expired |
| 21 | outcome unknown: if you hold the secret, it works from its first use within 15 minutes; the earlier one works until then, or until a later regenerate |
| 130 | interrupted; nothing changed |

An error is one line on stderr, \`tokenctl: cause\`, and where there is one a second, \`hint: …\`; under \`--json\` it is
\`{"error":{"kind":…,"message":…,"hint":…}}\`.
`

function commandsMarkdown() {
  const sections = commandPaths([]).map(
    (path) => `## ${path.join(' ')}\n\n\`\`\`text\n${help(path).trimEnd()}\n\`\`\`\n`,
  )
  return [INTRODUCTION, ...sections].join('\n')
}

/** The commands below one, in the order of its help. */
function commandPaths(path) {
  const list = /\nCommands:\n((?: {2}.*\n)+)/.exec(help(path))?.[1]
  if (list === undefined) return [path]
  const names = [...list.matchAll(/^ {2}([a-z][a-z-]*)/gm)].map(([, name]) => name)
  return names.flatMap((name) => commandPaths([...path, name]))
}

function help(path) {
  return execFileSync(process.execPath, [join(ROOT, 'bin/tokenctl.js'), ...path, '--help'], {
    encoding: 'utf8',
  })
}

const PAGE = join(ROOT, 'docs/commands.md')
const markdown = commandsMarkdown()
if (!process.argv.includes('--check')) writeFileSync(PAGE, markdown)
else if (readFileSync(PAGE, 'utf8') !== markdown)
  throw new Error('docs/commands.md is not what --help says: npm run docs')
