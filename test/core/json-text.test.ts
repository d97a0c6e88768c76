import { describe, expect, it } from 'vitest';

import { readJson, writeJson } from '../../src/core/json-text.ts';

describe('JSON of requests and answers', () => {
  it('keeps integers beyond 2^53 digit by digit, and nothing else', () => {
    const text =
      '{"a":9007199254740993,"b":-9223372036854775808,"c":9007199254740991,"d":[12345678901234567890,1],"e":1234567890123456.5,"f":"x:9007199254740993,","g":1e30}';
    expect(readJson(text)).toEqual({
      a: 9007199254740993n,
      b: -9223372036854775808n,
      c: 9007199254740991,
      d: [12345678901234567890n, 1],
      e: 1234567890123456.5,
      f: 'x:9007199254740993,',
      g: 1e30,
    });
    expect(writeJson({ a: 9007199254740993n, f: 'x' })).toBe('{"a":9007199254740993,"f":"x"}');
  });

  it('takes __proto__ for data', () => {
    const value = readJson('{"__proto__":{"polluted":true},"n":9007199254740993}') as object;
    expect(Object.hasOwn(value, '__proto__')).toBe(true);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('is not confused by quotes and escapes around numbers', () => {
    const text = '{"a\\"":[9007199254740993],"\\\\":"\\",:9007199254740993}","z":9007199254740995}';
    expect(readJson(text)).toEqual({ 'a"': [9007199254740993n], '\\': '",:9007199254740993}', z: 9007199254740995n });
  });
});
