import ts from 'typescript'

/** Dotted name of `a.b`, `a['b']` and `globalThis.a.b`; undefined of anything that is not a plain path. */
function pathOf(node: ts.Expression): string | undefined {
  if (ts.isIdentifier(node)) return node.text
  if (ts.isParenthesizedExpression(node) || ts.isNonNullExpression(node) || ts.isAsExpression(node))
    return pathOf(node.expression)
  const member = ts.isPropertyAccessExpression(node)
    ? node.name.text
    : ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression)
      ? node.argumentExpression.text
      : undefined
  if (member === undefined || !(ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)))
    return undefined
  const owner = pathOf(node.expression)
  if (owner === undefined) return undefined
  return owner === 'globalThis' || owner === 'global' ? member : `${owner}.${member}`
}

const TIMERS = new Set(['setTimeout', 'setInterval', 'setImmediate'])
const AMBIENT = /^(process(\..+)?|Date\.now|Math\.random|performance\..+|crypto\..+|Temporal\.Now(\..+)?)$/

/** Members taken by `const { a, b: c } = owner`. */
function destructured(node: ts.VariableDeclaration): readonly string[] {
  const owner = node.initializer === undefined ? undefined : pathOf(node.initializer)
  if (owner === undefined || !ts.isObjectBindingPattern(node.name)) return []
  const prefix = owner === 'globalThis' ? '' : `${owner}.`
  return node.name.elements.map((element) => `${prefix}${(element.propertyName ?? element.name).getText()}`)
}

/** Members taken by `import { env as e } from 'node:process'`. */
function imported(node: ts.ImportDeclaration): readonly string[] {
  const from = ts.isStringLiteral(node.moduleSpecifier) ? node.moduleSpecifier.text.replace('node:', '') : ''
  const bindings = node.importClause?.namedBindings
  if (from !== 'process' || bindings === undefined) return []
  if (ts.isNamespaceImport(bindings)) return ['process.env']
  return bindings.elements.map((element) => `process.${(element.propertyName ?? element.name).text}`)
}

function namesAt(node: ts.Node): readonly (string | undefined)[] {
  if (ts.isNewExpression(node) && pathOf(node.expression) === 'Date')
    return (node.arguments?.length ?? 0) === 0 ? ['new Date()'] : []
  if (ts.isCallExpression(node)) {
    const callee = pathOf(node.expression)
    if (callee === 'Date') return ['Date()']
    if (callee === 'fetch' || TIMERS.has(callee ?? '')) return [`${callee}()`]
  }
  if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) return [pathOf(node)]
  if (ts.isVariableDeclaration(node)) return destructured(node)
  if (ts.isImportDeclaration(node)) return imported(node)
  return []
}

const isAmbient = (name: string | undefined) => name !== undefined && (AMBIENT.test(name) || name.endsWith('()'))

/** What a source text takes from around it instead of from its arguments: environment, clock, random, timers, network. */
export function ambientReads(text: string): readonly string[] {
  const found = new Set<string>()
  const visit = (node: ts.Node): void => {
    for (const name of namesAt(node)) if (name !== undefined && isAmbient(name)) found.add(name)
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile('read.ts', text, ts.ScriptTarget.ESNext, true))
  return [...found]
}
