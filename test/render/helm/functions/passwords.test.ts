import { describe, expect, it } from 'vitest';
import { bcryptHash } from '../../../../src/render/helm/functions/bcrypt.ts';
import { randomEntropy } from '../../../../src/render/helm/functions/entropy.ts';
import { render } from './render.ts';

const ALPHABET = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** The 16 bytes of a bcrypt salt. */
function saltOf(text: string): Uint8Array {
  const bits = Array.from(text)
    .map((char) => ALPHABET.indexOf(char).toString(2).padStart(6, '0'))
    .join('');
  return Uint8Array.from({ length: 16 }, (_unused, i) => Number.parseInt(bits.slice(i * 8, i * 8 + 8), 2));
}

function hash(password: string, setting: string): string {
  return bcryptHash(Buffer.from(password), saltOf(setting.slice(7, 29)), Number(setting.slice(4, 6)));
}

describe('bcrypt', () => {
  it.each([
    ['allmine', '$2a$10$XajjQvNhvvRt5GSeFk1xFeyqRrsxkhBkUiQeg0dt.wU1qD4aFDcga'],
    ['', '$2a$06$DCq7YPn5Rq63x1Lad4cll.TV4S6ytwfsfvkY8jIucDrjc8deX1s.'],
    ['U*U', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
  ])('of %j is the one that is known', (password, wanted) => {
    const made = hash(password, wanted);
    expect(made.slice(0, 29)).toBe(wanted.slice(0, 29));
    if (wanted.length === 60) expect(made).toBe(wanted);
  });

  it('is made with a salt of its own', () => {
    const entropy = randomEntropy(() => new Date(0));
    const [one = '', other = ''] = render('{{ bcrypt "x" }} {{ bcrypt "x" }}', entropy).split(' ');
    expect(one).not.toBe(other);
    expect(hash('x', one)).toBe(one);
    expect(render('{{ htpasswd "u" "p" }}', entropy)).toMatch(/^u:\$2a\$10\$.{53}$/);
    expect(render('{{ htpasswd "u:v" "p" }}', entropy)).toBe('invalid username: u:v');
    expect(render('{{ bcrypt (repeat 73 "x") }}', entropy)).toBe(
      'failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes',
    );
  });
});

describe('derivePassword', () => {
  it.each([
    ['long', 'ZedaFaxcZaso9*'],
    ['maximum', 'pf4zS1LjCg&LjhsZ7T2~'],
    ['medium', 'ZedJuz8$'],
    ['basic', 'pIS54PLs'],
    ['short', 'Zed5'],
    ['pin', '6685'],
  ])('%s', (kind, wanted) => {
    expect(
      render(
        `{{ derivePassword 1 "${kind}" "password" "user" "example.com" }}`,
        randomEntropy(() => new Date(0)),
      ),
    ).toBe(wanted);
  });
});
