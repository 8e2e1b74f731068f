import { describe, expect, it } from 'vitest'
import {
  findCycle,
  importsOf,
  listedEdges,
  resolveRelative,
  sourceFiles,
  type WorkspacePackage,
  workspacePackages,
} from './source-graph.ts'

const packages = workspacePackages()
const edges = listedEdges()
const imports = new Map(packages.map(({ folder }) => [folder, sourceFiles(`${folder}/src`).flatMap(importsOf)]))

const importsOfPackage = (one: WorkspacePackage) => imports.get(one.folder) ?? []

describe('the import graph', () => {
  it('is listed in ARCHITECTURE.md, package by package, as the manifests declare it', () => {
    const declared = Object.fromEntries(packages.map(({ name, declared }) => [name, [...declared].sort()]))
    const listed = Object.fromEntries([...edges].map(([name, to]) => [name, [...to].sort()]))
    expect(listed).toEqual(declared)
  })

  it('has no cycle between packages', () => {
    expect(findCycle(edges)).toBeNull()
  })

  it('has no cycle of run-time imports between files', () => {
    const files = new Map<string, string[]>()
    for (const { file, specifier, carriesValues } of [...imports.values()].flat()) {
      const target = carriesValues ? resolveRelative({ file, specifier, carriesValues }) : null
      if (target) files.set(file, [...(files.get(file) ?? []), target])
    }
    expect(files.size).toBeGreaterThan(20)
    expect(findCycle(files)).toBeNull()
  })

  it.each(packages)('$folder imports only what it may', one => {
    const allowed = new Set(edges.get(one.name))
    const refused = importsOfPackage(one)
      .filter(({ specifier }) => specifier.startsWith('@cleanbeam/'))
      .filter(({ specifier }) => !allowed.has(specifier.split('/')[1]) || specifier.split('/').length > 3)
    expect(refused).toEqual([])
  })

  it.each(packages)('$folder reaches nothing outside its own folder by a relative path', one => {
    const outside = importsOfPackage(one).filter(edge => {
      const target = resolveRelative(edge)
      return target !== null && !target.startsWith(`${one.folder}/`)
    })
    expect(outside).toEqual([])
  })

  it('keeps Node inside node.ts and node/ of the processing wing, the protocol and the channel', () => {
    const pure = packages.filter(({ folder }) => folder.startsWith('processing/') || folder.startsWith('gui/'))
    const leaks = pure
      .flatMap(importsOfPackage)
      .filter(({ file, specifier }) => specifier.startsWith('node:') && !/\/(node\.ts$|node\/)/.test(file))
    expect(leaks).toEqual([])
  })

  it('keeps processing free of boundary and gui, and the gui free of processing beyond types and measures', () => {
    const wing = new Map(packages.map(({ name, folder }) => [name, folder.split('/')[0]]))
    const wrong: string[] = []
    for (const [from, to] of edges) {
      for (const target of to) {
        const [a, b] = [wing.get(from), wing.get(target)]
        if (a === 'processing' && b !== 'processing') wrong.push(`${from} → ${target}`)
        if (a === 'gui' && b === 'processing' && !['types', 'measures'].includes(target))
          wrong.push(`${from} → ${target}`)
      }
    }
    expect(wrong).toEqual([])
  })
})
