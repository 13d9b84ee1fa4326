import { checkSettingValue, type SettingName, SETTINGS } from '../core/settings.ts'
import type { App } from './app.ts'
import { required, text } from './ask.ts'

/** What a setting is to be: as given, or asked for. @throws Problem `usage`, naming what the setting takes */
export async function settingValue(app: App, name: SettingName, given: string | undefined): Promise<string> {
  return checkSettingValue(name, await required(app, given, `a value of ${name}`, () => ask(app, name)))
}

async function ask(app: App, name: SettingName): Promise<string> {
  const { meaning, words, durations } = SETTINGS[name]
  const message = `${name}, ${meaning}:`
  if (durations !== null) return text(app, message, (answer) => checkSettingValue(name, answer))
  const choices = words.map((word) => ({ value: word, line: word, name: word }))
  return app.system.prompts.choose(message, choices)
}
