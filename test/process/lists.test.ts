import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { manyClients } from '../support/many-clients.ts'
import { Machine } from '../support/process.ts'
import { ENGINES, type World, worldOn } from '../support/world.ts'

const MANY = 100_000
/** Of `manyClients`: every 991st is deleted. */
const LIVING = MANY - Math.floor(MANY / 991)

describe.each(ENGINES)('on %s, a list of 100,000', (engine) => {
  const machine = new Machine()
  let world: World
  const textOf = (name: string): string => readFileSync(join(machine.place, name), 'utf8')
  beforeAll(async () => {
    world = await worldOn(engine)
    await world.makeStore()
    for (const statement of manyClients(MANY, Date.now())) await world.sql(statement)
    machine.environment = {
      NODE_OPTIONS: '--max-old-space-size=64',
      TOKENCTL_STORE: world.storePath,
      XDG_STATE_HOME: dirname(world.sessionFolder),
    }
  })
  afterAll(async () => {
    machine.remove()
    await world.end()
  })

  test.each(['token list', 'client list', 'token list --sort last-used --reverse'])(
    '%s --json needs a heap of 64 MB',
    (line) => {
      machine.ok(`tokenctl ${line} --json > list.json`)
      expect(JSON.parse(textOf('list.json'))).toHaveLength(LIVING)
    },
  )

  test('in a pipe has a line for each', () => {
    machine.ok('tokenctl token list | wc -l > count; tokenctl token list --all --json-lines | wc -l >> count')
    expect(textOf('count').trim().split(/\s+/)).toEqual([String(LIVING + 1), String(MANY)])
  })

  test.each(['token list', 'token list --json', 'client list --json-lines'])(
    '%s is left in the middle by a reader who has seen enough, quietly',
    (line) => {
      const { stderr } = machine.sh(`{ tokenctl ${line}; echo $? > code; } | head -n 2 > seen`)
      expect({ stderr, code: textOf('code') }).toEqual({ stderr: '', code: '0\n' })
      expect(textOf('seen').trimEnd().split('\n')).toHaveLength(2)
    },
  )

  test('on a full disk says so', () => {
    expect(machine.sh('tokenctl token list > /dev/full')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'tokenctl: done, but the answer could not be written: no space left on device\n',
    })
  })

  test('is as all was at one moment, whatever is changed while it is read', () => {
    machine.ok(`tokenctl token list --json-lines | {
      read -r first; echo "$first" > list; tokenctl client disable Client-99999; cat >> list
    }`)
    const rows = textOf('list').trimEnd().split('\n')
    expect(rows).toHaveLength(LIVING)
    const last = rows.find((row) => row.includes('"Client-99999"')) ?? ''
    expect(last).toContain('"status":"active"')
  })
})
