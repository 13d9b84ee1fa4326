/** What bin/tokenctl.js needs of all this. */
export { main } from './main.ts'
export { realSystem } from './system.ts'
