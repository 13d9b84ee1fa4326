// A process that is warm before the race begins: each line of its standard input is a command line, as JSON, which the
// built program runs at once; what came of it is a line of standard output.
import { createInterface } from 'node:readline'
import { main, realSystem } from '../../dist/tokenctl.js'

const system = realSystem()

for await (const line of createInterface({ input: process.stdin })) {
  const { argv, stdin } = JSON.parse(line)
  const ended = { code: 0, stdout: '', stderr: '' }
  ended.code = await main(argv, {
    ...system,
    stdin: { isTerminal: false, read: async () => stdin },
    stdout: output(ended, 'stdout'),
    stderr: output(ended, 'stderr'),
  })
  process.stdout.write(`${JSON.stringify(ended)}\n`)
}

function output(ended, name) {
  return {
    isTerminal: false,
    columns: 80,
    leadsSomewhere: true,
    isPipe: true,
    isReadableByOthers: false,
    write: async (text) => {
      ended[name] += text
    },
  }
}
