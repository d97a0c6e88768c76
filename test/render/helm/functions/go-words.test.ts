import { describe, expect, it } from 'vitest';
import { evaluate } from '../gotemplate/evaluate.ts';

/** What `template` gives in a chart: its output, or the last line of its error. */
function answer(template: string, files: Readonly<Record<string, string>> = {}): string {
  const got = evaluate({ mode: 'helm', template, files });
  return 'output' in got
    ? got.output
    : (got.error.split('\n').at(-1) ?? '').replace(/^.*error calling/, 'error calling');
}

describe('a text that YAML does not allow', () => {
  it.each([
    ['a byte that begins no character', 'b64dec "YTog/w=="', 'invalid leading UTF-8 octet'],
    ['a byte that continues none', 'b64dec "YTog4oAx"', 'invalid trailing UTF-8 octet'],
    ['a character that is cut off', 'b64dec "YTog4oA="', 'incomplete UTF-8 octet sequence'],
    ['a character that is too long', 'b64dec "YTogwK8="', 'invalid length of a UTF-8 sequence'],
    ['half of a character', 'b64dec "YTog7aCA"', 'invalid Unicode character'],
    ['a control character', '"a: b\\nc: \\x07"', 'control characters are not allowed'],
    ['a control character before a byte', 'b64dec "YTogeAciIP8="', 'control characters are not allowed'],
    ['an escape without digits', '"\\"\\\\x\\""', 'did not find expected hexdecimal number'],
  ])('%s is told as Go tells it', (_what, text, message) => {
    expect(answer(`{{ get (fromYaml (${text})) "Error" }}`)).toBe(`error converting YAML to JSON: yaml: ${message}`);
  });
});

describe('values that Go cannot write or read', () => {
  it.each([
    ['.inf', '+Inf'],
    ['-.Inf', '-Inf'],
    ['.NaN', 'NaN'],
  ])('%s of YAML has no place in JSON', (text, shown) => {
    const error = `error converting YAML to JSON: json: unsupported value: ${shown}`;
    expect(answer(`{{ get (fromYaml "a: [${text}]") "Error" }}`)).toBe(error);
  });

  it('a key with NEL makes toYaml give nothing, as a line break in a key', () => {
    expect(answer('[{{ dict "a\u0085" 1 | toYaml }}][{{ dict "a" "\u0085" | toYaml }}]')).toBe("[][a: ' ']");
  });

  it('a number beyond a float64 is null beside the error', () => {
    expect(answer('{{ fromJson `{"a": 1E400, "b": 2}` | toJson }}')).toBe(
      '{"Error":"json: cannot unmarshal number 1E400 into Go value of type float64","a":null,"b":2}',
    );
    expect(answer('{{ fromJsonArray `{"a": 1E400}` }}')).toBe(
      '[json: cannot unmarshal object into Go value of type []interface {}]',
    );
  });

  it('a repetition that no memory holds is refused before it is counted', () => {
    const tooLong = 'error calling repeat: runtime error: makeslice: len out of range';
    expect(answer('{{ repeat 9223372036854775807 "a" }}')).toBe(tooLong);
    expect(answer('{{ repeat 9223372036854775807 "aa" }}')).toBe(
      'error calling repeat: strings: Repeat output length overflow',
    );
    expect(answer('{{ seq 0 -9223372036854775808 }}')).toBe('');
    expect(answer('{{ substr 9223372036854775807 3 "abcd" }}')).toBe(
      'error calling substr: runtime error: slice bounds out of range [9223372036854775807:3]',
    );
  });
});

describe('a pointer', () => {
  it('is looked through by html, js, urlquery, index and range, not by print', () => {
    expect(answer('{{ urlquery .Capabilities | trunc 12 }} {{ print .Capabilities | trunc 3 }}')).toBe(
      '%7B%7Bv1.30. &{{',
    );
    expect(answer('{{ index (semver "1.0.0") 1 }}')).toBe(
      "error calling index: can't index item of type semver.Version",
    );
    expect(answer('{{ range .Capabilities }}{{ end }}')).toMatch(/^ *range can't iterate over \{\{v1/);
  });
});

describe('a time', () => {
  const time = '(toDate "2006-01-02T15:04Z07:00" "2024-02-29T23:59+02:00")';

  it('prints as the call that makes it', () => {
    expect(answer('{{ printf "%#v" (toDate "2006" "2020") }}')).toBe(
      'time.Date(2020, time.January, 1, 0, 0, 0, 0, time.UTC)',
    );
    expect(answer(`{{ ${time}.GoString }}`)).toBe(
      'time.Date(2024, time.February, 29, 23, 59, 0, 0, time.Location(""))',
    );
  });

  it('equals another of the same moment and zone', () => {
    expect(answer(`{{ eq ${time} ${time} }} {{ eq ${time} ${time}.UTC }}`)).toBe('true false');
  });

  it('has methods that no template can call', () => {
    expect(answer(`{{ ${time}.Clock }}`)).toBe('    function Clock has 3 return values; should be 1 or 2');
    expect(answer(`{{ ${time}.Zone }}`)).toBe(
      '    invalid function signature for Zone: second return value should be error; is int',
    );
  });

  it.each([
    ['Europe/Jersey', 'BST'],
    ['America/Havana', 'CDT'],
    ['Pacific/Guam', 'ChST'],
    ['Asia/Dubai', '+04'],
    ['Australia/Lord_Howe', '+1030'],
    ['America/Miquelon', '-02'],
  ])('in %s is called %s in summer', (zone, abbreviation) => {
    expect(answer(`{{ dateInZone "MST" (toDate "2006-01-02" "2024-07-15") "${zone}" }}`)).toBe(abbreviation);
  });
});

describe('patterns', () => {
  it('may give one name to several groups', () => {
    expect(answer('{{ regexReplaceAll "(?P<x>a)(?P<x>b)" "ab" "${x}-${2}" }}')).toBe('a-b');
  });

  it('of files may leave braces open', () => {
    const files = { 'f/a.txt': '', 'f/b.txt': '' };
    expect(answer('{{ range $path, $_ := .Files.Glob "f/{a.txt,c" }}{{ $path }}{{ end }}', files)).toBe('f/a.txt');
  });
});

it('a map that is merged into a map that holds it is read once', () => {
  const template = '{{ $m := dict "c" (dict "n" 1) }}{{ merge (dict "c" $m) $m | toJson }}';
  expect(answer(template)).toBe('{"c":{"c":{"n":1},"n":1}}');
});

it('blanks of all alphabets are cut from the end of an error', () => {
  expect(answer('{{ range "\u2028" }}{{ end }}')).toBe("    range can't iterate over");
});
