/** Text that is no TypeScript; the stack shows where, as a cell's other errors do. */
export class CellSyntaxError extends SyntaxError {
  /**
   * @param line - from 1
   * @param column - from 1
   * @param text - the line
   */
  constructor(message: string, name: string, line: number, column: number, text: string) {
    super(message)
    this.name = 'SyntaxError'
    this.stack = `SyntaxError: ${message}\n    at ${name}:${line}:${column}\n\n${text}\n${' '.repeat(column - 1)}^`
  }
}
