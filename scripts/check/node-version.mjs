// Preloaded by the npm scripts. Plain old JavaScript, so that a Node which is too old can still read it and say so.
var needed = 24
if (Number(process.versions.node.split('.')[0]) < needed) {
  process.stderr.write(
    'Convoke needs Node ' +
      needed +
      ' or newer, and this is Node ' +
      process.versions.node +
      ' (' +
      process.execPath +
      '). On Linux and Windows (x64) `npm ci` brings Node 24 and `npm start` uses it; elsewhere install it from https://nodejs.org.\n',
  )
  process.exit(1)
}
