import type { Option } from '@commander-js/extra-typings'

const known = new WeakMap<Option, readonly string[]>()

/** Tells completion what an option's value can be. Commander's own `choices` would refuse the rest in its own words. */
export function among<One extends Option>(option: One, choices: readonly string[]): One {
  known.set(option, choices)
  return option
}

export const choicesOf = (option: Option): readonly string[] => known.get(option) ?? []
