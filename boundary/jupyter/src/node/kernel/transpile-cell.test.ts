import { describe, expect, it } from 'vitest'
import { CellSyntaxError } from './cell-syntax-error.ts'
import { loadCellCompiler } from './transpile-cell.ts'

const compiler = await loadCellCompiler()
const code = (source: string) => compiler.transpile(source, 'cell-1.ts').code

describe('a cell', () => {
  it('loses its types', () => {
    const source =
      'interface A { b: number }\nconst a = <A>{ b: 1 } satisfies A\nclass P { constructor(private x: A) {} }'
    expect(code(source)).not.toMatch(/interface|satisfies|private|number/)
    expect(code('const a: number = 1')).toMatch('const a = 1;')
  })

  it('is named in stack traces and keeps its positions', () => {
    const { code, sourceMap } = compiler.transpile('\n\nconst a: number = 1', 'cell-7.ts')
    expect(code).toMatch(/\/\/# sourceURL=cell-7\.ts$/)
    expect(JSON.parse(sourceMap)).toMatchObject({ sources: ['cell-7.ts'] })
  })

  it('imports by calls that are awaited, used here or in the next cell', () => {
    const loads = (name: string) => `await __cleanbeamCell.import('${name}');`
    expect(code("import { gclean, image as open, type X } from 'cleanbeam'")).toMatch(
      `const { "gclean": gclean, "image": open } = ${loads('cleanbeam')}`,
    )
    expect(code("import fs, * as all from 'fs'")).toMatch(`const all = ${loads('fs')}\nconst { "default": fs } = all;`)
    expect(code("import a, { b } from './c.js'")).toMatch(`const { "default": a, "b": b } = ${loads('./c.js')}`)
    expect(code("import './side.js'")).toMatch(`void ${loads('./side.js')}`)
    expect(code("import type { A } from 'a'\nimport { type B } from 'b'")).toMatch(/^const \{\} = await/)
    expect(code("import d from './d.json' with { type: 'json' }")).toMatch("('./d.json', { with: { type: 'json' } })")
    expect(code("const m = await import('x')\nimport.meta.url")).toMatch(
      "const m = await __cleanbeamCell.import('x');\n__cleanbeamCell.meta.url;",
    )
    expect(code("import { a } from 'a'")).not.toMatch('export')
  })

  it('may say export', () => {
    expect(code('export const a = 1\nexport default a')).toMatch(/^const a = 1;\na;\n/)
    expect(code('export async function f() {}\nexport class A {}\nexport enum E { F }')).not.toMatch('export')
    expect(code('export { a }')).not.toMatch('export')
  })

  it('writes `using` out for Node 20', () => {
    const text = code('await using a = open()\nconst b = 1\nb')
    expect(text).not.toMatch(/await using|^using/m)
    expect(text).toMatch('a = __addDisposableResource(env_1, open(), true);')
  })

  it('is worth its last statement if that is an expression, else nothing', () => {
    expect(code('1; 2')).toMatch(/2;\n\/\/#/)
    expect(code('for (const i of [1]) i')).toMatch(/void 0;\n\/\/#/)
    expect(code('')).toMatch(/void 0;\n\/\/#/)
    expect(code('// only words')).toMatch(/void 0;/)
  })

  it('with a mistake is refused, with the place', () => {
    const refused = () => code('let a = 1\nlet b = = 2')
    expect(refused).toThrow(CellSyntaxError)
    expect(refused).toThrow('Expression expected.')
    const error = (() => {
      try {
        return refused()
      } catch (caught) {
        return caught as CellSyntaxError
      }
    })() as CellSyntaxError
    expect(error.stack).toBe('SyntaxError: Expression expected.\n    at cell-1.ts:2:9\n\nlet b = = 2\n        ^')
  })
})

describe('text while it is typed', () => {
  it.each([
    [
      'complete',
      ['1+1', '', 'await f()', 'if (x) {\n a()\n}', 'let a: string = 5', 'using a = b', 'for await (const r of c) {}'],
    ],
    ['incomplete', ['f(', 'for (;;) {', '`abc', 'const a =', '/* x', 'x.', 'function f() {\n', '[1,2', 'import {']],
    ['invalid', ['f(]', '"abc', 'a b', '{ } }', "'abc\n'", 'const = 1', 'let a = 1 let b']],
  ] as const)('is %s', (verdict, texts) => {
    expect(texts.map(text => [text, compiler.completeness(text)])).toEqual(texts.map(text => [text, verdict]))
  })
})
