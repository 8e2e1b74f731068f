import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

export const repositoryRoot = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..')

/** Wings in which packages live, one folder each; `cleanbeam` is a package itself. */
const WINGS = ['processing', 'boundary', 'gui']

export interface SourceImport {
  /** Path of the importing file, from the repository root. */
  readonly file: string
  readonly specifier: string
  /** False for `import type` and `export type`: erased, so they cannot form a run-time cycle. */
  readonly carriesValues: boolean
}

export interface WorkspacePackage {
  /** Name without the scope: 'fits'. */
  readonly name: string
  /** Folder from the repository root: 'processing/fits'. */
  readonly folder: string
  /** Names of the workspace packages its package.json lists. */
  readonly declared: readonly string[]
}

/** The workspace packages that make up the product; `conformance` may import everything and is left out. */
export function workspacePackages(): WorkspacePackage[] {
  const folders = WINGS.flatMap(wing => readdirSync(join(repositoryRoot, wing)).map(name => `${wing}/${name}`))
  return [...folders, 'cleanbeam']
    .filter(folder => existsSync(join(repositoryRoot, folder, 'package.json')))
    .map(folder => {
      const manifest = JSON.parse(readFileSync(join(repositoryRoot, folder, 'package.json'), 'utf8'))
      const declared = Object.keys(manifest.dependencies ?? {})
        .filter(name => name.startsWith('@cleanbeam/'))
        .map(name => name.slice('@cleanbeam/'.length))
      return { name: manifest.name.slice('@cleanbeam/'.length), folder, declared }
    })
}

/** Source files below a folder, tests and benchmarks left out, as paths from the repository root. */
export function sourceFiles(folder: string): string[] {
  return readdirSync(join(repositoryRoot, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => /\.tsx?$/.test(name) && !/\.(test|bench)\.tsx?$/.test(name) && !name.endsWith('.d.ts'))
    .map(name => `${folder}/${name}`)
    .sort()
}

/** Every static and dynamic import and re-export of a file. */
export function importsOf(file: string): SourceImport[] {
  const text = readFileSync(join(repositoryRoot, file), 'utf8')
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true)
  const found: SourceImport[] = []
  const visit = (node: ts.Node): void => {
    if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier) {
      const specifier = (node.moduleSpecifier as ts.StringLiteral).text
      found.push({ file, specifier, carriesValues: !isTypeOnly(node) })
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [argument] = node.arguments
      if (argument && ts.isStringLiteral(argument)) {
        found.push({ file, specifier: argument.text, carriesValues: true })
      }
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      const literal = node.argument.literal
      if (ts.isStringLiteral(literal)) found.push({ file, specifier: literal.text, carriesValues: false })
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

function isTypeOnly(node: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(node)) return node.isTypeOnly
  return node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
}

/** The file a relative import names, from the repository root; null for packages. */
export function resolveRelative({ file, specifier }: SourceImport): string | null {
  if (!specifier.startsWith('.')) return null
  return relative(repositoryRoot, resolve(repositoryRoot, dirname(file), specifier))
}

/** The edges that ARCHITECTURE.md lists in its fenced block of language `edges`: package → packages it may import. */
export function listedEdges(): Map<string, readonly string[]> {
  const text = readFileSync(join(repositoryRoot, 'ARCHITECTURE.md'), 'utf8')
  const block = /```edges\n([\s\S]*?)```/.exec(text)
  if (!block) throw new Error('expected a fenced block of language "edges" in ARCHITECTURE.md, found none')
  const edges = new Map<string, readonly string[]>()
  for (const line of block[1].split('\n').filter(text => text.trim() !== '')) {
    const [from, to = ''] = line.split('→').map(part => part.trim())
    edges.set(
      from,
      to.split(/\s+/).filter(name => name !== ''),
    )
  }
  return edges
}

/** One cycle in a directed graph as the list of its nodes, or null. */
export function findCycle(graph: ReadonlyMap<string, readonly string[]>): string[] | null {
  const finished = new Set<string>()
  const path: string[] = []
  const descend = (node: string): string[] | null => {
    const at = path.indexOf(node)
    if (at >= 0) return [...path.slice(at), node]
    if (finished.has(node)) return null
    path.push(node)
    for (const next of graph.get(node) ?? []) {
      const cycle = descend(next)
      if (cycle) return cycle
    }
    path.pop()
    finished.add(node)
    return null
  }
  for (const node of graph.keys()) {
    const cycle = descend(node)
    if (cycle) return cycle
  }
  return null
}
