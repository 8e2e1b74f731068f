import type TypeScript from 'typescript'
import type { SourceFile, Statement, TransformerFactory } from 'typescript'
import { statementsOfCell } from './cell-statements.ts'
import { CellSyntaxError } from './cell-syntax-error.ts'

type Ts = typeof TypeScript

/** A cell as the engine runs it. */
export interface TranspiledCell {
  readonly code: string
  /** JSON of its source map. */
  readonly sourceMap: string
}

/** What a notebook needs of a compiler. */
export interface CellCompiler {
  /**
   * TypeScript of a cell as JavaScript for evaluation in REPL mode: types gone, imports awaited, `using` written out. The
   * completion value is that of the last statement when it is an expression, undefined otherwise.
   * @param name - file name in stack traces
   * @throws CellSyntaxError
   */
  transpile(source: string, name: string): TranspiledCell
  /** Whether the text is a whole cell, the beginning of one, or nonsense. */
  completeness(source: string): 'complete' | 'incomplete' | 'invalid'
}

/** TypeScript's numbers of its complaints about a string, a comment and a template without end. */
const UNTERMINATED_STRING = 1002
const UNTERMINATED: ReadonlySet<number> = new Set([1010, 1160])

/** Loads TypeScript, which takes a moment and some 60 MB of memory: on the first cell, not before. */
export async function loadCellCompiler(): Promise<CellCompiler> {
  const { default: ts } = await import('typescript')
  return {
    transpile: (source, name) => transpile(ts, source, name),
    completeness: source => completeness(ts, source),
  }
}

function transpile(ts: Ts, source: string, name: string): TranspiledCell {
  const { outputText, sourceMapText, diagnostics } = ts.transpileModule(source, {
    fileName: name,
    reportDiagnostics: true,
    compilerOptions: {
      // What Node 20 runs; `using` is later and is written out.
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      sourceMap: true,
      // Cells of one notebook are one program: an import that this cell does not use may be used by the next.
      verbatimModuleSyntax: true,
    },
    transformers: { before: [rewriteStatements(ts)] },
  })
  const [first] = diagnostics ?? []
  if (first !== undefined) throw syntaxError(ts, first, name)
  const code = outputText.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '').replace(/(^|\n)export \{\};\s*$/, '')
  return { code: `${code}\n//# sourceURL=${name}`, sourceMap: sourceMapText ?? '' }
}

function rewriteStatements(ts: Ts): TransformerFactory<SourceFile> {
  return context => file => {
    const statements: Statement[] = statementsOfCell(ts, file, context)
    return context.factory.updateSourceFile(file, statements)
  }
}

function syntaxError(ts: Ts, diagnostic: TypeScript.Diagnostic, name: string): CellSyntaxError {
  const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n')
  const { file, start = 0 } = diagnostic
  if (file === undefined) return new CellSyntaxError(message, name, 1, 1, '')
  const { line, character } = file.getLineAndCharacterOfPosition(start)
  const text = file.text.split(/\r?\n/)[line] ?? ''
  return new CellSyntaxError(message, name, line + 1, character + 1, text)
}

function completeness(ts: Ts, source: string): 'complete' | 'incomplete' | 'invalid' {
  const { diagnostics = [] } = ts.transpileModule(source, {
    reportDiagnostics: true,
    compilerOptions: { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext },
  })
  if (diagnostics.length === 0) return 'complete'
  const end = source.trimEnd().length
  const ranOut = diagnostics.every(
    ({ start = 0, code }) => (start >= end && code !== UNTERMINATED_STRING) || UNTERMINATED.has(code),
  )
  return ranOut ? 'incomplete' : 'invalid'
}
