import type TypeScript from 'typescript'
import type {
  CallExpression,
  Expression,
  ImportDeclaration,
  Node,
  NodeFactory,
  SourceFile,
  Statement,
  TransformationContext,
} from 'typescript'
import { CELL_SUPPORT } from './cell-support.ts'

type Ts = typeof TypeScript

/**
 * A cell's statements as a script can have them: imports become awaited calls, exports lose the word, and unless the last
 * statement is an expression the cell is worth nothing.
 */
export function statementsOfCell(ts: Ts, file: SourceFile, context: TransformationContext): Statement[] {
  const { factory } = context
  const visit = (node: Node): Node => {
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const call = ts.visitEachChild(node, visit, context)
      return supportCall(factory, 'import', call.arguments)
    }
    if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword) {
      return support(factory, 'meta')
    }
    return ts.visitEachChild(node, visit, context)
  }
  const statements = file.statements.flatMap(statement => {
    if (ts.isImportDeclaration(statement)) return importAsConst(ts, factory, statement)
    if (ts.isExportDeclaration(statement)) return []
    if (ts.isExportAssignment(statement)) {
      return factory.createExpressionStatement(ts.visitNode(statement.expression, visit) as Expression)
    }
    return ts.visitNode(withoutExport(ts, factory, statement), visit) as Statement
  })
  const last = file.statements.at(-1)
  const hasValue = last !== undefined && (ts.isExpressionStatement(last) || ts.isExportAssignment(last))
  return hasValue ? statements : [...statements, factory.createExpressionStatement(factory.createVoidZero())]
}

const support = (factory: NodeFactory, name: string): Expression =>
  factory.createPropertyAccessExpression(factory.createIdentifier(CELL_SUPPORT), name)

const supportCall = (factory: NodeFactory, name: string, args: readonly Expression[]): CallExpression =>
  factory.createCallExpression(support(factory, name), undefined, args)

/** `import a, { b as c } from 'd'` as `const { default: a, b: c } = await support.import('d')`. */
function importAsConst(ts: Ts, factory: NodeFactory, { importClause, moduleSpecifier, attributes }: ImportDeclaration) {
  if (importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword) return []
  const loaded = factory.createAwaitExpression(
    supportCall(factory, 'import', [moduleSpecifier, ...attributesArgument(factory, attributes)]),
  )
  if (importClause === undefined) return [factory.createExpressionStatement(factory.createVoidExpression(loaded))]
  const { name, namedBindings } = importClause
  const declare = (binding: TypeScript.BindingName, value: Expression) =>
    factory.createVariableStatement(
      undefined,
      factory.createVariableDeclarationList(
        [factory.createVariableDeclaration(binding, undefined, undefined, value)],
        ts.NodeFlags.Const,
      ),
    )
  const element = (from: string, to: TypeScript.Identifier) =>
    factory.createBindingElement(undefined, factory.createStringLiteral(from), to)
  const defaults = name === undefined ? [] : [element('default', name)]
  if (namedBindings !== undefined && ts.isNamespaceImport(namedBindings)) {
    const whole = declare(namedBindings.name, loaded)
    return defaults.length === 0
      ? [whole]
      : [whole, declare(factory.createObjectBindingPattern(defaults), namedBindings.name)]
  }
  const named = (namedBindings?.elements ?? []).filter(specifier => !specifier.isTypeOnly)
  const elements = named.map(({ propertyName, name: local }) => element((propertyName ?? local).text, local))
  return [declare(factory.createObjectBindingPattern([...defaults, ...elements]), loaded)]
}

function attributesArgument(factory: NodeFactory, attributes: TypeScript.ImportAttributes | undefined): Expression[] {
  if (attributes === undefined) return []
  const entries = attributes.elements.map(({ name, value }) => factory.createPropertyAssignment(name, value))
  const object = factory.createObjectLiteralExpression(entries)
  return [factory.createObjectLiteralExpression([factory.createPropertyAssignment('with', object)])]
}

function withoutExport(ts: Ts, factory: NodeFactory, statement: Statement): Statement {
  const keep = (node: { modifiers?: readonly TypeScript.ModifierLike[] }) =>
    node.modifiers?.filter(({ kind }) => kind !== ts.SyntaxKind.ExportKeyword && kind !== ts.SyntaxKind.DefaultKeyword)
  if (ts.isVariableStatement(statement)) {
    return factory.updateVariableStatement(
      statement,
      keep(statement) as TypeScript.Modifier[] | undefined,
      statement.declarationList,
    )
  }
  if (ts.isFunctionDeclaration(statement)) {
    const { asteriskToken, name, typeParameters, parameters, type, body } = statement
    return factory.updateFunctionDeclaration(
      statement,
      keep(statement),
      asteriskToken,
      name,
      typeParameters,
      parameters,
      type,
      body,
    )
  }
  if (ts.isClassDeclaration(statement)) {
    const { name, typeParameters, heritageClauses, members } = statement
    return factory.updateClassDeclaration(statement, keep(statement), name, typeParameters, heritageClauses, members)
  }
  if (ts.isEnumDeclaration(statement)) {
    return factory.updateEnumDeclaration(
      statement,
      keep(statement) as TypeScript.Modifier[] | undefined,
      statement.name,
      statement.members,
    )
  }
  return statement
}
