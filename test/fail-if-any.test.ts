import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { World } from './support/world.ts'

describe('token forecast --fail-if-any, where a token was never used and another never expires', () => {
  const world = new World()
  beforeAll(async () => {
    await world.ok('client', 'create', 'fresh', '--role', 'user')
    world.stdin = await world.ok('client', 'create', 'endless', '--role', 'auditor', '--expires', 'never')
    await world.ok('token', 'verify')
  })
  afterAll(() => world.remove())

  test.each<[options: string[], code: number]>([
    [[], 0],
    [['--fail-if-any'], 20],
    [['--fail-if-any', 'expiring'], 0],
    [['--fail-if-any', 'unused'], 0],
    [['--fail-if-any', 'expiring,unused'], 0],
    [['--fail-if-any', 'never-expiring'], 20],
    [['--fail-if-any', 'never-used'], 20],
    [['--fail-if-any=unused,never-used'], 20],
    // Nothing of it is asked for in what is looked at.
    [['--fail-if-any', 'never-expiring', '--role', 'user'], 0],
    [['--fail-if-any', 'never-used', '--role', 'auditor'], 0],
    // An option behind it is no kind.
    [['--fail-if-any', '--json'], 20],
    [['--json', '--fail-if-any'], 20],
    [['--fail-if-any', '--role', 'user'], 20],
    [['--fail-if-any', '--role', 'admin'], 0],
    [['--fail-if-any', '--'], 20],
    // Given twice, it is for the kinds of both.
    [['--fail-if-any', 'never-used', '--fail-if-any', 'expiring'], 20],
    [['--fail-if-any', 'expiring', '--fail-if-any', 'never-used'], 20],
    [['--fail-if-any', 'expiring', '--fail-if-any'], 20],
    [['--fail-if-any', '--fail-if-any', 'expiring'], 20],
  ])('%j: %d', async (options, code) => {
    const ended = await world.run('token', 'forecast', ...options)
    expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code, stderr: '' })
  })
})
