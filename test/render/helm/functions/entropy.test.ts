import { describe, expect, it } from 'vitest';
import { derivedEntropy, randomEntropy } from '../../../../src/render/helm/functions/entropy.ts';
import { render } from './render.ts';

const NOW = new Date('2024-05-06T07:08:09.123Z');

function derived(
  options: { readonly seed?: string; readonly application?: string; readonly kept?: Map<string, string> } = {},
) {
  const { seed = 'secret', application = 'team-a/shop', kept } = options;
  const keeping = kept === undefined ? {} : { kept, onMade: (key: string, value: string) => kept.set(key, value) };
  return derivedEntropy({ seed, application, now: NOW, ...keeping });
}

const DICE =
  '{{ randAlphaNum 20 }} {{ randAlpha 9 }} {{ randNumeric 9 }} {{ randAscii 9 }} {{ uuidv4 }} {{ randInt 0 1000000 }} {{ randBytes 12 }} {{ shuffle "abcdefghijkl" }} {{ encryptAES "p" "text" }}';

describe('derived values', () => {
  it('are the same for the same input', () => {
    expect(render(DICE, derived())).toBe(render(DICE, derived()));
  });

  it('change with the seed, the application, the place and the arguments', () => {
    const texts = [
      render('{{ randAlphaNum 30 }}', derived()),
      render('{{ randAlphaNum 30 }}', derived({ seed: 'other' })),
      render('{{ randAlphaNum 30 }}', derived({ application: 'team-a/other' })),
      render(' {{ randAlphaNum 30 }}', derived()).trim(),
      render('{{ randAlphaNum 31 }}', derived()).slice(0, 30),
      render('{{ randAlpha 30 }}', derived()),
    ];
    expect(new Set(texts).size).toBe(texts.length);
  });

  it('differ within one render, also at one place', () => {
    const parts = render('{{ range until 50 }}{{ randAlphaNum 12 }} {{ end }}', derived()).trim().split(' ');
    expect(new Set(parts).size).toBe(50);
  });

  it('do not depend on what comes before in other places', () => {
    const [, alone] = render('{{ 1 }}\n{{ randNumeric 20 }}', derived()).split('\n');
    const [, after] = render('{{ randAlpha 5 }}{{ uuidv4 }}\n{{ randNumeric 20 }}', derived()).split('\n');
    expect(after).toBe(alone);
  });

  it('keep an application name apart from what follows it', () => {
    const one = derivedEntropy({ seed: 's', application: 'ab', now: NOW }).randomBytes('c', 32);
    const other = derivedEntropy({ seed: 's', application: 'a', now: NOW }).randomBytes('bc', 32);
    expect(Buffer.from(one).equals(other)).toBe(false);
  });

  it('have the form that was asked for', () => {
    const [alphanumeric, letters, digits] = render(
      '{{ randAlphaNum 500 }} {{ randAlpha 500 }} {{ randNumeric 500 }}',
      derived(),
    ).split(' ');
    expect(alphanumeric).toMatch(/^[A-Za-z0-9]{500}$/);
    expect(letters).toMatch(/^[A-Za-z]{500}$/);
    expect(digits).toMatch(/^[0-9]{500}$/);
    expect(new Set(digits).size).toBe(10);
    expect(render('{{ randAscii 2000 }}', derived())).toMatch(/^[ -~]{2000}$/);
    expect(render('{{ uuidv4 }}', derived())).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(render('{{ randBytes 12 | b64dec | len }} {{ randInt 5 6 }}', derived())).toBe('12 5');
    expect(render('{{ shuffle "aéz" | splitList "" | sortAlpha | join "" }}', derived())).toBe('azé');
    expect(render('{{ encryptAES "p" "text" | decryptAES "p" }}', derived())).toBe('text');
  });

  it('take the clock of the commit', () => {
    expect(render('{{ now | date "2006-01-02T15:04:05.000" }} {{ now | unixEpoch }} {{ ago now }}', derived())).toBe(
      '2024-05-06T07:08:09.123 1714979289 0s',
    );
  });
});

describe('random values', () => {
  it('are another each time', () => {
    const entropy = randomEntropy(() => NOW);
    expect(render('{{ randAlphaNum 20 }}', entropy)).not.toBe(render('{{ randAlphaNum 20 }}', entropy));
  });
});

describe('keys that are kept', () => {
  it('come back for the same place and arguments, and are made anew for others', () => {
    const kept = new Map<string, string>();
    const template =
      '{{ genPrivateKey "ecdsa" }}|{{ genPrivateKey "ecdsa" }}|{{ range until 2 }}{{ genPrivateKey "ed25519" }}|{{ end }}';
    const first = render(template, derived({ kept }));
    expect(kept.size).toBe(4);
    expect(render(template, derived({ kept }))).toBe(first);
    expect(new Set(first.split('|').slice(0, 4)).size).toBe(4);
    expect(render('{{ genPrivateKey "ed25519" }}', derived({ kept }))).not.toBe(first.split('|')[2]);
    expect(kept.size).toBe(5);
  });

  it.each([
    [200, true],
    [260, false],
  ])('are certificates of 365 days that are the same after %d days: %s', (days, same) => {
    const kept = new Map<string, string>();
    const at = (day: number) =>
      derivedEntropy({
        seed: 's',
        application: 'a',
        now: NOW,
        issueTime: new Date(NOW.getTime() + day * 86_400_000),
        kept,
        onMade: (key, value) => kept.set(key, value),
      });
    const template = '{{ (genCA "ca" 365).Cert }}';
    const first = render(template, at(0));
    expect(render(template, at(days)) === first).toBe(same);
  });

  it('say when the first of them is to be renewed', () => {
    const renewals: Date[] = [];
    const entropy = derivedEntropy({ seed: 's', application: 'a', now: NOW, onRenewal: (at) => renewals.push(at) });
    render('{{ $ca := genCA "ca" 30 }}{{ genPrivateKey "ed25519" }}', entropy);
    expect(renewals).toEqual([new Date(NOW.getTime() + 20 * 86_400_000)]);
  });
});
