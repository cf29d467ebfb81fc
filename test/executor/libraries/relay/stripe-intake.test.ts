import { createHash, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { stripesOf } from '../../../../src/domain/relay/stripes.ts'
import { createStripeIntake } from '../../../../src/executor/libraries/relay/stripe-intake.ts'

const library = randomBytes(300_000)
const chunks = cut([20_000, 20_000, 1, 40_000, 64_000, 6_000, 150_000 - 1])
const runs = stripesOf(chunks).flat()
const stripe = Buffer.concat(runs.map(({ offset, sizeBytes }) => part(offset, sizeBytes)))

function cut(sizes: readonly number[]) {
  let offset = 0
  return sizes.map((sizeBytes) => {
    const bytes = part(offset, sizeBytes)
    offset += sizeBytes
    return { sizeBytes, sha256: createHash('sha256').update(bytes).digest('hex') }
  })
}

function part(offset: number, sizeBytes: number): Buffer {
  return library.subarray(offset, offset + sizeBytes)
}

function feed(bytes: Buffer, step: number) {
  const intake = createStripeIntake(runs)
  const got: (Buffer | 'wrong')[] = []
  for (let offset = 0; offset < bytes.length && got.at(-1) !== 'wrong'; offset += step)
    got.push(...intake.add(bytes.subarray(offset, offset + step)))
  return { intake, got }
}

describe('createStripeIntake', () => {
  it('yields the same runs however the bytes are cut', () => {
    for (const step of [1000, 4096, 65_536, stripe.length]) {
      const { intake, got } = feed(stripe, step)
      expect(got.map(String)).toEqual(
        runs.map(({ offset, sizeBytes }) => String(part(offset, sizeBytes))),
      )
      expect(intake.isFull()).toBe(true)
    }
  })

  it('yields neither a run with a wrong chunk nor later ones', () => {
    const wrong = Buffer.from(stripe)
    const second = runs[0]?.sizeBytes ?? 0
    wrong[second] = (wrong[second] ?? 0) ^ 1
    const { intake, got } = feed(wrong, 1000)
    expect(got).toHaveLength(2)
    expect(got[1]).toBe('wrong')
    expect(intake.isFull()).toBe(false)
  })

  it('accepts no byte beyond the stripe', () => {
    const { got } = feed(Buffer.concat([stripe, Buffer.alloc(1)]), stripe.length)
    expect(got.at(-1)).toBe('wrong')
  })
})
