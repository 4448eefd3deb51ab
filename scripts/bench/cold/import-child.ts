/** Imports the module it is given and says how many milliseconds that took; a process of its own, so that nothing is warm. */
const [path] = process.argv.slice(2)
const startedAt = performance.now()
await import(String(path))
process.stdout.write(`${performance.now() - startedAt}\n`)
process.exit(0)
