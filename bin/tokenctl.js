#!/usr/bin/env node
'use strict'

// Until main has answered: whatever ends the process before that did not do what was asked.
process.exitCode = 1
const { main, realSystem } = require('../dist/tokenctl.js')

void main(process.argv.slice(2), realSystem()).then((code) => {
  process.exitCode = code
})
