import { expect, it } from 'vitest'
import { AipsioReader } from './aipsio-reader.ts'
import { AipsioWriter } from './aipsio-writer.ts'
import { readRecord } from './read-record.ts'
import { TableRecord } from './table-record.ts'
import { writeRecord } from './write-objects.ts'

function everyType(): TableRecord {
  return new TableRecord()
    .set('b', 'bool', true)
    .set('i8', 'int8', -3)
    .set('u8', 'uint8', 200)
    .set('i16', 'int16', -30000)
    .set('u16', 'uint16', 60000)
    .set('i32', 'int32', -2000000000)
    .set('u32', 'uint32', 4000000000)
    .set('i64', 'int64', 2 ** 40)
    .set('big', 'int64', 2n ** 62n + 1n)
    .set('f', 'float32', 0.5)
    .set('d', 'float64', Math.PI, 'a comment')
    .set('c', 'complex64', { re: 1, im: -2 })
    .set('z', 'complex128', { re: Math.E, im: 0.1 })
    .set('s', 'string', 'Grüße ✓')
    .set('t', 'table', { tablePath: '././SUB' })
    .set('r', 'record', new TableRecord().set('inner', 'record', new TableRecord().set('x', 'int32', 1)))
    .set('e', 'record', new TableRecord())
    .setVector('vb', 'bool', [1, 0, 1, 1, 0, 0, 1, 0, 1])
    .setArray('vd', 'float64', [2, 3], [1, 2, 3, 4, 5, 6])
    .setVector('vs', 'string', ['a', '', 'ccc'])
    .set('vc', 'complex64', { shape: [2], data: Float32Array.of(1, 2, 3, 4) })
    .set('none', 'float32', { shape: [0], data: new Float32Array(0) })
}

it.each([true, false])('a record of every type is read back as it was, little-endian %s', littleEndian => {
  const writer = new AipsioWriter(littleEndian)
  writeRecord(writer, everyType())
  const back = readRecord(new AipsioReader(writer.bytes(), 'memory', littleEndian))
  expect(back.entries()).toEqual(everyType().entries())
  expect(back.toPlain()).toMatchObject({
    vd: [
      [1, 2],
      [3, 4],
      [5, 6],
    ],
    vb: [true, false, true, true, false, false, true, false, true],
  })
})

it('a record cut short anywhere is refused by a message with the place', () => {
  const writer = new AipsioWriter()
  writeRecord(writer, everyType())
  const bytes = writer.bytes()
  for (let length = 0; length < bytes.length; length++)
    expect(() => readRecord(new AipsioReader(bytes.subarray(0, length), 'memory'))).toThrow(
      /expected .*\(memory, byte \d+\)/,
    )
})

it('a record refuses questions it cannot answer', () => {
  expect(() => everyType().number('s')).toThrow(/expected a number in field s, got a value of type string/)
  expect(() => everyType().record('absent')).toThrow(/expected a record in field absent, got only b, i8/)
  expect(everyType().numbers('vd')).toEqual([1, 2, 3, 4, 5, 6])
  expect(everyType().strings('vs')).toEqual(['a', '', 'ccc'])
})
