import { regionSchema } from '@cleanbeam/protocol'
import { describe, expect, it } from 'vitest'
import { regionMessage } from './region-message.ts'

describe('regions on the wire', () => {
  it('are what the protocol says', () => {
    const points = [
      { x: 1.00049, y: 2 },
      { x: 30, y: 2 },
      { x: 30, y: 40 },
    ]
    const messages = [
      regionMessage({ shape: 'box', corners: [points[0], points[2]] }),
      regionMessage({ shape: 'ellipse', centre: points[0], semiAxes: [3, 4], angleRad: 0.5 }),
      regionMessage({ shape: 'polygon', points }),
      regionMessage({ shape: 'stroke', points, radius: 2.5 }),
    ]
    for (const message of messages) expect(regionSchema.safeParse(message).success, JSON.stringify(message)).toBe(true)
    expect(messages[0]).toEqual({
      shape: 'box',
      corners: [
        [1, 2],
        [30, 40],
      ],
    })
  })

  it('of a brush are discs and the strips between them', () => {
    const message = regionMessage({
      shape: 'stroke',
      points: [
        { x: 0, y: 0 },
        { x: 10, y: 0 },
      ],
      radius: 2,
    })
    expect(message).toEqual({
      shape: 'crtf',
      text: '#CRTFv0\ncircle[[0pix, 0pix], 2pix]\ncircle[[10pix, 0pix], 2pix]\npoly[[0pix, 2pix], [10pix, 2pix], [10pix, -2pix], [0pix, -2pix]]\n',
    })
  })
})
