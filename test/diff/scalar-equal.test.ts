import { describe, expect, it } from 'vitest';
import { compareScalar } from '../../src/diff/scalar-equal.ts';

describe('compareScalar', () => {
  it.each([
    ['500m', '0.5'],
    ['1Gi', '1024Mi'],
    ['1000', '1k'],
    ['1e3', '1k'],
    ['0.1', '100m'],
    [1, '1'],
    ['1.50', '1500m'],
    ['-5', '-5.0'],
  ])('quantity %s is %s', (left, right) => {
    expect(compareScalar(left, right, 'quantity')).toBe('equal');
  });

  it.each([
    ['500m', '501m'],
    ['1Gi', '1G'],
    ['1', '2'],
  ])('quantity %s is not %s', (left, right) => {
    expect(compareScalar(left, right, 'quantity')).toBe('different');
  });

  it('leaves what is no quantity to the server', () => {
    expect(compareScalar('a lot', '1', 'quantity')).toBe('undecided');
  });

  it('compares times as instants', () => {
    expect(compareScalar('2024-01-01T00:00:00+00:00', '2024-01-01T00:00:00Z', 'time')).toBe('equal');
    expect(compareScalar('2024-01-01T00:00:00Z', '2024-01-02T00:00:00Z', 'time')).toBe('different');
  });

  it('compares base64 as bytes', () => {
    expect(compareScalar('YQ==', 'YQ', 'bytes')).toBe('equal');
    expect(compareScalar('YQ==', 'Yg==', 'bytes')).toBe('different');
  });

  it('is not fooled by a number for a text', () => {
    expect(compareScalar(80, '80', 'intOrString')).toBe('undecided');
    expect(compareScalar('a', 'b', 'string')).toBe('different');
  });
});
